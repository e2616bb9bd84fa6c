import pino, { type DestinationStream } from "pino"

/**
 * JSON lines on standard output. Written synchronously, without transports: those are worker
 * threads that a compiled binary cannot start, and a crash would lose their last lines.
 * Secrets, tokens and message bodies are never passed to it; `redact` is the second lock.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination(1)) {
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

export type Log = ReturnType<typeof createLog>

/** Runs what nobody waits for. A failure is logged, and hurts nobody. */
export function createBackground(log: Log) {
  return function runInBackground(task: Promise<unknown>, name: string): void {
    task.catch((error: unknown) => {
      log.error({ err: error, task: name }, "a background task failed")
    })
  }
}
