import { ChatError } from "../protocol/errors"

export interface GateOptions {
  /** How many may be inside at once. */
  readonly slots: number
  /** How many may wait, and for how long. */
  readonly waitingMax: number
  readonly waitMs: number
}

interface Waiting {
  readonly since: number
  enter(): void
  refuse(error: ChatError): void
}

const SERVED = Promise.resolve()

/**
 * Lets a bounded number in at once, the others in the order they came. Who leaves lets the next
 * one in. Errors: `overloaded` when too many wait, and for who has waited too long: a database
 * that hangs would else make each wait for all before it.
 */
export function createGate({ slots, waitingMax, waitMs }: GateOptions) {
  // A set keeps the order, and takes its first out in no time where an array would move the rest.
  const waiting = new Set<Waiting>()
  let free = slots

  function enter(): Promise<void> {
    if (free > 0) {
      free--
      return SERVED
    }
    if (waiting.size >= waitingMax) return Promise.reject(new ChatError("overloaded"))
    return new Promise((resolve, reject) => {
      waiting.add({ since: performance.now(), enter: resolve, refuse: reject })
    })
  }

  function leave(): void {
    const latest = performance.now() - waitMs
    for (const next of waiting) {
      waiting.delete(next)
      if (next.since >= latest) {
        next.enter()
        return
      }
      next.refuse(new ChatError("overloaded", { detail: "the database does not answer" }))
    }
    free++
  }

  return { enter, leave }
}
