import type { SharedWindows, ShareWindows, WindowKey } from "../cluster/shared-windows"
import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import { hasEnded, ownCount, type RateWindow, shareableWindows, WINDOW_MS } from "./rate-windows"

export interface RateLimit {
  /** There is no limit, so nothing need be found out for it. */
  readonly isOff: boolean
  /** Counts one. Errors: `rate_limited`, with the time until the window ends. */
  take(key: WindowKey): void
  /** What was counted did not happen after all. */
  giveBack(key: WindowKey): void
}

/** What limits are called among nodes. They may be of different versions, so none is renamed. */
export type RateLimitName =
  | "auth-attempts"
  | "claimed-users"
  | "http-files"
  | "http-requests"
  | "joins"
  | "message-changes"
  | "link-previews"
  | "messages"
  | "new-names"
  | "profile-changes"
  | "searches"
  | "statuses"
  | "typing"
  | "uploads"

/** Makes a limit that all nodes have together. Of each name there is one. */
export type LimitRate = (name: RateLimitName, perMinuteMax: number) => RateLimit

/** `shared` null: this node is alone. */
export const createLimitRate =
  (shared: Pick<SharedWindows, "named"> | null, now: () => Instant): LimitRate =>
  (name, perMinuteMax) =>
    createRateLimit(perMinuteMax, now, shared?.named(name))

/**
 * So many a minute, in a window that starts with the first. 0 = no limit.
 * Synchronous, because it is on the path of every message; a window that has ended is forgotten
 * within a minute, so memory is bounded by the keys of two minutes.
 * Where it is shared, the window starts with the first on any node, and counts what all nodes have
 * counted, as far as they have told: see `createSharedWindows`.
 */
export function createRateLimit(
  perMinuteMax: number,
  now: () => Instant,
  share?: ShareWindows,
): RateLimit {
  const windows = new Map<WindowKey, RateWindow>()
  let sweptAt = now()

  function tidy(instant: Instant): void {
    if (instant - sweptAt < WINDOW_MS) return
    sweptAt = instant
    for (const [key, window] of windows) if (hasEnded(window, instant)) windows.delete(key)
  }

  const changed =
    share === undefined || perMinuteMax === 0
      ? null
      : share(shareableWindows({ windows, now, tidy }))

  return {
    isOff: perMinuteMax === 0,
    take(key) {
      if (perMinuteMax === 0) return
      const instant = now()
      tidy(instant)
      const window = windows.get(key)
      if (window === undefined || hasEnded(window, instant)) {
        windows.set(key, { startedAt: instant, count: 1, elsewhere: null })
      } else if (window.count < perMinuteMax) {
        window.count++
      } else {
        throw new ChatError("rate_limited", {
          detail: `more than ${perMinuteMax} a minute`,
          retryAfterMs: window.startedAt + WINDOW_MS - instant,
        })
      }
      changed?.(key)
    },
    giveBack(key) {
      const window = windows.get(key)
      // What was counted elsewhere is not ours to give back.
      if (window === undefined || ownCount(window) === 0) return
      // What did not happen starts no window either.
      if (--window.count === 0) windows.delete(key)
      changed?.(key)
    },
  }
}
