import { ChatError } from "../protocol/errors"
import { LIMITS } from "../protocol/limits"
import { messageNumericId, SEQS_PER_ROOM } from "../protocol/message-id"
import type { SendReceipt } from "../protocol/replies"
import { written } from "./appended"
import { createBusyRooms } from "./busy-rooms"
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
import {
  isConflict,
  isCutOff,
  isLocked,
  isTaken,
  isTrouble,
  NoConnection,
} from "./postgres-trouble"
import type { TellAll } from "./telling"
import type { EnterTurn } from "./telling-turns"
import type { Written } from "./write-queue"

/** So many share a transaction: enough that the commit costs each of them next to nothing. */
const BATCH_MAX = 500

/** As long as for a connection: who has waited longer is told to try again. */
const WAIT_MS = 10_000

const ATTEMPTS = 3

const BACKOFF_MS = 4

/**
 * Whoever locks a room does so for a moment, unless they stand still: then a batch waits no longer
 * for them. What they hold is free soon after Postgres has ended a transaction that idles.
 */
const ROW_LOCK_MS = 250
const IDLE_MS = 3_000

const BEGIN = [
  "BEGIN",
  // Waits as long as for any lock: whoever writes alone makes all others wait.
  SHARE_WRITING,
  `SET LOCAL lock_timeout = ${ROW_LOCK_MS}`,
  `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}`,
  // A plan that is kept for arrays of any length looks through all messages of the room.
  "SET LOCAL plan_cache_mode = force_custom_plan",
].join("; ")

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
  /** Of rooms that somebody else has locked. */
  readonly busy: readonly Pending[]
}

/** A transaction of the lane, and how far it has come. */
interface Progress {
  /** It waits for rooms that others have locked, for a moment. */
  readonly isPatient: boolean
  isCommitting: boolean
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
  const busyRooms = createBusyRooms<Pending>(start)
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
    for (;;) {
      const late = busyRooms.takeDue()
      while (late.length > 0) await store(takeBatch(late), { attempt: 1, isPatient: false })
      if (waiting.length === 0) break
      await store(takeBatch(waiting), { attempt: 1, isPatient: true })
    }
    isRunning = false
  }

  /** A batch is told in one turn, so it ends where that is enough, too. */
  function countBatch(queue: readonly Pending[]): number {
    let chars = 0
    const end = queue.findIndex(({ message: { draft } }, index) => {
      chars += charsOf(draft)
      return chars >= LIMITS.toldAtOnceCharsMax || index === BATCH_MAX - 1
    })
    return end === -1 ? queue.length : end + 1
  }

  function takeBatch(queue: Pending[]): readonly Pending[] {
    const latest = performance.now() - WAIT_MS
    const batch: Pending[] = []
    for (const pending of queue.splice(0, countBatch(queue))) {
      if (pending.since < latest) pending.reject(refusalOf(new ChatError("overloaded")))
      else if (!mustWait(pending)) batch.push(pending)
    }
    return batch
  }

  /** Behind others of its author, or of its room. */
  function mustWait(pending: Pending): boolean {
    const place = placeOf(pending.message)
    const behind = held.get(keyOf(place))
    if (behind !== undefined) behind.push(pending)
    else if (busyRooms.has(place.room)) busyRooms.put(place.room, pending)
    else return false
    return true
  }

  /** Never throws: each message of the batch is answered, here or later. */
  async function store(
    batch: readonly Pending[],
    { attempt, isPatient }: { readonly attempt: number; readonly isPatient: boolean },
  ): Promise<void> {
    if (batch.length === 0) return
    const progress = { isPatient, isCommitting: false }
    try {
      const { left, busy } = await commit(batch, progress)
      for (const pending of busy) busyRooms.put(pending.message.draft.roomId, pending)
      for (const pending of left) decideWithCare(pending)
    } catch (error) {
      const isEarly = !progress.isCommitting && isCutOff(error)
      const isUndone = isEarly || (isConflict(error) && !isTaken(error))
      if (isUndone && attempt < ATTEMPTS) {
        await Bun.sleep(BACKOFF_MS)
        return store(batch, { attempt: attempt + 1, isPatient })
      }
      if (isLocked(error) && isPatient) return store(batch, { attempt, isPatient: false })
      if (batch.length > 1 && !isTrouble(error)) return storeInHalves(batch, isPatient)
      const [only] = batch
      if (only !== undefined && isTaken(error)) return void decideWithCare(only)
      const refusal = refusalOf(error)
      // They would only wait for the same.
      const others = error instanceof NoConnection ? waiting.splice(0) : []
      for (const { reject } of [...batch, ...others]) reject(refusal)
    }
  }

  /** One message breaks the whole batch. In ever smaller ones, at last only the culprit fails. */
  async function storeInHalves(batch: readonly Pending[], isPatient: boolean): Promise<void> {
    const middle = Math.ceil(batch.length / 2)
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      const free = half.filter((pending) => !mustWait(pending))
      await store(free, { attempt: 1, isPatient })
    }
  }

  /** Answers with those that the general case must decide, and those whose rooms were not free. */
  async function commit(
    batch: readonly Pending[],
    progress: Progress,
  ): Promise<Pick<Decided, "left" | "busy">> {
    const startedAt = performance.now()
    const connection = await pool.connect("append")
    try {
      connection.begin(BEGIN)
      const messages = batch.map(({ message }) => message)
      const found = await findAll(connection, messages, progress.isPatient)
      const { stored, placed, ...others } = decide(batch, found)
      if (stored.length === 0) return others
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
      return others
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
function decide(
  batch: readonly Pending[],
  { rooms, members, sent, busy: busyIds }: Found,
): Decided {
  const stored: Stored[] = []
  const placed: Placed[] = []
  const left: Pending[] = []
  const busy: Pending[] = []
  const stopped = new Set<string>()
  for (const pending of batch) {
    const { message } = pending
    const { draft } = message
    if (busyIds.has(draft.roomId)) {
      busy.push(pending)
      continue
    }
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
  return { stored, placed, left, busy }
}

/** Throws what failed first, when all are over: what a connection is asked must be answered. */
async function allOf(tasks: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(tasks)) {
    if (outcome.status === "rejected") throw outcome.reason
  }
}
