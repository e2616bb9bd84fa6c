import type { Log } from "./log"

/** A Redis that comes and goes all the time is told of so often at the most. */
const WINDOW_MS = 10_000
const LINES_PER_WINDOW = 6

/**
 * Tells that Redis went and came. Where that happens all the time, most of it is left out, and the
 * end of each ten seconds says how it is then.
 */
export function createLinkLog(log: Pick<Log, "info" | "warn">, redis: string) {
  let lines = 0
  let untold = 0
  let timer: Timer | null = null
  let reason: string | null = null

  function change(now: string | null): void {
    reason = now
    timer ??= setTimeout(endWindow, WINDOW_MS)
    timer.unref()
    if (lines < LINES_PER_WINDOW) tell()
    else untold++
  }

  function endWindow(): void {
    timer = null
    lines = 0
    if (untold > 0) tell()
    untold = 0
  }

  function tell(): void {
    lines++
    const fields = untold > 0 ? { redis, left_out: untold } : { redis }
    if (reason === null) log.info(fields, "Redis carries what servers tell each other")
    else {
      log.warn(
        { ...fields, reason },
        "Redis is away: what happens on other servers comes late until it is back (if it never was here: are address, user, password and TLS right?)",
      )
    }
  }

  return {
    up: () => change(null),
    down: (why: string) => change(why),
  }
}
