import { setImmediate } from "node:timers/promises"
import type { Instant, MessageNumericId, RoomNumericId, Seq } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { SEQS_PER_ROOM } from "../protocol/message-id"
import type { FoundText, Phrase, Script, SearchedRoom, Store } from "../store"
import { MS_PER_TURN } from "./turns"

/** What is looked for, where and when. */
export interface Wanted {
  readonly phrases: readonly Phrase[]
  /** What must be in the index beside the words: an author, a file. */
  readonly marks: readonly string[]
  /** Up to this instant, without it; null: without an end. */
  readonly before: Instant | null
  readonly after: Instant | null
}

/** Where somebody looks: in one room, or in all that they may read. */
export type Scope =
  | { readonly type: "room"; readonly room: SearchedRoom }
  | {
      readonly type: "all"
      readonly rooms: readonly SearchedRoom[]
      /** Of these rooms, those that may be read. */
      amongst(rooms: readonly RoomNumericId[]): Script<readonly SearchedRoom[]>
    }

/** In one turn of the event loop at most so much is walked through: a few milliseconds. */
const SEQS_PER_TURN = 50_000
const TEXTS_PER_TURN = 250

/** Of one room among many so many are looked at, at least. */
const PER_ROOM_MIN = 20

/** A room's messages are in the order of their times but for those that waited. */
const DISORDER_MS = 60_000

const N = LIMITS.searchRankedMax

/**
 * The newest messages with the words, as many as are ranked. Whatever is walked through is
 * bounded and in parts, with turns for others between, however common the words are.
 */
