/**
 * Work of which each key has one piece at a time, in the order in which it was asked for; what
 * waits holds nothing yet. Whoever bounds how much is asked for bounds what waits.
 * Errors: those of the work.
 */
export function createLines<Key>() {
  const last = new Map<Key, Promise<unknown>>()

  async function runAfter<T>(before: Promise<unknown>, work: () => Promise<T>): Promise<T> {
    await Promise.allSettled([before])
    return await work()
  }

  return async function inLine<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const before = last.get(key)
    const running = before === undefined ? work() : runAfter(before, work)
    last.set(key, running)
    try {
      return await running
    } finally {
      if (last.get(key) === running) last.delete(key)
    }
  }
}
