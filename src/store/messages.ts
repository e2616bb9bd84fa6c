import { and, asc, desc, eq, gt, gte, lt, sql } from "drizzle-orm"
import { z } from "zod"
import type { HistoryRange, MessageDraft } from "../protocol/commands"
import type { Message, Profile } from "../protocol/entities"
import type { Instant, MessageId, RoomNumericId, Seq, UserNumericId } from "../protocol/ids"
import type { Queries } from "./database"
import { createMessageCache } from "./message-cache"
import { messages, rooms, users } from "./schema/sqlite"
import { type Script, statement } from "./script"
import { profileColumns } from "./users"

const messageColumns = {
  id: messages.id,
  numericId: messages.numericId,
  roomId: rooms.id,
  seq: messages.seq,
  changedSeq: messages.changedSeq,
  author: profileColumns,
  type: messages.type,
  content: messages.content,
  clientId: messages.clientId,
  replyTo: messages.replyTo,
  threadId: messages.threadId,
  threadCount: messages.threadCount,
  pinnedAt: messages.pinnedAt,
  metadata: messages.metadata,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
}

type MessageRow = Omit<Message, "pinned" | "metadata"> & {
  readonly pinnedAt: Instant | null
  readonly metadata: string | null
}

const StoredMetadata = z.record(z.string(), z.unknown())

const toMessage = ({ pinnedAt, metadata, ...row }: MessageRow): Message => ({
  ...row,
  pinned: pinnedAt !== null,
  metadata: metadata === null ? null : StoredMetadata.parse(JSON.parse(metadata)),
})

export function createMessages(queries: Queries) {
  const v = sql.placeholder
  const select = () =>
    queries
      .select(messageColumns)
      .from(messages)
      .innerJoin(rooms, eq(rooms.numericId, messages.roomNumericId))
      .innerJoin(users, eq(users.numericId, messages.userNumericId))
      .$dynamic()
  const inRoom = eq(messages.roomNumericId, v("room"))
  const byId = statement(select().where(eq(messages.id, v("id"))))
  const byClientId = statement(
    select().where(
      and(inRoom, eq(messages.userNumericId, v("user")), eq(messages.clientId, v("clientId"))),
    ),
  )
  const insert = statement(
    queries
      .insert(messages)
      .values({
        id: v("id"),
        roomNumericId: v("room"),
        seq: v("seq"),
        changedSeq: v("seq"),
        userNumericId: v("user"),
        type: v("type"),
        content: v("content"),
        clientId: v("clientId"),
        metadata: v("metadata"),
        createdAt: v("createdAt"),
      })
      .returning({ id: messages.id }),
  )
  const before = statement(
    select()
      .where(and(inRoom, lt(messages.seq, v("seq"))))
      .orderBy(desc(messages.seq))
      .limit(v("limit")),
  )
  const from = statement(
    select()
      .where(and(inRoom, gte(messages.seq, v("seq"))))
      .orderBy(asc(messages.seq))
      .limit(v("limit")),
  )
  // The same pages, by what proves a remembered message current.
  const versionColumns = { numericId: messages.numericId, changedSeq: messages.changedSeq }
  const versionsBefore = statement(
    queries
      .select(versionColumns)
      .from(messages)
      .where(and(inRoom, lt(messages.seq, v("seq"))))
      .orderBy(desc(messages.seq))
      .limit(v("limit")),
  )
  const versionsFrom = statement(
    queries
      .select(versionColumns)
      .from(messages)
      .where(and(inRoom, gte(messages.seq, v("seq"))))
      .orderBy(asc(messages.seq))
      .limit(v("limit")),
  )
  const cache = createMessageCache()
  const changed = statement(
    select()
      .where(and(inRoom, gt(messages.changedSeq, v("since"))))
      .orderBy(asc(messages.changedSeq))
      .limit(v("limit")),
  )

  function* find(id: MessageId): Script<Message | null> {
    const row = yield* byId.first({ id })
    return row === null ? null : toMessage(row)
  }
  function* endingBefore(room: RoomNumericId, seq: Seq, limit: number): Script<Message[]> {
    const page = { room, seq, limit }
    const known = cache.findAll(yield* versionsBefore.all(page))
    if (known !== null) return known.reverse()
    const read = (yield* before.all(page)).map(toMessage)
    cache.remember(read)
    return read.reverse()
  }
  function* startingAt(room: RoomNumericId, seq: Seq, limit: number): Script<Message[]> {
    const page = { room, seq, limit }
    const known = cache.findAll(yield* versionsFrom.all(page))
    if (known !== null) return known
    const read = (yield* from.all(page)).map(toMessage)
    cache.remember(read)
    return read
  }

  return {
    find,
    *findByClientId(
      room: RoomNumericId,
      user: UserNumericId,
      clientId: string,
    ): Script<Message | null> {
      const row = yield* byClientId.first({ room, user, clientId })
      return row === null ? null : toMessage(row)
    },
    *insert(message: {
      id: MessageId
      room: RoomNumericId
      seq: Seq
      author: Profile
      draft: MessageDraft
      createdAt: Instant
    }): Script<Message> {
      const { id, room, seq, author, draft, createdAt } = message
      yield* insert.first({
        id,
        room,
        seq,
        user: author.numericId,
        type: draft.type,
        content: draft.content,
        clientId: draft.clientId,
        metadata: draft.metadata === null ? null : JSON.stringify(draft.metadata),
        createdAt,
      })
      const stored = yield* find(id)
      if (stored === null) throw new Error(`message ${id} has vanished`)
      return stored
    },
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
    /** In the order of their last change, each in its last state. */
    *changedSince(room: RoomNumericId, since: Seq, limit: number): Script<readonly Message[]> {
      return (yield* changed.all({ room, since, limit })).map(toMessage)
    },
  }
}
