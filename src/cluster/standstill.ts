import { ChatError } from "../protocol/errors"
import { NODE_LOST_MS } from "./timing"

export interface StandstillDeps {
  /** Looks up all rights by which this node acts. */
  readonly lookAgain: () => Promise<void>
  /** By the clock on the wall: a machine that sleeps may stop any other. */
  readonly now?: () => number
}

/**
 * What ends a right waits `SETTLE_MS` for a node that does not answer. So after standing still for
 * nearly as long nothing may be done by what was known before.
 */
const STOOD_STILL_MS = NODE_LOST_MS / 2

/** Often enough that what is not noticed by it is shorter than `SETTLE_MS`. */
const TICK_MS = 250

/** Says, before a frame is acted upon, whether this process has stood still and must look first. */
export function createStandstill({ lookAgain, now = Date.now }: StandstillDeps) {
  let timer: Timer | undefined
  let movedAt = now()
  let isOwed = false
  let looking: Promise<void> | null = null

  /** Sockets may be read before timers run: so it is noticed by whichever comes first. */
  function notice(): void {
    const instant = now()
    if (instant - movedAt > STOOD_STILL_MS) {
      isOwed = true
      // What was begun before may have read what was so before.
      looking = null
    }
    movedAt = instant
  }

  async function look(): Promise<void> {
    try {
      await lookAgain()
    } catch (cause) {
      throw new ChatError("overloaded", { cause, retryAfterMs: 1_000 })
    }
  }

  async function settle(look: Promise<void>): Promise<void> {
    try {
      await look
      if (looking === look) isOwed = false
    } catch {
      // Who waits for it is told; the next one looks again.
    }
    if (looking === look) looking = null
  }

  return {
    /**
     * Null: nothing is in doubt. Otherwise what must be waited for; it rejects with `overloaded`
     * where the rights cannot be looked up.
     */
    doubt(): Promise<void> | null {
      notice()
      if (!isOwed) return null
      if (looking === null) {
        looking = look()
        void settle(looking)
      }
      return looking
    },
    start(): void {
      movedAt = now()
      timer = setInterval(notice, TICK_MS)
    },
    stop: () => clearInterval(timer),
  }
}

export type Standstill = ReturnType<typeof createStandstill>
