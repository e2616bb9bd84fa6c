import pino, { type DestinationStream } from "pino"
import { ChatError } from "../protocol/errors"

/**
 * JSON lines on standard output. Written synchronously, without transports: those are worker
 * threads that a compiled binary cannot start, and a crash would lose their last lines.
 * Secrets, tokens and message bodies are never passed to it; `redact` is the second lock.
 */
export function createLog(level: string, destination: DestinationStream = openOutput()) {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["*.password", "*.token", "*.access_token", "*.refresh_token", "*.content"],
    },
    destination,
  )
}

/** What waits for a full disk to take it; lines beyond it are dropped. */
const WAITING_BYTES_MAX = 1024 * 1024

/**
 * Standard output. Where nothing can be written to it the server goes on: the log often lies on
 * the disk that is full, and without this its first line there would be the server's last.
 */
function openOutput() {
  const output = pino.destination({ dest: 1, sync: true, maxLength: WAITING_BYTES_MAX })
  output.on("error", () => undefined)
  return output
}

export type Log = ReturnType<typeof createLog>

/** Runs what nobody waits for. A failure is logged, and hurts nobody. */
export function createBackground(log: Log) {
  return function runInBackground(task: Promise<unknown>, name: string): void {
    task.catch((error: unknown) => {
      // The database's trouble is told once, not once for everybody whom it meets.
      if (error instanceof ChatError && error.code === "overloaded") return
      log.error({ err: error, task: name }, "a background task failed")
    })
  }
}