export function createFindCandidates({ read, search }: Pick<Store, "read" | "search">) {
  return async function findCandidates(wanted: Wanted, scope: Scope): Promise<FoundText[]> {
    const isInTime = ({ createdAt }: FoundText) =>
      createdAt < (wanted.before ?? Number.POSITIVE_INFINITY) &&
      createdAt > (wanted.after ?? Number.NEGATIVE_INFINITY)
    if (scope.type === "room") return await walk([scope.room], wanted, isInTime)
    const few = await findFew(wanted, scope)
    if (few !== null) return (await load(few)).filter(isInTime)
    return await walk(await inOrder(scope.rooms), wanted, isInTime)
  }

  /**
   * All hits at once, where one of the words is so rare that the others need not be walked
   * through; null where none is.
   */
  async function findFew(
    { phrases, marks }: Wanted,
    scope: Scope & { readonly type: "all" },
  ): Promise<readonly MessageNumericId[] | null> {
    const all = [...phrases, ...marks.map((mark) => [mark])]
    return await read(
      (function* () {
        if (!(yield* hasRare(new Set(all.flat())))) return null
        const keys = yield* search.find(all, N + 1)
        const rooms = [...new Set(keys.map(roomOf))]
        const readable = yield* scope.amongst(rooms)
        const mayRead = new Set(readable.map(({ numericId }) => numericId))
        return keys.filter((key) => mayRead.has(roomOf(key)))
      })(),
    )
  }

  function* hasRare(terms: ReadonlySet<string>): Script<boolean> {
    for (const term of terms) {
      if ((yield* search.find([[term]], N + 1)).length <= N) return true
    }
    return false
  }

  /** Those that were written to last come first. */
  async function inOrder(rooms: readonly SearchedRoom[]): Promise<readonly DatedRoom[]> {
    const dated: DatedRoom[] = []
    for (const part of partsOf(rooms, TEXTS_PER_TURN)) {
      dated.push(
        ...(await read(
          (function* () {
            const found: DatedRoom[] = []
            for (const room of part) {
              const latest = yield* search.latestIn(room)
              if (latest !== null) found.push({ ...room, latest })
            }
            return found
          })(),
        )),
      )
      await setImmediate()
    }
    return dated.sort((a, b) => b.latest - a.latest)
  }

  async function walk(
    rooms: readonly WalkedRoom[],
    wanted: Wanted,
    isInTime: (text: FoundText) => boolean,
  ): Promise<FoundText[]> {
    const steps = stepsThrough(rooms, wanted, isInTime)
    let found: FoundText[] = []
    for (let next: Instant | null = Number.POSITIVE_INFINITY; next !== null; ) {
      const step: Step = await read(steps.next())
      if (step.texts.length > 0) found = newest([...found, ...step.texts])
      // All that comes now is older than what is found already.
      const oldest = found.length < N ? Number.NEGATIVE_INFINITY : (found.at(-1)?.createdAt ?? 0)
      next = step.next !== null && step.next >= oldest ? step.next : null
      await setImmediate()
    }
    return found
  }

  /** Goes through the rooms, each from its newest message on, as much at a time as a turn may take. */
  function stepsThrough(
    rooms: readonly WalkedRoom[],
    wanted: Wanted,
    isInTime: (text: FoundText) => boolean,
  ) {
    const phrases = [...wanted.phrases, ...wanted.marks.map((mark) => [mark])]
    const perRoom = Math.min(N, Math.max(PER_ROOM_MIN, Math.ceil((2 * N) / rooms.length)))
    let index = 0
    let part: { readonly after: Seq; readonly until: Seq; readonly left: number } | null = null

    function* next(): Script<Step> {
      const texts: FoundText[] = []
      let seqs = 0
      const startedAt = performance.now()
      while (performance.now() - startedAt < MS_PER_TURN) {
        const room = rooms[index]
        if (room === undefined) return { texts, next: null }
        if (seqs >= SEQS_PER_TURN || texts.length >= TEXTS_PER_TURN) break
        part ??= { ...(yield* boundsOf(room, wanted)), left: perRoom }
        const { found, until } = yield* look(room, part)
        const inTime = found.filter(isInTime)
        texts.push(...inTime)
        seqs += part.until - until
        part = { after: part.after, until, left: part.left - inTime.length }
        if (until <= part.after || part.left <= 0) {
          index++
          part = null
        }
      }
      return { texts, next: rooms[index]?.latest ?? Number.POSITIVE_INFINITY }
    }

    /** One part of a room, and up to where it is left to be looked at. */
    function* look(
      room: SearchedRoom,
      { after, until, left }: { after: Seq; until: Seq; left: number },
    ): Script<{ readonly found: readonly FoundText[]; readonly until: Seq }> {
      const bottom = Math.max(after, until - SEQS_PER_TURN)
      if (bottom >= until) return { found: [], until: bottom }
      const limit = Math.min(left, TEXTS_PER_TURN)
      const range = { room: room.numericId, after: bottom, until }
      const keys = yield* search.findIn(range, phrases, limit)
      const found = keys.length === 0 ? [] : yield* search.loadTexts(keys)
      const oldest = keys.at(-1)
      const isFull = keys.length === limit && oldest !== undefined
      return { found, until: isFull ? (oldest % SEQS_PER_ROOM) - 1 : bottom }
    }
    return { next }
  }

  function* boundsOf(
    room: SearchedRoom,
    { before, after }: Wanted,
  ): Script<{ readonly after: Seq; readonly until: Seq }> {
    return {
      after: after === null ? 0 : yield* search.seqBefore(room, after - DISORDER_MS),
      until: before === null ? room.head : yield* search.seqBefore(room, before + DISORDER_MS),
    }
  }

  async function load(keys: readonly MessageNumericId[]): Promise<FoundText[]> {
    const found: FoundText[] = []
    for (const part of partsOf(keys, TEXTS_PER_TURN)) {
      found.push(...(await read(search.loadTexts(part))))
      await setImmediate()
    }
    return found
  }
}

interface DatedRoom extends SearchedRoom {
  readonly latest: Instant
}

/** `latest`: when it was last written to, where that matters. */
type WalkedRoom = SearchedRoom & { readonly latest?: Instant }

interface Step {
  readonly texts: readonly FoundText[]
  /** When the next room was last written to; null: there is none. */
  readonly next: Instant | null
}

/** The order in which what is found alike is told. */
export const byAge = (a: FoundText, b: FoundText): number =>
  b.createdAt - a.createdAt || b.numericId - a.numericId

const newest = (texts: FoundText[]): FoundText[] => texts.sort(byAge).slice(0, N)

// A message's number is its room's and its place in it, and the room's was made before.
const roomOf = (key: MessageNumericId): RoomNumericId =>
  Math.floor(key / SEQS_PER_ROOM) as RoomNumericId

function* partsOf<Item>(items: readonly Item[], size: number) {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
