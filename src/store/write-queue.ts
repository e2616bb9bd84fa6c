import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { LIMITS } from "../protocol/limits"
import { createTelling } from "./telling"

/** What a write did: its answer, and what the others are to be told once it is durable. */
export interface Written<T> {
  readonly result: T
  readonly events: readonly BusMessage[]
}

/**
 * One write that waits for its turn. `write` may be called again if the first commit failed.
 * `resolve` takes what `write` gave: the two come from one call of `submit`, which types them.
 */
export interface PendingWrite {
  /** About how many characters tell of it. */
  readonly chars: number
  write(): Written<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** What became of one write of a batch. */
export type Outcome = { readonly written: Written<unknown> } | { readonly error: unknown }

export interface WriteQueueDeps {
  /** Makes all writes durable with one fsync, in order; one outcome each. Throws: none is. */
  commit(writes: readonly PendingWrite[]): readonly Outcome[]
  /**
   * Tells a committed event. Called in the order of the commits, never before one. A promise: the
   * write is answered when it resolves.
   */
  publish(message: BusMessage): Promise<void> | undefined
  onBatch?(size: number, milliseconds: number): void
  /** An event could not be told. It is stored: clients learn of it by its seq. */
  onTellFailed?(error: unknown): void
  waitingMax: number
}

/**
 * Group commit. All writes that come in during one turn of the event loop share one transaction
 * and one fsync, which is what makes `synchronous=FULL` affordable (bench/: about 40 times the
 * messages of one commit each). They commit in the order they came, and are told in that order.
 * A commit ends where it has enough to tell: then those who listen have a turn to read.
 * Errors: `overloaded` when too many wait.
 */
export function createWriteQueue({
  commit,
  publish,
  onBatch = () => undefined,
  onTellFailed = () => undefined,
  waitingMax,
}: WriteQueueDeps) {
  const tellAll = createTelling({ publish, onTellFailed })
  let waiting: PendingWrite[] = []
  let waitingChars = 0

  function submit<T>(write: () => Written<T>, chars = 0): Promise<T> {
    if (waiting.length >= waitingMax) return Promise.reject(new ChatError("overloaded"))
    return new Promise<T>((resolve, reject) => {
      waiting.push({ chars, write, resolve, reject })
      waitingChars += chars
      if (waiting.length === 1) setImmediate(flush)
    })
  }

  function takeBatch(): readonly PendingWrite[] {
    if (waitingChars <= LIMITS.toldAtOnceCharsMax) {
      const all = waiting
      waiting = []
      waitingChars = 0
      return all
    }
    let chars = 0
    const end = waiting.findIndex((it) => {
      chars += it.chars
      return chars >= LIMITS.toldAtOnceCharsMax
    })
    waitingChars -= chars
    return waiting.splice(0, end + 1)
  }

  function flush(): void {
    const batch = takeBatch()
    if (batch.length === 0) return
    if (waiting.length > 0) setImmediate(flush)
    const startedAt = performance.now()
    const outcomes = commitOrRefuse(batch)
    onBatch(batch.length, performance.now() - startedAt)
    // Events first, answers after: an answer must never overtake the event that it speaks of. But
    // for one that is held back until an earlier one of another node has come: `cluster/order.ts`.
    const told = outcomes.map((outcome) =>
      "written" in outcome ? tellAll(outcome.written.events) : undefined,
    )
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined || !("written" in outcome)) {
        reject(outcome?.error)
        continue
      }
      const { result } = outcome.written
      const isTold = told[index]
      if (isTold === undefined) resolve(result)
      else void isTold.then(() => resolve(result))
    }
  }

  function commitOrRefuse(batch: readonly PendingWrite[]): readonly Outcome[] {
    try {
      return commit(batch)
    } catch (error) {
      return batch.map(() => ({ error }))
    }
  }

  return {
    submit,
    /** Commits what waits, now. For shutdown. */
    flush: () => {
      while (waiting.length > 0) flush()
    },
  }
}

export type WriteQueue = ReturnType<typeof createWriteQueue>
