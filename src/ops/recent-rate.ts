export interface RecentRateDeps {
  /** What is counted, from the start on. */
  readonly total: () => number
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number
}

const TICK_MS = 1_000
const TICKS_KEPT = 10

/** How much a counter has moved per second, over about the last ten seconds. */
export function createRecentRate({ total, elapsedMs }: RecentRateDeps) {
  let samples: { readonly total: number; readonly at: number }[] = []
  let timer: Timer | undefined

  function tick(): void {
    samples.push({ total: total(), at: elapsedMs() })
    if (samples.length > TICKS_KEPT) samples.shift()
  }

  return {
    start: () => {
      tick()
      timer = setInterval(tick, TICK_MS)
    },
    stop: () => {
      clearInterval(timer)
      samples = []
    },
    tick,
    perSecond(): number {
      const oldest = samples[0]
      if (oldest === undefined) return 0
      // Asked within the first second, a few messages would make a rate of thousands.
      const seconds = Math.max((elapsedMs() - oldest.at) / 1000, 1)
      return (total() - oldest.total) / seconds
    },
  }
}
