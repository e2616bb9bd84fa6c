import { and, asc, desc, eq, gt, inArray, isNull, lte, notExists, or, sql } from "drizzle-orm"
import type { Message } from "../protocol/entities"
import type {
  Instant,
  MessageNumericId,
  RoomId,
  RoomNumericId,
  Seq,
  UserNumericId,
} from "../protocol/ids"
import { messageNumericId } from "../protocol/message-id"
import { authorMark, FILE_MARK, indexedTerms } from "../protocol/search-terms"
import type { Database } from "./database"
import { listed } from "./listed"
import { parseExtras } from "./message-extras"
import { isRoomOfUser } from "./rooms"
import { type Script, statement } from "./script"
import { type IndexEntry, type Phrase, searchKey } from "./search-index"
import type { Written } from "./write-queue"

/** A room that somebody may read, and how far its messages can be found. */
export interface SearchedRoom {
  readonly id: RoomId
  readonly numericId: RoomNumericId
  readonly head: Seq
  readonly indexedSeq: Seq
}

/** As much of a message as is looked at to rank it. */
export interface FoundText {
  readonly numericId: MessageNumericId
  readonly roomNumericId: RoomNumericId
  readonly content: string
  readonly createdAt: Instant
}

/** A part of a room's index: after one seq, up to another with it. */
export interface SeqRange {
  readonly room: RoomNumericId
  readonly after: Seq
  readonly until: Seq
}

/** What a step of indexing has done. */
export interface Indexed {
  /** Messages of the room up to here can be found. */
  readonly until: Seq
  readonly head: Seq
}

type Indexable = Pick<Message, "numericId" | "type" | "content" | "extras" | "deletedAt"> & {
  readonly userNumericId: UserNumericId
}

/** What the index holds of a message; of a deleted one, nothing. */
export function indexEntry(message: Indexable): IndexEntry {
  const { numericId, content, deletedAt, userNumericId } = message
  const marks = [authorMark(userNumericId), ...(showsFile(message) ? [FILE_MARK] : [])]
  return {
    key: searchKey(numericId),
    terms: deletedAt === null ? indexedTerms(content, marks) : [],
  }
}

const showsFile = ({ type, extras }: Pick<Message, "type" | "extras">): boolean =>
  type === "file" || type === "image" || (extras?.attachments.length ?? 0) > 0

/**
 * Messages by their words. The index follows the messages room by room, in writes of its own: a
 * room's `indexedSeq` says how far, and moves with the words that it tells of (docs/decisions/0021).
 */
