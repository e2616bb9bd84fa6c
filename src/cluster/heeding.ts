export interface HeedingDeps {
  readonly onTrouble: (error: unknown) => void
}

/**
 * Runs the listeners of a link: one that fails is told of and does no harm, and one that answers
 * with a promise has not heeded its word before that is over.
 */
export function createHeeding({ onTrouble }: HeedingDeps) {
  const underWay = new Set<Promise<void>>()

  function run(listen: () => unknown): void {
    try {
      const answer = listen()
      if (answer instanceof Promise) remember(answer)
    } catch (error) {
      onTrouble(error)
    }
  }

  function remember(answer: Promise<unknown>): void {
    const heeded = finish(answer)
    underWay.add(heeded)
    void forget(heeded)
  }

  async function finish(answer: Promise<unknown>): Promise<void> {
    try {
      await answer
    } catch (error) {
      onTrouble(error)
    }
  }

  async function forget(heeded: Promise<void>): Promise<void> {
    await heeded
    underWay.delete(heeded)
  }

  async function wait(then: () => void): Promise<void> {
    await Promise.all(underWay)
    then()
  }

  return {
    run,
    /** At once, where nothing is under way. What begins later is not waited for. */
    whenAllIsHeeded(then: () => void): void {
      if (underWay.size === 0) then()
      else void wait(then)
    },
  }
}
