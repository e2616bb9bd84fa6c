/** How often it is looked, and how far back it is told: longer than between two looks of a page. */
const TICK_MS = 50
const TICKS_KEPT = 60
/** Nobody has asked for so long: then nobody looks any more. */
const IDLE_MS = 15_000

/**
 * The longest that a timer came late within the last three seconds, in milliseconds: so long did
 * everything else wait, too. It watches from the first question on, and no longer than somebody
 * asks: a timer of its own would cost a server that nobody looks at.
 */
export function createLagWatch({ elapsedMs }: { readonly elapsedMs: () => number }) {
  let timer: Timer | undefined
  let lags: number[] = []
  let lastTickAt = 0
  let lastAskedAt = 0

  function tick(): void {
    const at = elapsedMs()
    lags.push(Math.max(0, at - lastTickAt - TICK_MS))
    if (lags.length > TICKS_KEPT) lags.shift()
    lastTickAt = at
    if (at - lastAskedAt > IDLE_MS) stop()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    lags = []
  }

  return {
    read(): number {
      lastAskedAt = elapsedMs()
      if (timer === undefined) {
        lastTickAt = lastAskedAt
        timer = setInterval(tick, TICK_MS)
        timer.unref()
      }
      return Math.max(0, ...lags)
    },
    tick,
    stop,
  }
}
