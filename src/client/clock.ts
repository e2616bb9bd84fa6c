/** Time, and things to do later; another one in tests. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Does it once, that much later; the returned function calls it off. */
  after(milliseconds: number, task: () => void): () => void
}

/** Beyond this timers fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, Math.min(Math.max(milliseconds, 0), TIMER_MS_MAX))
    return () => clearTimeout(timer)
  },
}
