import { and, asc, count, gt, lte, ne, sql } from "drizzle-orm"
import type { Room } from "../protocol/entities"
import type { RoomNumericId, Seq } from "../protocol/ids"
import { messageNumericId } from "../protocol/message-id"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** So many seqs are looked at before others have a turn: a few milliseconds. */
const SLICE = 4_096

/** A range so short is read, and not halved further. */
const READ_MAX = 128

/** Of all rooms together; what was asked for longest ago goes first. */
const GAPS_MAX = 1_000_000

/** The messages of people in a room, by their rank: 1 is the oldest. */
export interface MessagePlaces {
  readonly total: number
  seqOf(rank: number): Seq
}

interface Known {
  readonly epoch: string
  /** Every seq up to here has been looked at. */
  readonly until: Seq
  /** Seqs that are no message of anybody, ascending: changes of members, words of the server. */
  readonly gaps: readonly Seq[]
}

const NOTHING: readonly Seq[] = []

/**
 * How many messages a room has, and which is the 5,000th. Neither is stored, for every message
 * would pay for what few ask; and `count` and `offset` walk through the history each time. But
 * nearly every seq is a message, so it is enough to remember those that are none: they are looked
 * for once after a start, and from then on only among what is new.
 */
export function createMessagePlaces({ queries, schema }: Tables) {
  const { messages } = schema
  const v = sql.placeholder
  const isSaid = and(
    gt(messages.numericId, v("after")),
    lte(messages.numericId, v("until")),
    ne(messages.type, "system"),
  )
  const countSaid = statement(() => queries.select({ count: count() }).from(messages).where(isSaid))
  const seqs = statement(() =>
    queries
      .select({ seq: messages.seq })
      .from(messages)
      .where(isSaid)
      .orderBy(asc(messages.numericId)),
  )
  const byRoom = new Map<RoomNumericId, Known>()
  let remembered = 0

  /** Halves what is not full: a range without gaps costs one count. */
  function* gapsBetween(room: RoomNumericId, after: Seq, until: Seq): Script<readonly Seq[]> {
    const keys = { after: messageNumericId(room, after), until: messageNumericId(room, until) }
    if (until - after <= READ_MAX) {
      const said = new Set((yield* seqs.all(keys)).map(({ seq }) => seq))
      const all = Array.from({ length: until - after }, (_, index) => after + 1 + index)
      return all.filter((seq) => !said.has(seq))
    }
    if ((yield* countSaid.first(keys))?.count === until - after) return NOTHING
    const middle = Math.floor((after + until) / 2)
    const earlier = yield* gapsBetween(room, after, middle)
    return [...earlier, ...(yield* gapsBetween(room, middle, until))]
  }

  function recall({ numericId, epoch, head }: Room): Known {
    const known = byRoom.get(numericId)
    const isGood = known !== undefined && known.epoch === epoch && known.until <= head
    return isGood ? known : { epoch, until: 0, gaps: NOTHING }
  }

  function keep(room: RoomNumericId, known: Known): void {
    forget(room)
    byRoom.set(room, known)
    remembered += weight(known)
    for (const oldest of byRoom.keys()) {
      if (remembered <= GAPS_MAX || oldest === room) break
      forget(oldest)
    }
  }

  function forget(room: RoomNumericId): void {
    const known = byRoom.get(room)
    if (known === undefined) return
    byRoom.delete(room)
    remembered -= weight(known)
  }

  /** Of a room as it was read in this script. Null: there is more to look at, so ask again. */
  return function* findPlaces(room: Room): Script<MessagePlaces | null> {
    const { epoch, until: after, gaps } = recall(room)
    const until = Math.min(room.head, after + SLICE)
    const found = yield* gapsBetween(room.numericId, after, until)
    const known = { epoch, until, gaps: found.length === 0 ? gaps : [...gaps, ...found] }
    keep(room.numericId, known)
    return until < room.head ? null : placesOf(known)
  }
}

/** A room without gaps is remembered too. */
const weight = ({ gaps }: Known) => gaps.length + 10

const placesOf = ({ until, gaps }: Known): MessagePlaces => ({
  total: until - gaps.length,
  seqOf: (rank) => rank + countBelow(gaps, rank),
})

/** How many gaps lie before the message of this rank. A gap at `i` has `gap - i - 1` before it. */
function countBelow(gaps: readonly Seq[], rank: number): number {
  let low = 0
  let high = gaps.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((gaps[middle] ?? 0) - middle <= rank) low = middle + 1
    else high = middle
  }
  return low
}
