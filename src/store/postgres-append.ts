import { ChatError } from "../protocol/errors"
import { LIMITS } from "../protocol/limits"
import { messageNumericId, SEQS_PER_ROOM } from "../protocol/message-id"
import type { SendReceipt } from "../protocol/replies"
import { written } from "./appended"
import type { Append } from "./database"
import { charsOf } from "./message-size"
import {
  type Found,
  findAll,
  keyOf,
  type Placed,
  placeOf,
  sentKeyOf,
  storeAll,
} from "./postgres-append-queries"
import type { Pool } from "./postgres-pool"
import { type Scripts, SHARE_WRITING } from "./postgres-scripts"
import { isConflict, isCutOff, isTaken, isTrouble, NoConnection } from "./postgres-trouble"
import type { TellAll } from "./telling"
import type { EnterTurn } from "./telling-turns"
import type { Written } from "./write-queue"

/** So many share a transaction: enough that the commit costs each of them next to nothing. */
const BATCH_MAX = 500

/** As long as for a connection: who has waited longer is told to try again. */
const WAIT_MS = 10_000

const ATTEMPTS = 3

const BACKOFF_MS = 4

export interface AppenderDeps {
  readonly pool: Pick<Pool, "connect">
  readonly write: Scripts["write"]
  readonly enterTurn: EnterTurn
  readonly tellAll: TellAll
  /** What a sender is told of what has gone wrong. */
  readonly refusalOf: (error: unknown) => unknown
  readonly onStored: (size: number, milliseconds: number) => void
  readonly waitingMax: number
}

interface Pending {
  readonly message: Append
  readonly since: number
  resolve(receipt: SendReceipt): void
  reject(error: unknown): void
}

interface Stored {
  readonly pending: Pending
  readonly written: Written<SendReceipt>
}

/** What became of a batch: the plain cases, and those that the general one must decide. */
interface Decided {
  readonly stored: readonly Stored[]
  readonly placed: readonly Placed[]
  readonly left: readonly Pending[]
}

/**
 * Stores plain messages in batches, one after the other: what comes in while one is being
 * committed is the next. A batch takes two round trips, however many messages it has of however
 * many rooms. Its transaction sees each statement's own moment, which is right because it holds
 * the lock of every room it reads of, and whoever changes anything of a room takes that first.
 */
