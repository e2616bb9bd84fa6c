import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"

const AHEAD_MS_MAX = LIMITS.daysAheadMax * 86_400_000

/** For what is to happen by itself, later than at `from`. Errors: `invalid_request`. */
export function refuseOutOfReach(path: string, instant: Instant, from: Instant): void {
  if (instant <= from) throw wrong(path, `must be later than ${new Date(from).toISOString()}`)
  if (instant > from + AHEAD_MS_MAX) {
    throw wrong(path, `must be at most ${LIMITS.daysAheadMax} days ahead`)
  }
}

const wrong = (path: string, message: string) =>
  new ChatError("invalid_request", { problems: [{ path, message }] })
