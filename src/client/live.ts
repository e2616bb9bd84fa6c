/** A value that changes, and tells when it has. Never changed in place: another value, another object. */
export interface Live<T> {
  readonly value: T
  /** Called after each change, until the returned function is called. Listeners do not throw. */
  subscribe(listener: () => void): () => void
}

export interface LiveCell<T> extends Live<T> {
  set(value: T): void
}

/** Setting the same value again tells nobody. */
export function createLive<T>(initial: T): LiveCell<T> {
  const listeners = new Set<() => void>()
  let current = initial
  return {
    get value() {
      return current
    },
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      // One function may listen twice, so what is kept is another one each time.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
