import { and, asc, count, desc, eq, gt, gte, isNotNull, lt, lte, ne, sql } from "drizzle-orm"
import type { HistoryRange } from "../protocol/commands"
import type { Message, Page } from "../protocol/entities"
import type { RoomNumericId, Seq } from "../protocol/ids"
import { messageNumericId, SEQS_PER_ROOM } from "../protocol/message-id"
import type { Tables } from "./database"
import type { MessageCache } from "./message-cache"
import { selectMessages, toMessage } from "./message-rows"
import { type Script, statement } from "./script"

interface MessageListsDeps extends Tables {
  /** Null: nothing is remembered. */
  readonly cache: MessageCache | null
}

/** Messages of a room, some at a time: by where they stand, by what became of them. */
export function createMessageLists({ queries, schema, cache }: MessageListsDeps) {
  const { messages } = schema
  const v = sql.placeholder
  const select = () => selectMessages({ queries, schema })
  const inRoom = eq(messages.roomNumericId, v("room"))
  // A room's history is a range of keys, and both ends are named: the next room is a neighbour.
  const isBefore = and(gt(messages.numericId, v("start")), lt(messages.numericId, v("key")))
  const isFrom = and(gte(messages.numericId, v("key")), lt(messages.numericId, v("end")))
  const before = statement(() =>
    select().where(isBefore).orderBy(desc(messages.numericId)).limit(v("limit")),
  )
  const from = statement(() =>
    select().where(isFrom).orderBy(asc(messages.numericId)).limit(v("limit")),
  )
  // The same pages, by what proves a remembered message current.
  const versionColumns = { numericId: messages.numericId, changedSeq: messages.changedSeq }
  const versionsBefore = statement(() =>
    queries
      .select(versionColumns)
      .from(messages)
      .where(isBefore)
      .orderBy(desc(messages.numericId))
      .limit(v("limit")),
  )
  const versionsFrom = statement(() =>
    queries
      .select(versionColumns)
      .from(messages)
      .where(isFrom)
      .orderBy(asc(messages.numericId))
      .limit(v("limit")),
  )
  const inThread = eq(messages.threadId, v("thread"))
  const threadBefore = statement(() =>
    select()
      .where(and(inThread, lt(messages.numericId, v("key"))))
      .orderBy(desc(messages.numericId))
      .limit(v("limit")),
  )
  const threadFrom = statement(() =>
    select()
      .where(and(inThread, gte(messages.numericId, v("key"))))
      .orderBy(asc(messages.numericId))
      .limit(v("limit")),
  )
  const said = statement(() =>
    select()
      .where(
        and(
          gte(messages.numericId, v("key")),
          lte(messages.numericId, v("end")),
          ne(messages.type, "system"),
        ),
      )
      .orderBy(desc(messages.numericId))
      .limit(v("limit")),
  )
  const neverChanged = statement(() =>
    select()
      .where(and(isFrom, eq(messages.changedSeq, messages.seq)))
      .orderBy(asc(messages.numericId))
      .limit(v("limit")),
  )
  const isPinned = and(inRoom, isNotNull(messages.pinnedAt))
  const pinned = statement(() =>
    select()
      .where(isPinned)
      .orderBy(desc(messages.pinnedAt), desc(messages.numericId))
      .limit(v("limit"))
      .offset(v("offset")),
  )
  const countPinned = statement(() =>
    queries.select({ count: count() }).from(messages).where(isPinned),
  )
  const changed = statement(() =>
    select()
      .where(
        and(inRoom, gt(messages.changedSeq, v("since")), ne(messages.changedSeq, messages.seq)),
      )
      .orderBy(asc(messages.changedSeq))
      .limit(v("limit")),
  )

  function* endingBefore(room: RoomNumericId, seq: Seq, limit: number): Script<Message[]> {
    const forgettings = cache?.forgettings ?? 0
    const key = messageNumericId(room, Math.min(seq, SEQS_PER_ROOM))
    const page = { start: messageNumericId(room, 0), key, limit }
    const known = cache === null ? null : cache.findAll(yield* versionsBefore.all(page))
    if (known !== null) return known.reverse()
    const read = (yield* before.all(page)).map(toMessage)
    cache?.remember(read, forgettings)
    return read.reverse()
  }
  function* startingAt(room: RoomNumericId, seq: Seq, limit: number): Script<Message[]> {
    const forgettings = cache?.forgettings ?? 0
    const key = messageNumericId(room, Math.min(seq, SEQS_PER_ROOM))
    const page = { key, end: messageNumericId(room, SEQS_PER_ROOM), limit }
    const known = cache === null ? null : cache.findAll(yield* versionsFrom.all(page))
    if (known !== null) return known
    const read = (yield* from.all(page)).map(toMessage)
    cache?.remember(read, forgettings)
    return read
  }

  return {
    /** A part of the room's history, oldest first; without a cursor the newest. */
    *history(room: RoomNumericId, range: HistoryRange): Script<readonly Message[]> {
      const { limit } = range
      if (range.after !== undefined) return yield* startingAt(room, range.after + 1, limit)
      if (range.around !== undefined) {
        const half = Math.floor(limit / 2)
        const earlier = yield* endingBefore(room, range.around, half)
        return [...earlier, ...(yield* startingAt(room, range.around, limit - half))]
      }
      return yield* endingBefore(room, range.before ?? Number.MAX_SAFE_INTEGER, limit)
    },
    /** A part of the thread that began with a message, oldest first; like history. */
    *thread(
      { id, numericId, seq }: Message,
      { before, after, limit }: Omit<HistoryRange, "around">,
    ): Script<readonly Message[]> {
      // Seqs count from where the root stands: its room's key is its own, less its seq.
      const keyOf = (place: Seq) => numericId - seq + Math.min(place, SEQS_PER_ROOM)
      if (after !== undefined) {
        const page = { thread: id, key: keyOf(after + 1), limit }
        return (yield* threadFrom.all(page)).map(toMessage)
      }
      const page = { thread: id, key: keyOf(before ?? SEQS_PER_ROOM), limit }
      return (yield* threadBefore.all(page)).map(toMessage).reverse()
    },
    /** What people have said from one seq to another, both with it; newest first. */
    *saidBetween(
      room: RoomNumericId,
      { from: oldest, until, limit }: { from: Seq; until: Seq; limit: number },
    ): Script<readonly Message[]> {
      const key = messageNumericId(room, oldest)
      return (yield* said.all({ key, end: messageNumericId(room, until), limit })).map(toMessage)
    },
    /** What was pinned last first. */
    *listPinned(room: RoomNumericId, page: Page): Script<readonly Message[]> {
      return (yield* pinned.all({ room, ...page })).map(toMessage)
    },
    *countPinned(room: RoomNumericId): Script<number> {
      return (yield* countPinned.first({ room }))?.count ?? 0
    },
    /** In the order of their last change, each in its last state. */
    *changedSince(room: RoomNumericId, since: Seq, limit: number): Script<readonly Message[]> {
      const key = messageNumericId(room, Math.min(since + 1, SEQS_PER_ROOM))
      const end = messageNumericId(room, SEQS_PER_ROOM)
      const rows = [
        ...(yield* neverChanged.all({ key, end, limit })),
        ...(yield* changed.all({ room, since, limit })),
      ]
      return rows
        .map(toMessage)
        .sort((a, b) => a.changedSeq - b.changedSeq)
        .slice(0, limit)
    },
  }
}
