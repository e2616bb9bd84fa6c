import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"

interface Window {
  startedAt: Instant
  count: number
}

export interface RateLimit {
  /** There is no limit, so nothing need be found out for it. */
  readonly isOff: boolean
  /** Counts one. Errors: `rate_limited`, with the time until the window ends. */
  take(key: string | number): void
  /** What was counted did not happen after all. */
  giveBack(key: string | number): void
}

const WINDOW_MS = 60_000

/**
 * So many a minute, in a window that starts with the first. 0 = no limit.
 * Synchronous, because it is on the path of every message; a window that has ended is forgotten
 * within a minute, so memory is bounded by the keys of two minutes.
 */
export function createRateLimit(perMinuteMax: number, now: () => Instant): RateLimit {
  const windows = new Map<string | number, Window>()
  let sweptAt = now()

  function sweep(instant: Instant): void {
    sweptAt = instant
    for (const [key, { startedAt }] of windows) {
      if (instant - startedAt >= WINDOW_MS) windows.delete(key)
    }
  }

  return {
    isOff: perMinuteMax === 0,
    take(key) {
      if (perMinuteMax === 0) return
      const instant = now()
      if (instant - sweptAt >= WINDOW_MS) sweep(instant)
      const window = windows.get(key)
      if (window === undefined || instant - window.startedAt >= WINDOW_MS) {
        windows.set(key, { startedAt: instant, count: 1 })
        return
      }
      if (window.count >= perMinuteMax) {
        const retryAfterMs = window.startedAt + WINDOW_MS - instant
        throw new ChatError("rate_limited", {
          detail: `more than ${perMinuteMax} a minute`,
          retryAfterMs,
        })
      }
      window.count++
    },
    giveBack(key) {
      const window = windows.get(key)
      if (window === undefined) return
      // What did not happen starts no window either.
      if (--window.count === 0) windows.delete(key)
    },
  }
}
