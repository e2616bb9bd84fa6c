import type { DestinationStream, Logger } from "pino"
import { ChatError } from "../protocol/errors"

/** How grave a line is; a log tells those that are at least as grave as its level. */
const GRAVITY = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Number.POSITIVE_INFINITY,
} as const
export type LogLevel = keyof typeof GRAVITY

type Severity = "debug" | "info" | "warn" | "error"

type Line = (...line: [text: string] | [fields: object, text: string]) => void

/** Where the server says what it does, a JSON object a line. */
export interface Log extends Readonly<Record<Severity, Line>> {
  isLevelEnabled(severity: Severity): boolean
}

/**
 * JSON lines on standard output. Secrets, tokens and message bodies are never passed to it;
 * `redact` is the second lock. What writes them is loaded with the first line: it takes as long
 * as a fifth of the whole start (bench/ `start`), and the server can answer before.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  let opened: Logger | undefined
  const isLevelEnabled = (severity: Severity) => GRAVITY[severity] >= GRAVITY[level]

  const lineOf =
    (severity: Severity): Line =>
    (first, text?: string) => {
      if (!isLevelEnabled(severity)) return
      opened ??= openLogger(level, destination)
      if (typeof first === "string") opened[severity](first)
      else opened[severity](first, text)
    }

  return {
    isLevelEnabled,
    debug: lineOf("debug"),
    info: lineOf("info"),
    warn: lineOf("warn"),
    error: lineOf("error"),
  }
}

/**
 * Written synchronously, without transports: those are worker threads that a compiled binary
 * cannot start, and a crash would lose their last lines.
 */
function openLogger(level: LogLevel, destination?: DestinationStream): Logger {
  // Not imported above, which would load it at start; it is what its types say.
  const { default: pino } = require("pino") as typeof import("pino")
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["*.password", "*.token", "*.access_token", "*.refresh_token", "*.content"],
    },
    destination ?? openOutput(pino),
  )
}

/** What waits for a full disk to take it; lines beyond it are dropped. */
const WAITING_BYTES_MAX = 1024 * 1024

/**
 * Standard output. Where nothing can be written to it the server goes on: the log often lies on
 * the disk that is full, and without this its first line there would be the server's last.
 */
function openOutput(pino: typeof import("pino").default) {
  const output = pino.destination({ dest: 1, sync: true, maxLength: WAITING_BYTES_MAX })
  output.on("error", () => undefined)
  return output
}

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
