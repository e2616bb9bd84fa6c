import type { NodeId } from "./link"
import { createSharedState, isCount, isKey, type SharedState, type StateLink } from "./shared-state"

/** Whose acts are counted: a user's number, an address, or what somebody typed, hashed. */
export type WindowKey = string | number

/** What one node itself has counted of a key. */
export interface Counted {
  readonly key: WindowKey
  /** 0: nothing, or what was counted did not happen. */
  readonly count: number
  /** How long ago the window began. A duration, for the clocks of nodes differ. */
  readonly ageMs: number
}

/** One limit's windows, as they are told to the other nodes. */
export interface LimitWindows {
  countedOf(key: WindowKey): Counted
  /** All keys of which this node itself has counted something in a window that goes on. */
  keys(): Iterable<WindowKey>
  hear(from: NodeId, counted: Counted): void
  /** Whatever that node has told is void: it tells all of it anew. */
  forget(from: NodeId): void
}

/** Where one limit is shared. Returns what hears of each key whose count has changed here. */
export type ShareWindows = (windows: LimitWindows) => (key: WindowKey) => void

export interface SharedWindows {
  /** Names are the same on all nodes and in all versions. */
  named(name: string): ShareWindows
  /** Tells what has not been told yet, now. */
  flush(): void
  stop(): void
}

type Entry = readonly [key: WindowKey, count: number, ageMs: number]

const isEntry = (value: unknown): value is Entry =>
  Array.isArray(value) && isKey(value[0]) && isCount(value[1]) && isCount(value[2])

/**
 * Limits of so many a minute that hold over all nodes. Decided on each node by what it knows, which
 * is what the others had counted up to about 100 ms before: so much may be let through too
 * much. While nodes do not hear each other, each has the limit for itself.
 */
export function createSharedWindows(link: StateLink): SharedWindows {
  const states: SharedState<WindowKey>[] = []
  return {
    named: (name) => (windows) => {
      const state = createSharedState<WindowKey, Entry>({
        link,
        topic: `rate:${name}`,
        isEntry,
        entryOf(key) {
          const { count, ageMs } = windows.countedOf(key)
          return [key, count, ageMs]
        },
        keys: windows.keys,
        heard(from, entries, isFresh) {
          if (isFresh) windows.forget(from)
          for (const [key, count, ageMs] of entries) windows.hear(from, { key, count, ageMs })
        },
      })
      states.push(state)
      return state.changed
    },
    flush: () => {
      for (const state of states) state.flush()
    },
    stop: () => {
      for (const state of states) state.stop()
    },
  }
}
