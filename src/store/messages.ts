import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  lt,
  lte,
  ne,
  sql,
} from "drizzle-orm"
import { z } from "zod"
import type { HistoryRange, MessageDraft } from "../protocol/commands"
import type { Message, MessageExtras, Page, Profile } from "../protocol/entities"
import type {
  Instant,
  MessageId,
  MessageNumericId,
  RoomNumericId,
  Seq,
  UserNumericId,
} from "../protocol/ids"
import { isFields } from "../protocol/json"
import { messageId, messageNumericId, numericIdOf, SEQS_PER_ROOM } from "../protocol/message-id"
import type { Schema, Tables } from "./database"
import { listed } from "./listed"
import { createMessageCache } from "./message-cache"
import { extrasJson, parseExtras } from "./message-extras"
import { type Script, statement } from "./script"
import { indexEntry } from "./search"
import type { SearchIndex } from "./search-index"
import { profileColumns } from "./users"

const messageColumns = ({ rooms, users, messages }: Schema) => ({
  numericId: messages.numericId,
  roomId: rooms.id,
  seq: messages.seq,
  changedSeq: messages.changedSeq,
  author: profileColumns({ users }),
  type: messages.type,
  content: messages.content,
  clientId: messages.clientId,
  replyTo: messages.replyTo,
  threadId: messages.threadId,
  threadCount: messages.threadCount,
  pinnedAt: messages.pinnedAt,
  metadata: messages.metadata,
  extras: messages.extras,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
  expiresAt: messages.expiresAt,
})

type MessageRow = Omit<Message, "id" | "metadata" | "extras"> & {
  readonly metadata: string | null
  readonly extras: string | null
}

const StoredMetadata = z.custom<Readonly<Record<string, unknown>>>(isFields)

const toMessage = ({ metadata, extras, ...row }: MessageRow): Message => ({
  id: messageId(row.numericId, row.createdAt),
  ...row,
  metadata: metadata === null ? null : StoredMetadata.parse(JSON.parse(metadata)),
  extras: parseExtras(extras),
})

interface MessagesDeps extends Tables {
  /** Whether other nodes write too: a profile that one of them changes is heard of too late. */
  readonly isShared: boolean
  readonly searchIndex: Pick<SearchIndex, "put">
}

