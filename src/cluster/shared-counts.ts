import type { NodeId } from "./link"
import { createSharedState, isCount, isKey, type StateLink } from "./shared-state"

export type CountKey = string | number

/** How many there are of something on all nodes together, by key. */
export interface SharedCounts {
  /** So many there are on this node now. */
  set(key: CountKey, count: number): void
  /** How many there are on all other nodes, as far as this one has heard. */
  elsewhere(key: CountKey): number
  /** Tells what has not been told yet, now. */
  flush(): void
  stop(): void
}

type Entry = readonly [key: CountKey, count: number]

const isEntry = (value: unknown): value is Entry =>
  Array.isArray(value) && isKey(value[0]) && isCount(value[1])

/**
 * Counts that go up and down on each node. What the others have is known about 100 ms late. A node
 * that is lost has nothing any more: what it told is forgotten.
 */
export function createSharedCounts(link: StateLink, topic: string): SharedCounts {
  const own = new Map<CountKey, number>()
  const byNode = new Map<NodeId, Map<CountKey, number>>()
  const sums = new Map<CountKey, number>()

  function put(counts: Map<CountKey, number>, key: CountKey, count: number): void {
    const sum = (sums.get(key) ?? 0) + count - (counts.get(key) ?? 0)
    store(sums, key, sum)
    store(counts, key, count)
  }

  function forget(node: NodeId): void {
    const counts = byNode.get(node)
    for (const key of [...(counts?.keys() ?? [])]) if (counts !== undefined) put(counts, key, 0)
    byNode.delete(node)
  }

  const state = createSharedState<CountKey, Entry>({
    link,
    topic,
    isEntry,
    entryOf: (key) => [key, own.get(key) ?? 0],
    keys: () => own.keys(),
    heard(from, entries, isFresh) {
      // Its last words, come late: nobody would ever take them back.
      if (!link.others.has(from)) return
      if (isFresh) forget(from)
      const counts = byNode.get(from) ?? new Map<CountKey, number>()
      byNode.set(from, counts)
      for (const [key, count] of entries) put(counts, key, count)
    },
  })
  link.on({ nodeLeft: forget })

  return {
    set(key, count) {
      store(own, key, count)
      state.changed(key)
    },
    elsewhere: (key) => sums.get(key) ?? 0,
    flush: state.flush,
    stop: state.stop,
  }
}

/** What there is none of takes no room. */
function store(counts: Map<CountKey, number>, key: CountKey, count: number): void {
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