export function createSearch({ queries, schema, searchIndex }: Database) {
  const { bans, members, messages, rooms } = schema
  const v = sql.placeholder
  const columns = {
    id: rooms.id,
    numericId: rooms.numericId,
    head: rooms.head,
    indexedSeq: rooms.indexedSeq,
  }
  const isMine = isRoomOfUser({ queries, schema })
  const isNotBanned = notExists(
    queries
      .select({ one: sql`1` })
      .from(bans)
      .where(
        and(
          eq(bans.roomNumericId, rooms.numericId),
          eq(bans.userNumericId, v("user")),
          or(isNull(bans.until), gt(bans.until, v("now"))),
        ),
      ),
  )
  const isOpen = and(eq(rooms.type, "public"), isNotBanned)
  const own = statement(() =>
    queries
      .select(columns)
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .where(
        and(eq(members.userNumericId, v("user")), isNull(members.leftAt), isNull(rooms.deletedAt)),
      )
      .orderBy(desc(rooms.numericId))
      .limit(v("limit")),
  )
  const open = statement(() =>
    queries
      .select(columns)
      .from(rooms)
      .where(and(isNull(rooms.deletedAt), isOpen))
      .orderBy(desc(rooms.numericId))
      .limit(v("limit")),
  )
  const among = listed((numericIds) =>
    queries
      .select(columns)
      .from(rooms)
      .where(
        and(inArray(rooms.numericId, numericIds), isNull(rooms.deletedAt), or(isMine, isOpen)),
      ),
  )
  const upTo = statement(() =>
    queries
      .select({ createdAt: messages.createdAt, seq: messages.seq })
      .from(messages)
      .where(and(gt(messages.numericId, v("start")), lte(messages.numericId, v("key"))))
      .orderBy(desc(messages.numericId))
      .limit(1),
  )
  const texts = listed((numericIds) =>
    queries
      .select({
        numericId: messages.numericId,
        roomNumericId: messages.roomNumericId,
        content: messages.content,
        createdAt: messages.createdAt,
      })
      .from(messages)
      .where(and(inArray(messages.numericId, numericIds), isNull(messages.deletedAt))),
  )
  const lock = statement(() =>
    queries
      .update(rooms)
      .set({ indexedSeq: sql`${rooms.indexedSeq}` })
      .where(eq(rooms.numericId, v("room")))
      .returning({ head: rooms.head, indexedSeq: rooms.indexedSeq }),
  )
  const advance = statement(() =>
    queries
      .update(rooms)
      .set({ indexedSeq: sql`${v("until")}` })
      .where(eq(rooms.numericId, v("room")))
      .returning({ id: rooms.id }),
  )
  const wordings = statement(() =>
    queries
      .select({
        numericId: messages.numericId,
        userNumericId: messages.userNumericId,
        type: messages.type,
        content: messages.content,
        extras: messages.extras,
        deletedAt: messages.deletedAt,
      })
      .from(messages)
      .where(and(gt(messages.numericId, v("after")), lte(messages.numericId, v("until"))))
      // In the order of their keys.
      .orderBy(desc(messages.numericId)),
  )
  const behind = statement(() =>
    queries
      .select(columns)
      .from(rooms)
      .where(
        and(
          gt(rooms.numericId, v("after")),
          lte(rooms.numericId, v("until")),
          gt(rooms.head, rooms.indexedSeq),
          isNull(rooms.deletedAt),
        ),
      )
      .orderBy(asc(rooms.numericId)),
  )
  const last = statement(() =>
    queries
      .select({ numericId: rooms.numericId })
      .from(rooms)
      .orderBy(desc(rooms.numericId))
      .limit(1),
  )

  /** The newest message of a room that is not above this seq. */
  const newestUpTo = (room: RoomNumericId, seq: Seq) =>
    upTo.first({ start: messageNumericId(room, 0), key: messageNumericId(room, seq) })

  return {
    /** What somebody may read: their own rooms, and public ones that they are not banned from. */
    *roomsOf(
      user: UserNumericId,
      { now, limit }: { readonly now: Instant; readonly limit: number },
    ): Script<readonly SearchedRoom[]> {
      const mine = yield* own.all({ user, limit })
      const known = new Set(mine.map(({ numericId }) => numericId))
      const others = yield* open.all({ user, now, limit })
      return [...mine, ...others.filter((it) => !known.has(it.numericId))].slice(0, limit)
    },
    /** Of these rooms, those that somebody may read. */
    roomsAmong: (
      some: readonly RoomNumericId[],
      user: UserNumericId,
      now: Instant,
    ): Script<readonly SearchedRoom[]> => among.all(some, { user, now }),
    /** When a room was last written to; null: never. */
    *latestIn({ numericId, head }: SearchedRoom): Script<Instant | null> {
      return (yield* newestUpTo(numericId, head))?.createdAt ?? null
    },
    /** About up to which seq a room's messages are older than an instant, by halving. */
    *seqBefore({ numericId, head }: SearchedRoom, instant: Instant): Script<Seq> {
      let low = 0
      let high = head
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        const found = yield* newestUpTo(numericId, middle)
        if (found === null || found.createdAt < instant) low = middle
        else high = found.seq - 1
      }
      return low
    },
    /** Some of all messages with these words, whatever their rooms. */
    *find(phrases: readonly Phrase[], limit: number): Script<readonly MessageNumericId[]> {
      const expression = searchIndex.expression(phrases)
      return (yield* searchIndex.find.all({ expression, limit })).map(({ key }) => searchKey(key))
    },
    /** The newest of a part of a room with these words. */
    *findIn(
      { room, after, until }: SeqRange,
      phrases: readonly Phrase[],
      limit: number,
    ): Script<readonly MessageNumericId[]> {
      const rows = yield* searchIndex.findBetween.all({
        expression: searchIndex.expression(phrases),
        from: searchKey(messageNumericId(room, until)),
        until: searchKey(messageNumericId(room, after + 1)),
        limit,
      })
      return rows.map(({ key }) => searchKey(key))
    },
    /** In no order; deleted ones are left out. */
    loadTexts: (some: readonly MessageNumericId[]): Script<readonly FoundText[]> => texts.all(some),
    /** Takes the next messages of a room into the index. For `writeInRoom`. */
    *indexNext(room: RoomNumericId, limit: number): Script<Written<Indexed>> {
      const state = yield* lock.first({ room })
      if (state === null) throw new Error(`room ${room} has vanished`)
      const { head, indexedSeq } = state
      const until = Math.min(indexedSeq + limit, head)
      if (until > indexedSeq) {
        const rows = yield* wordings.all({
          after: messageNumericId(room, indexedSeq),
          until: messageNumericId(room, until),
        })
        const found = rows.filter(({ deletedAt }) => deletedAt === null)
        yield* searchIndex.put(
          found.map((row) => indexEntry({ ...row, extras: parseExtras(row.extras) })),
        )
        yield* advance.first({ room, until })
      }
      return { result: { until: Math.max(until, indexedSeq), head }, events: [] }
    },
    /** Rooms of which not everything can be found, among so many that follow one; null: no more. */
    *behindAfter(
      after: number,
      limit: number,
    ): Script<{ readonly rooms: readonly SearchedRoom[]; readonly next: number | null }> {
      const until = after + limit
      const newest = (yield* last.first())?.numericId ?? 0
      return {
        rooms: yield* behind.all({ after, until }),
        next: until < newest ? until : null,
      }
    },
  }
}
