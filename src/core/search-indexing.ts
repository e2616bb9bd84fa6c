import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { RoomNumericId, Seq } from "../protocol/ids"
import type { SearchedRoom, Store } from "../store"

export interface IndexingDeps {
  readonly store: Pick<Store, "read" | "writeInRoom" | "search">
  readonly onTrouble: (error: unknown) => void
  /** How long after a message it is taken in; without it, a quarter of a second. */
  readonly afterMs?: number | undefined
}

type Room = Pick<SearchedRoom, "numericId" | "head" | "indexedSeq">

const AFTER_MS = 250

/** What others may miss, this node finds within a minute: a message that it was not told of. */
const LOOK_EVERY_MS = 60_000

/** Rooms of which one query tells whether they are behind. */
const ROOMS_AT_ONCE = 1_000

/** Messages that one write takes in, when nobody else writes and when others do: 5 ms and 1 ms. */
const MANY = 256
const FEW = 64

/** While others write, this takes a 25th of the time. */
const PAUSES_PER_STEP = 24
const BREATH_MS = 20

/**
 * Takes messages into the index of words, behind those who send: a message costs the sender
 * nothing, and whoever searches brings the rooms they ask about up to date first. The database
 * knows how far each room is; what is remembered here only says where to look.
 */
export function createIndexing({ store, onTrouble, afterMs = AFTER_MS }: IndexingDeps) {
  /** Rooms with messages that cannot be found yet, as far as is known. */
  const behind = new Map<RoomNumericId, { from: Seq; head: Seq }>()
  const underWay = new Map<RoomNumericId, Promise<Seq>>()
  let heard = 0
  let isRunning = false
  let isStopped = true
  let timer: Timer | undefined
  let lookTimer: Timer | undefined

  /** On the path of every message. */
  function heed(message: BusMessage): void {
    if (message.type !== "message.created") return
    heard++
    note(message.room.numericId, message.seq, message.seq - 1)
    if (!isRunning && timer === undefined) schedule()
  }

  function note(room: RoomNumericId, head: Seq, indexedSeq: Seq): void {
    const known = behind.get(room)
    if (known === undefined) behind.set(room, { from: indexedSeq, head })
    else if (known.head < head) known.head = head
  }

  /** One step for one room; all who want one at the same time share it. */
  function step(room: RoomNumericId, limit: number): Promise<Seq> {
    const current = underWay.get(room)
    if (current !== undefined) return current
    const task = stepOnce(room, limit).finally(() => underWay.delete(room))
    underWay.set(room, task)
    return task
  }

  async function stepOnce(room: RoomNumericId, limit: number): Promise<Seq> {
    const done = await store.writeInRoom(() => store.search.indexNext(room, limit))
    const known = behind.get(room)
    if (known !== undefined) {
      if (done.until >= Math.max(known.head, done.head)) behind.delete(room)
      else known.from = done.until
    }
    return done.until
  }

  /**
   * Until all of these rooms' messages can be found, or so many more can. Answers how many cannot.
   * Errors: `overloaded`.
   */
  async function catchUp(rooms: readonly Room[], messagesMax: number): Promise<number> {
    let budget = messagesMax
    let left = 0
    for (const { numericId, head, indexedSeq } of rooms) {
      let until = indexedSeq
      while (until < head && budget > 0) {
        const next = await step(numericId, Math.min(MANY, budget))
        budget -= Math.max(1, next - until)
        until = Math.max(until, next)
      }
      left += Math.max(0, head - until)
    }
    return left
  }

  function schedule(): void {
    if (isStopped) return
    timer = setTimeout(() => {
      timer = undefined
      void run()
    }, afterMs)
    timer.unref()
  }

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      for (let room = nextRoom(); room !== null; room = nextRoom()) {
        const isBusy = heard > 0
        heard = 0
        const startedAt = performance.now()
        await step(room, isBusy ? FEW : MANY)
        const tookMs = performance.now() - startedAt
        await pause(isBusy ? Math.max(BREATH_MS, tookMs * PAUSES_PER_STEP) : 1)
      }
    } catch (error) {
      // The database's trouble is told once, where it is noticed; what is behind is found again.
      if (!(error instanceof ChatError)) onTrouble(error)
    } finally {
      isRunning = false
    }
  }

  /** The one that has waited longest goes to the end, so that each has its turn. */
  function nextRoom(): RoomNumericId | null {
    const [first] = behind
    if (first === undefined || isStopped) return null
    const [room, state] = first
    behind.delete(room)
    behind.set(room, state)
    return room
  }

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, milliseconds).unref()
    })

  /** Errors: none; the next look finds what this one could not. */
  async function look(): Promise<void> {
    try {
      for (let after: number | null = 0; after !== null && !isStopped; ) {
        const page: Awaited<ReturnType<typeof lookAfter>> = await lookAfter(after)
        for (const it of page.rooms) note(it.numericId, it.head, it.indexedSeq)
        after = page.next
      }
    } catch (error) {
      if (!(error instanceof ChatError)) onTrouble(error)
    }
    if (behind.size > 0 && !isRunning && timer === undefined) schedule()
  }

  const lookAfter = (after: number) => store.read(store.search.behindAfter(after, ROOMS_AT_ONCE))

  return {
    heed,
    catchUp,
    /** Messages that cannot be found yet, as far as this node knows. */
    countBehind(): number {
      let sum = 0
      for (const { from, head } of behind.values()) sum += head - from
      return sum
    },
    start(): void {
      isStopped = false
      void look()
      lookTimer = setInterval(look, LOOK_EVERY_MS)
      lookTimer.unref()
    },
    /** A step that is under way is finished by the store. */
    stop(): void {
      isStopped = true
      clearTimeout(timer)
      timer = undefined
      clearInterval(lookTimer)
    },
  }
}

export type Indexing = ReturnType<typeof createIndexing>
