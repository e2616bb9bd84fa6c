import type { SharedCounts } from "./shared-counts"
import { TELL_TOTALS_MS } from "./timing"

/** Numbers by name, each of which is a sum over all nodes. */
export interface SharedTotals<Name extends string> {
  /** What this node counts now, and the others did up to `TELL_TOTALS_MS` before. */
  read(): Readonly<Record<Name, number>>
  start(): void
  stop(): void
}

/**
 * Adds up what each node counts for itself, for pages that somebody looks at now and then: so it is
 * told at intervals, and not where it is counted. What a node has counted goes with it.
 */
export function createSharedTotals<Name extends string>(
  /** Null: this node is alone. */
  shared: Pick<SharedCounts, "set" | "elsewhere"> | null,
  names: readonly Name[],
  countHere: (name: Name) => number,
): SharedTotals<Name> {
  let timer: Timer | undefined

  function tell(): void {
    for (const name of names) shared?.set(name, countHere(name))
  }

  return {
    read() {
      const total = (name: Name) => countHere(name) + (shared?.elsewhere(name) ?? 0)
      // Made of all names, in this line.
      return Object.fromEntries(names.map((name) => [name, total(name)])) as Record<Name, number>
    },
    start() {
      if (shared !== null) timer = setInterval(tell, TELL_TOTALS_MS)
    },
    stop: () => clearInterval(timer),
  }
}
