/** Runs so many tasks at a time, and has so many wait; who comes beyond that is turned away. */
export function createPlaces({ atOnceMax, waitingMax }: { atOnceMax: number; waitingMax: number }) {
  const waiting: (() => void)[] = []
  let running = 0

  async function run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      // Who waits takes over the place, so that nobody who comes just now does.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }

  return {
    /** Null: too many wait. */
    take: <Result>(task: () => Promise<Result>): Promise<Result> | null =>
      waiting.length >= waitingMax ? null : run(task),
  }
}
