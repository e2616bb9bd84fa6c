const bucketMicros = 20
const bucketCount = 500_000

/** Latencies of up to ten seconds in buckets of 20 microseconds; longer ones count as ten. */
export class LatencyHistogram {
  readonly #buckets = new Uint32Array(bucketCount)
  #count = 0

  add(micros: number): void {
    const bucket = Math.min(bucketCount - 1, Math.max(0, Math.floor(micros / bucketMicros)))
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count++
  }

  clear(): void {
    this.#buckets.fill(0)
    this.#count = 0
  }

  /** Milliseconds. */
  summary(): { p50: number; p90: number; p99: number } {
    return { p50: this.percentile(0.5), p90: this.percentile(0.9), p99: this.percentile(0.99) }
  }

  /** The latency, in milliseconds, that the given share (0 to 1) of all samples stayed within. */
  percentile(share: number): number {
    const rank = share * this.#count
    let seen = 0
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count
      if (count > 0 && seen >= rank) return ((bucket + 1) * bucketMicros) / 1000
    }
    return 0
  }
}
