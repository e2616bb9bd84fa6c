import type { BusMessage } from "../protocol/events"

/** A place in line, taken before the COMMIT is sent. One of the two ends it. */
export interface Turn {
  /** Runs `tell` when all who stood before in the same lines have told or left. */
  take<T>(tell: () => T): Promise<T>
  /** Nothing was committed, or nobody knows. */
  leave(): void
}

/**
 * Lets commits that run side by side be told in the order of their seqs. Whoever has the higher
 * seq of a room got the room's row from whoever has the lower one, who had sent the COMMIT by
 * then; but the answers to two COMMITs come by two connections, in any order. So everybody
 * stands in line, room by room, from before the COMMIT. What is of no room has a line by its user, session or key.
 */
export function createTurns() {
  const lines = new Map<unknown, Promise<void>>()

  return function enter(events: readonly BusMessage[]): Turn {
    const names = new Set(events.map(lineOf))
    const earlier = [...names].flatMap((name) => lines.get(name) ?? [])
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    for (const name of names) lines.set(name, ended)

    function leave(): void {
      resolve()
      for (const name of names) {
        if (lines.get(name) === ended) lines.delete(name)
      }
    }

    async function take<T>(tell: () => T): Promise<T> {
      if (earlier.length > 0) await Promise.all(earlier)
      try {
        return tell()
      } finally {
        leave()
      }
    }

    return { take, leave }
  }
}

export type EnterTurn = ReturnType<typeof createTurns>

/** What speaks of no room is in order by whom or what it speaks of. */
function lineOf(event: BusMessage): string {
  if ("room" in event) return `room ${event.room.id}`
  if (event.type === "session.revoked") return `session ${event.sessionId}`
  if (event.type === "key.revoked") return `key ${event.keyId}`
  return `user ${typeof event.user === "number" ? event.user : event.user.numericId}`
}
