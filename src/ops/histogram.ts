/** How observed values are spread over buckets, as Prometheus counts them. */
export interface Histogram {
  /** Upper bounds of the buckets, ascending; what is beyond the last is counted too. */
  readonly bounds: readonly number[]
  observe(value: number): void
  /** How many values each bucket holds, without those of smaller ones; one more than bounds. */
  counts(): readonly number[]
  sum(): number
}

/**
 * Plain counting in an array: observing costs nanoseconds and knows nothing of who reads it.
 * Bounds are few, so looking for the bucket one by one is the fastest way.
 */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    bounds,
    observe(value) {
      let bucket = 0
      while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++
      counts[bucket] = (counts[bucket] ?? 0) + 1
      sum += value
    },
    counts: () => [...counts],
    sum: () => sum,
  }
}
