import type { Log } from "./log"

/** A log that is full of one trouble hides every other, and fills the disk that is full. */
const TOLD_EVERY_MS = 10_000

export interface TroubleTexts {
  readonly trouble: string
  readonly relief: string
}

const OF_DATABASE: TroubleTexts = {
  trouble: "the database is in trouble",
  relief: "the database stores again",
}

/**
 * Tells of trouble, with the database where nothing else is said: that it began, every ten seconds how often it has come
 * since, and that it is over. However many requests meet with it, and however often it comes
 * and goes, that is two lines in ten seconds.
 */
export function createTroubleLog(
  log: Pick<Log, "error" | "info">,
  now: () => number,
  texts = OF_DATABASE,
) {
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
      log.error({ err: error, since_last_line: untold }, texts.trouble)
      untold = 0
    },
    relief(): void {
      if (!reliefIsDue) return
      reliefIsDue = false
      log.info(texts.relief)
    },
  }
}
