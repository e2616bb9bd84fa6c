/**
 * Where the rows of a list stand, of which only those near the screen are there. Heights are those
 * that were seen; of rows never seen the mean of those that were. Pixels from the list's top.
 */

/** Rows `first` (included) to `end` (excluded), and how much room the others take around them. */
export interface Extent {
  readonly first: number
  readonly end: number
  readonly before: number
  readonly after: number
}

export interface Heights {
  /** Null: never seen. */
  known(key: string): number | null
  /** True: it is another one than before. */
  set(key: string, height: number): boolean
  of(key: string): number
  /** Forgets all but these: a list that goes on for days must not remember every row it had. */
  keep(keys: ReadonlySet<string>): void
  readonly size: number
}

/** `guess` is for a list of which nothing has been seen. */
export function createHeights(guess: number): Heights {
  const heights = new Map<string, number>()
  let sum = 0
  return {
    known: (key) => heights.get(key) ?? null,
    set(key, height) {
      const before = heights.get(key)
      if (before === height) return false
      heights.set(key, height)
      sum += height - (before ?? 0)
      return true
    },
    of: (key) => heights.get(key) ?? (heights.size === 0 ? guess : sum / heights.size),
    keep(keys) {
      for (const [key, height] of heights) {
        if (keys.has(key)) continue
        heights.delete(key)
        sum -= height
      }
    },
    get size() {
      return heights.size
    },
  }
}

/** The top of each row, and the end of the last one. */
export function topsOf(keys: readonly string[], heights: Heights): Float64Array {
  const tops = new Float64Array(keys.length + 1)
  let top = 0
  keys.forEach((key, index) => {
    tops[index] = top
    top += heights.of(key)
  })
  tops[keys.length] = top
  return tops
}

/** The row that stands at `y`; the first or the last one where `y` is beyond the list. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0
  let high = tops.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((tops[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

export interface Sight {
  readonly top: number
  readonly bottom: number
}

/** The rows that cross `sight`, and `margin` pixels more at either end. */
export function extentOf(tops: Float64Array, sight: Sight, margin: number): Extent {
  const count = tops.length - 1
  if (count === 0) return { first: 0, end: 0, before: 0, after: 0 }
  const first = rowAt(tops, sight.top - margin)
  const end = rowAt(tops, sight.bottom + margin) + 1
  const total = tops[count] ?? 0
  return { first, end, before: tops[first] ?? 0, after: total - (tops[end] ?? total) }
}

/**
 * Whether rows are missing within `margin` of `sight`. Asked at each scroll with a smaller margin
 * than rows are made for, so that many scrolls pass before any row is made.
 */
export function isShort(extent: Extent, tops: Float64Array, sight: Sight, margin: number): boolean {
  const count = tops.length - 1
  if (extent.first > 0 && (tops[extent.first] ?? 0) > sight.top - margin) return true
  return extent.end < count && (tops[extent.end] ?? 0) < sight.bottom + margin
}
