/** Reads of a server's database that wait until they are let go, from when a test says so. */
export interface HeldReads {
  /** For `startServer`. */
  readonly beforeReads: () => Promise<void>
  /** Runs what asks the server for something; answers with that once a read of it waits. */
  holdUp<T>(ask: () => Promise<T>): Promise<{ readonly answer: Promise<T> }>
  letGo(): void
}

export function createHeldReads(): HeldReads {
  const waiting = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  let isHolding = false
  return {
    async beforeReads() {
      if (!isHolding) return
      waiting.resolve()
      await gone.promise
    },
    async holdUp(ask) {
      isHolding = true
      const answer = ask()
      await waiting.promise
      return { answer }
    },
    letGo: () => gone.resolve(),
  }
}