export function createPostgresAppender(deps: AppenderDeps) {
  const { pool, write, enterTurn, tellAll, refusalOf, onStored, waitingMax } = deps
  let waiting: Pending[] = []
  /** By author and room: what came after a message that the general case has not yet decided. */
  const held = new Map<string, Pending[]>()
  let size = 0
  let isRunning = false

  function append(message: Append): Promise<SendReceipt> {
    if (size >= waitingMax) return Promise.reject(new ChatError("overloaded"))
    return new Promise<SendReceipt>((resolve, reject) => {
      size++
      waiting.push({
        message,
        since: performance.now(),
        resolve: (receipt) => {
          size--
          resolve(receipt)
        },
        reject: (error) => {
          size--
          reject(error)
        },
      })
      start()
    })
  }

  function start(): void {
    if (isRunning) return
    isRunning = true
    setImmediate(runAll)
  }

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch()
      if (batch.length > 0) await store(batch, 1)
    }
    isRunning = false
  }

  /** A batch is told in one turn, so it ends where that is enough, too. */
  function countBatch(): number {
    let chars = 0
    const end = waiting.findIndex(({ message: { draft } }, index) => {
      chars += charsOf(draft)
      return chars >= LIMITS.toldAtOnceCharsMax || index === BATCH_MAX - 1
    })
    return end === -1 ? waiting.length : end + 1
  }

  function takeBatch(): readonly Pending[] {
    const latest = performance.now() - WAIT_MS
    const batch: Pending[] = []
    for (const pending of waiting.splice(0, countBatch())) {
      const behind = held.get(keyOf(placeOf(pending.message)))
      if (behind !== undefined) behind.push(pending)
      else if (pending.since >= latest) batch.push(pending)
      else pending.reject(refusalOf(new ChatError("overloaded")))
    }
    return batch
  }

  /** Never throws: each message of the batch is answered, here or by the general case. */
  async function store(batch: readonly Pending[], attempt: number): Promise<void> {
    const progress = { isCommitting: false }
    try {
      for (const pending of await commit(batch, progress)) decideWithCare(pending)
    } catch (error) {
      const isEarly = !progress.isCommitting && isCutOff(error)
      const isUndone = isEarly || (isConflict(error) && !isTaken(error))
      if (isUndone && attempt < ATTEMPTS) {
        await Bun.sleep(BACKOFF_MS)
        return store(batch, attempt + 1)
      }
      if (batch.length > 1 && !isTrouble(error)) return storeInHalves(batch)
      const [only] = batch
      if (only !== undefined && isTaken(error)) return void decideWithCare(only)
      const refusal = refusalOf(error)
      // They would only wait for the same.
      const others = error instanceof NoConnection ? waiting.splice(0) : []
      for (const { reject } of [...batch, ...others]) reject(refusal)
    }
  }

  /** One message breaks the whole batch. In ever smaller ones, at last only the culprit fails. */
  async function storeInHalves(batch: readonly Pending[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2)
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      const free: Pending[] = []
      for (const pending of half) {
        const behind = held.get(keyOf(placeOf(pending.message)))
        if (behind === undefined) free.push(pending)
        else behind.push(pending)
      }
      if (free.length > 0) await store(free, 1)
    }
  }

  /** Answers those that the general case must decide. */
  async function commit(
    batch: readonly Pending[],
    progress: { isCommitting: boolean },
  ): Promise<readonly Pending[]> {
    const startedAt = performance.now()
    const connection = await pool.connect("append")
    try {
      connection.begin(`BEGIN; ${SHARE_WRITING}`)
      const found = await findAll(
        connection,
        batch.map(({ message }) => message),
      )
      const { stored, placed, left } = decide(batch, found)
      if (stored.length === 0) return left
      const turn = enterTurn(stored.flatMap((it) => it.written.events))
      try {
        progress.isCommitting = true
        await allOf([...storeAll(connection, placed, found.rooms), connection.commit()])
      } catch (error) {
        turn.leave()
        throw error
      }
      onStored(stored.length, performance.now() - startedAt)
      // Not waited for: the next batch need not wait until others have heard of this one.
      void turn.take(() => tellAndAnswer(stored))
      return left
    } finally {
      connection.release("ROLLBACK")
    }
  }

  /** Events first, answers after: an answer must never overtake the event that it speaks of. */
  function tellAndAnswer(stored: readonly Stored[]): void {
    const told = stored.map((it) => tellAll(it.written.events))
    for (const [index, { pending, written: it }] of stored.entries()) {
      const isTold = told[index]
      if (isTold === undefined) pending.resolve(it.result)
      else void isTold.then(() => pending.resolve(it.result))
    }
  }

  /** By a transaction of its own. What its author says in the same room meanwhile waits. */
  async function decideWithCare(pending: Pending): Promise<void> {
    const key = keyOf(placeOf(pending.message))
    const before = held.get(key)
    if (before !== undefined) {
      before.push(pending)
      return
    }
    held.set(key, [])
    try {
      pending.resolve(await write(() => pending.message.otherwise()))
    } catch (error) {
      pending.reject(refusalOf(error))
    } finally {
      waiting = [...(held.get(key) ?? []), ...waiting]
      held.delete(key)
      start()
    }
  }

  return {
    append,
    /** Resolves when nothing waits any more. */
    async drain(): Promise<void> {
      while (size > 0) await Bun.sleep(1)
    },
  }
}

/** Gives each plain message the next seq of its room, in the order they came. */
function decide(batch: readonly Pending[], { rooms, members, sent }: Found): Decided {
  const stored: Stored[] = []
  const placed: Placed[] = []
  const left: Pending[] = []
  const stopped = new Set<string>()
  for (const pending of batch) {
    const { message } = pending
    const { draft } = message
    const place = placeOf(message)
    const key = keyOf(place)
    const room = rooms.get(draft.roomId)
    const member = members.get(key)
    const sentKey = draft.clientId === null ? null : sentKeyOf(place, draft.clientId)
    const isPlain =
      !stopped.has(key) &&
      room !== undefined &&
      member !== undefined &&
      message.permits(room, member) &&
      room.head + 1 < SEQS_PER_ROOM &&
      (sentKey === null || !sent.has(sentKey))
    if (!isPlain) {
      stopped.add(key)
      left.push(pending)
      continue
    }
    if (sentKey !== null) sent.add(sentKey)
    const seq = room.head + 1
    room.head = seq
    room.isDirty = true
    const numericId = messageNumericId(room.numericId, seq)
    placed.push({ numericId, room: room.numericId, seq, append: message })
    stored.push({ pending, written: written(message, { room, seq, numericId }) })
  }
  return { stored, placed, left }
}

/** Throws what failed first, when all are over: what a connection is asked must be answered. */
async function allOf(tasks: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(tasks)) {
    if (outcome.status === "rejected") throw outcome.reason
  }
}
