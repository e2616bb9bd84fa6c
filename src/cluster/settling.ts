import type { NodeId } from "./link"

export interface SettlingDeps {
  readonly others: ReadonlySet<NodeId>
  /** Asks every other node to answer with the number. */
  readonly ask: (round: number) => void
  readonly settleMs: number
}

interface Round {
  readonly number: number
  readonly waitsFor: Set<NodeId>
  readonly promise: Promise<void>
  readonly end: () => void
}

/** While one round is under way, what comes in so many milliseconds shares the next. */
const SHARED_MS = 5

/**
 * Asks all others whether they have heeded what they were told. However many wait for that, they
 * are asked once in a turn of the event loop, and once in `SHARED_MS` while answers are due.
 */
export function createSettling({ others, ask, settleMs }: SettlingDeps) {
  const asked = new Set<Round>()
  let next: Round | null = null
  let count = 0

  function begin(): Round {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(end, settleMs)
    const round: Round = { number: ++count, waitsFor: new Set(), promise, end }
    function end(): void {
      clearTimeout(timer)
      asked.delete(round)
      resolve()
    }
    // After all that is told in this turn.
    if (asked.size === 0) queueMicrotask(send)
    else setTimeout(send, SHARED_MS)
    return round
  }

  function send(): void {
    const round = next
    next = null
    if (round === null) return
    for (const node of others) round.waitsFor.add(node)
    if (round.waitsFor.size === 0) {
      round.end()
      return
    }
    asked.add(round)
    ask(round.number)
  }

  return {
    settle(): Promise<void> {
      if (others.size === 0) return Promise.resolve()
      next ??= begin()
      return next.promise
    },
    /** It has heeded all that was told before it was asked so. */
    answered(node: NodeId, number: number): void {
      for (const round of asked) {
        if (round.number > number) continue
        round.waitsFor.delete(node)
        if (round.waitsFor.size === 0) round.end()
      }
    },
    /** Nobody waits for a node that is lost. */
    left(node: NodeId): void {
      for (const round of asked) {
        round.waitsFor.delete(node)
        if (round.waitsFor.size === 0) round.end()
      }
    },
    /** What was asked may have been lost. */
    askAgain(): void {
      for (const { number } of asked) ask(number)
    },
    /** Nobody is waited for any more. */
    close(): void {
      for (const round of asked) round.end()
      next?.end()
    },
  }
}
