import type { Typist } from "../client"

/** The server ends a notice after 10 s; what it says of that may be lost. */
const TYPING_MS = 11_000

/** Who is typing in a room. Each ends by itself. */
export function createTypists(onChange: () => void) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  let typists: readonly Typist[] = []

  function stop(userId: string): void {
    const timer = timers.get(userId)
    if (timer === undefined) return
    clearTimeout(timer)
    timers.delete(userId)
    typists = typists.filter((it) => it.userId !== userId)
    onChange()
  }

  return {
    get all() {
      return typists
    },
    start(typist: Typist): void {
      const timer = timers.get(typist.userId)
      clearTimeout(timer)
      timers.set(
        typist.userId,
        setTimeout(() => stop(typist.userId), TYPING_MS),
      )
      if (timer !== undefined) return
      typists = [...typists, typist]
      onChange()
    },
    stop,
    clear(): void {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      if (typists.length === 0) return
      typists = []
      onChange()
    },
  }
}
