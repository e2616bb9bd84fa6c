import { spyOn } from "bun:test"

/** Timers that a test lets run out when it likes. */
export interface HeldTimers {
  /** As if the time were over. Returns how many they were. */
  runOut(): number
  /** From here on, timers are what they are. */
  release(): void
}

/**
 * Catches every timer of exactly so many milliseconds that begins from here on. Hold them for a
 * moment only: the server, its clients and the test share one process, and others may wait as long.
 */
export function holdTimers(milliseconds: number): HeldTimers {
  const held: { readonly timer: Timer; readonly task: () => void }[] = []
  const start = globalThis.setTimeout
  const spy = spyOn(globalThis, "setTimeout")
  const begin = (task: () => void, delay?: number, ...rest: unknown[]): Timer => {
    const timer = start(task, delay, ...rest)
    if (delay === milliseconds) held.push({ timer, task })
    return timer
  }
  // The real one has a promise of its own besides, which nobody here asks for.
  spy.mockImplementation(begin as unknown as typeof setTimeout)
  return {
    runOut() {
      const due = held.splice(0)
      for (const { timer, task } of due) {
        clearTimeout(timer)
        task()
      }
      return due.length
    },
    release: () => spy.mockRestore(),
  }
}
