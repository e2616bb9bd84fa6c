import type { NodeId } from "../cluster/link"
import type { Counted, LimitWindows, WindowKey } from "../cluster/shared-windows"
import type { Instant } from "../protocol/ids"

export interface RateWindow {
  startedAt: Instant
  /** On all nodes together, as far as this one knows. */
  count: number
  /** What of it each other node has counted; null: no other has. */
  elsewhere: Map<NodeId, number> | null
}

export const WINDOW_MS = 60_000

/**
 * Windows of two nodes that begin this near to a whole window apart come one after the other, and
 * are not the same: words take a moment, so a window ends a little later where it was heard of.
 */
const SLACK_MS = 1_000

const SUCCEEDS_MS = WINDOW_MS - SLACK_MS

export const hasEnded = ({ startedAt }: RateWindow, instant: Instant): boolean =>
  instant - startedAt >= WINDOW_MS

/** What this node itself has counted. */
export function ownCount({ count, elsewhere }: RateWindow): number {
  let own = count
  if (elsewhere !== null) for (const theirs of elsewhere.values()) own -= theirs
  return own
}

interface ShareableOptions {
  readonly windows: Map<WindowKey, RateWindow>
  readonly now: () => Instant
  /** Throws out what has ended, now and then. */
  readonly tidy: (instant: Instant) => void
}

/**
 * One limit's windows, as other nodes hear of them and are heard. A window begins with the first
 * count on any node. Two that began by themselves, because the nodes did not hear each other,
 * become one that began with the earlier: it ends too soon rather than too late.
 */
export function shareableWindows({ windows, now, tidy }: ShareableOptions): LimitWindows {
  const nothingOf = (key: WindowKey): Counted => ({ key, count: 0, ageMs: 0 })

  function countedOf(key: WindowKey): Counted {
    const instant = now()
    const window = windows.get(key)
    if (window === undefined || hasEnded(window, instant)) return nothingOf(key)
    // A clock that was set back makes nothing younger than it is now.
    return { key, count: ownCount(window), ageMs: Math.max(0, instant - window.startedAt) }
  }

  function* keys(): Iterable<WindowKey> {
    const instant = now()
    for (const [key, window] of windows) {
      if (!hasEnded(window, instant) && ownCount(window) > 0) yield key
    }
  }

  function hear(from: NodeId, { key, count, ageMs }: Counted): void {
    const instant = now()
    tidy(instant)
    const startedAt = instant - ageMs
    const window = windows.get(key)
    if (
      window === undefined ||
      hasEnded(window, instant) ||
      startedAt - window.startedAt >= SUCCEEDS_MS
    ) {
      if (count === 0) return
      windows.set(key, { startedAt, count, elsewhere: new Map([[from, count]]) })
      return
    }
    // Counted in the window before this one.
    if (window.startedAt - startedAt >= SUCCEEDS_MS) return
    window.startedAt = Math.min(window.startedAt, startedAt)
    setTheirs({ key, window, from, count })
  }

  function setTheirs({ key, window, from, count }: Theirs): void {
    window.elsewhere ??= new Map()
    window.count += count - (window.elsewhere.get(from) ?? 0)
    if (count === 0) window.elsewhere.delete(from)
    else window.elsewhere.set(from, count)
    // What did not happen has begun no window.
    if (window.count === 0) windows.delete(key)
  }

  function forget(from: NodeId): void {
    for (const [key, window] of windows) {
      if (window.elsewhere?.has(from)) setTheirs({ key, window, from, count: 0 })
    }
  }

  return { countedOf, keys, hear, forget }
}

interface Theirs {
  readonly key: WindowKey
  readonly window: RateWindow
  readonly from: NodeId
  readonly count: number
}
