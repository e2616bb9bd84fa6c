import { createLog, type Log, type LogLevel } from "../../src/ops/log"

/** A log that keeps its lines, as text and read. */
export function keepLog(level: LogLevel): {
  readonly log: Log
  text(): string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of a line.
  lines(): any[]
} {
  const written: string[] = []
  const log = createLog(level, { write: (line) => written.push(line) })
  return {
    log,
    text: () => written.join(""),
    lines: () => written.map((line) => JSON.parse(line)),
  }
}
