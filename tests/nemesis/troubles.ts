import { NODE_LOST_MS, RECONCILE_MS, SETTLE_MS } from "../../src/cluster/timing"

/** What keeps a right that has ended alive for a while, on some node. */
export interface Troubles {
  /** `isDeaf`: nodes hear nothing of each other; `isFrozen`: one does nothing at all. */
  begin(kind: "deaf" | "frozen"): void
  /** What was broken is whole again. Nodes need a while to notice. */
  end(): void
  /** From when on who was removed has to hear nothing. */
  silentFrom(removal: {
    readonly calledAt: number
    readonly returnedAt: number
    readonly pongAt: number
  }): number
}

/** What a machine under load may add to any bound. */
const SLOWNESS_MS = 1_500

/**
 * In a node that is cut off what was ended elsewhere ends when it has noticed that it is, and has
 * looked at the database.
 */
export const CUT_OFF_BOUND_MS = SETTLE_MS + RECONCILE_MS + SLOWNESS_MS

/** Links are made again by then, and what was missed has been made up for. */
const AFTERMATH_MS = NODE_LOST_MS + RECONCILE_MS

interface Trouble {
  readonly kind: "deaf" | "frozen"
  readonly from: number
  until: number
}

export function createTroubles(now: () => number): Troubles {
  const troubles: Trouble[] = []
  return {
    begin(kind) {
      troubles.push({ kind, from: now(), until: Number.POSITIVE_INFINITY })
    },
    end() {
      for (const it of troubles) it.until = Math.min(it.until, now())
    },
    silentFrom({ calledAt, returnedAt, pongAt }) {
      let from = pongAt
      for (const { kind, from: begun, until } of troubles) {
        if (pongAt < begun || calledAt > until + AFTERMATH_MS) continue
        // Who is frozen looks at nothing before it has thawed.
        const startsAt = kind === "frozen" ? Math.max(returnedAt, until) : returnedAt
        from = Math.max(from, startsAt + CUT_OFF_BOUND_MS)
      }
      return from
    },
  }
}