export function createMessages({ queries, schema, isShared, searchIndex }: MessagesDeps) {
  const { messages, rooms, users } = schema
  const v = sql.placeholder
  const select = () =>
    queries
      .select(messageColumns(schema))
      .from(messages)
      .innerJoin(rooms, eq(rooms.numericId, messages.roomNumericId))
      .innerJoin(users, eq(users.numericId, messages.userNumericId))
      .$dynamic()
  const inRoom = eq(messages.roomNumericId, v("room"))
  const byNumericId = statement(() => select().where(eq(messages.numericId, v("numericId"))))
  const byClientId = statement(() =>
    select().where(
      and(inRoom, eq(messages.userNumericId, v("user")), eq(messages.clientId, v("clientId"))),
    ),
  )
  const insert = statement(() =>
    queries
      .insert(messages)
      .values({
        numericId: v("numericId"),
        roomNumericId: v("room"),
        seq: v("seq"),
        changedSeq: v("seq"),
        userNumericId: v("user"),
        type: v("type"),
        content: v("content"),
        clientId: v("clientId"),
        replyTo: v("replyTo"),
        threadId: v("threadId"),
        metadata: v("metadata"),
        extras: v("extras"),
        createdAt: v("createdAt"),
        expiresAt: v("expiresAt"),
      })
      .returning({ seq: messages.seq }),
  )
  const update = statement(() =>
    queries
      .update(messages)
      .set({
        changedSeq: sql`${v("changedSeq")}`,
        content: sql`${v("content")}`,
        threadCount: sql`${v("threadCount")}`,
        pinnedAt: sql`${v("pinnedAt")}`,
        metadata: sql`${v("metadata")}`,
        extras: sql`${v("extras")}`,
        editedAt: sql`${v("editedAt")}`,
        deletedAt: sql`${v("deletedAt")}`,
        expiresAt: sql`${v("expiresAt")}`,
      })
      .where(eq(messages.numericId, v("numericId")))
      .returning({ seq: messages.seq }),
  )
  const wording = statement(() =>
    queries
      .select({
        content: messages.content,
        deletedAt: messages.deletedAt,
        indexedSeq: rooms.indexedSeq,
      })
      .from(messages)
      .innerJoin(rooms, eq(rooms.numericId, messages.roomNumericId))
      .where(eq(messages.numericId, v("numericId"))),
  )
  const someByNumericId = listed((numericIds) =>
    select().where(inArray(messages.numericId, numericIds)),
  )
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
  const cache = createMessageCache()
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

  function* findByKey(numericId: MessageNumericId): Script<Message | null> {
    const row = yield* byNumericId.first({ numericId })
    return row === null ? null : toMessage(row)
  }
  function* mustFind(numericId: MessageNumericId): Script<Message> {
    const message = yield* findByKey(numericId)
    if (message === null) throw new Error(`message ${numericId} has vanished`)
    return message
  }
  /** An id holds its message's key, and its time: both must be right. */
  function* find(id: MessageId): Script<Message | null> {
    const numericId = numericIdOf(id)
    const message = numericId === null ? null : yield* findByKey(numericId)
    return message?.id === id ? message : null
  }
  function* endingBefore(room: RoomNumericId, seq: Seq, limit: number): Script<Message[]> {
    const { forgettings } = cache
    const key = messageNumericId(room, Math.min(seq, SEQS_PER_ROOM))
    const page = { start: messageNumericId(room, 0), key, limit }
    const known = isShared ? null : cache.findAll(yield* versionsBefore.all(page))
    if (known !== null) return known.reverse()
    const read = (yield* before.all(page)).map(toMessage)
    if (!isShared) cache.remember(read, forgettings)
    return read.reverse()
  }
  function* startingAt(room: RoomNumericId, seq: Seq, limit: number): Script<Message[]> {
    const { forgettings } = cache
    const key = messageNumericId(room, Math.min(seq, SEQS_PER_ROOM))
    const page = { key, end: messageNumericId(room, SEQS_PER_ROOM), limit }
    const known = isShared ? null : cache.findAll(yield* versionsFrom.all(page))
    if (known !== null) return known
    const read = (yield* from.all(page)).map(toMessage)
    if (!isShared) cache.remember(read, forgettings)
    return read
  }

  /** What is found by its words is found by the new ones from this commit on. */
  function* followWording(message: Message): Script<void> {
    const { numericId, content, deletedAt } = message
    const before = yield* wording.first({ numericId })
    if (before === null || message.seq > before.indexedSeq) return
    if (content === before.content && deletedAt === before.deletedAt) return
    yield* searchIndex.put([indexEntry({ ...message, userNumericId: message.author.numericId })])
  }

  return {
    find,
    findByNumber: findByKey,
    /** In no order; those that there are not are left out. */
    *findAll(numericIds: readonly MessageNumericId[]): Script<readonly Message[]> {
      return (yield* someByNumericId.all(numericIds)).map(toMessage)
    },
    forgetAuthor: cache.forgetAuthor,
    /** What is remembered of messages holds their authors' names, which may have changed. */
    forgetRemembered: cache.forgetAll,
    *findByClientId(
      room: RoomNumericId,
      user: UserNumericId,
      clientId: string,
    ): Script<Message | null> {
      const row = yield* byClientId.first({ room, user, clientId })
      return row === null ? null : toMessage(row)
    },
    *insert(message: {
      room: RoomNumericId
      seq: Seq
      author: Profile
      draft: MessageDraft
      /** Whom it mentions, what it shows: of its draft, as core has found them. */
      extras: MessageExtras | null
      createdAt: Instant
    }): Script<Message> {
      const { room, seq, author, draft, extras, createdAt } = message
      const numericId = messageNumericId(room, seq)
      yield* insert.first({
        numericId,
        room,
        seq,
        user: author.numericId,
        type: draft.type,
        content: draft.content,
        clientId: draft.clientId,
        replyTo: draft.extras?.replyTo ?? null,
        threadId: draft.extras?.threadId ?? null,
        metadata: draft.metadata === null ? null : JSON.stringify(draft.metadata),
        extras: extrasJson(extras),
        createdAt,
        expiresAt: draft.extras?.expiresAt ?? null,
      })
      return yield* mustFind(numericId)
    },
    /** Stores what may change of a message: all but its place, its author and its type. */
    *save(message: Message): Script<Message> {
      const { numericId, content, metadata, extras } = message
      yield* followWording(message)
      yield* update.first({
        numericId,
        changedSeq: message.changedSeq,
        content,
        threadCount: message.threadCount,
        pinnedAt: message.pinnedAt,
        metadata: metadata === null ? null : JSON.stringify(metadata),
        extras: extrasJson(extras),
        editedAt: message.editedAt,
        deletedAt: message.deletedAt,
        expiresAt: message.expiresAt,
      })
      return yield* mustFind(numericId)
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
