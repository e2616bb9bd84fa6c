import type { Log } from "./log"

/** A log that is full of one trouble hides every other, and fills the disk that is full. */
const TOLD_EVERY_MS = 10_000

/**
 * Tells of trouble with the database: that it began, every ten seconds how often it has come
 * since, and that it is over. However many requests meet with it, and however often it comes
 * and goes, that is two lines in ten seconds.
 */
export function createTroubleLog(log: Pick<Log, "error" | "info">, now: () => number) {
  let toldAt = Number.NEGATIVE_INFINITY
  let untold = 0
  let reliefIsDue = false

  return {
    trouble(error: unknown): void {
      if (now() - toldAt < TOLD_EVERY_MS) {
        untold++
        return
      }
      toldAt = now()
      reliefIsDue = true
      log.error({ err: error, since_last_line: untold }, "the database is in trouble")
      untold = 0
    },
    relief(): void {
      if (!reliefIsDue) return
      reliefIsDue = false
      log.info("the database stores again")
    },
  }
}
