import type { Clock } from "../clock"
import { quietly } from "../quietly"
import type { Line } from "./line"

export interface HeartWatch {
  /** Something came. */
  heard(): void
  /** Asks at once whether the server is still there: there is reason to doubt it. */
  probe(): void
  stop(): void
}

/** So long an answer to a ping may take. */
const ANSWER_MS = 10_000

/**
 * Closes a line over which nothing comes any more. The server says something in every
 * `heartbeatMs`; after two of them it is asked, and without an answer it is gone: a network that
 * breaks silently is noticed by nobody else, least of all by a browser.
 */
export function watchHeart(line: Line, heartbeatMs: number, clock: Clock): HeartWatch {
  let heardAt = clock.now()
  let isProbing = false
  let isOver = false
  let callOff = clock.after(heartbeatMs * 2, look)

  function look(): void {
    const silentMs = clock.now() - heardAt
    if (silentMs >= heartbeatMs * 2) probe()
    else callOff = clock.after(heartbeatMs * 2 - silentMs, look)
  }

  function probe(): void {
    if (isProbing || isOver) return
    isProbing = true
    callOff()
    const askedAt = heardAt
    // The answer itself is not needed: anything that comes shows that the line is well.
    void quietly(line.ask("ping", {}))
    callOff = clock.after(ANSWER_MS, () => {
      isProbing = false
      if (heardAt === askedAt) line.close()
      else look()
    })
  }

  return {
    heard() {
      heardAt = clock.now()
      if (!isProbing || isOver) return
      isProbing = false
      callOff()
      look()
    },
    probe,
    stop() {
      isOver = true
      callOff()
    },
  }
}
