import { and, eq, inArray, sql } from "drizzle-orm"
import type { MessageDraft } from "../protocol/commands"
import type { Message, MessageExtras, Profile } from "../protocol/entities"
import type {
  Instant,
  MessageId,
  MessageNumericId,
  RoomNumericId,
  Seq,
  UserNumericId,
} from "../protocol/ids"
import { messageNumericId, numericIdOf } from "../protocol/message-id"
import type { Tables } from "./database"
import { listed } from "./listed"
import { createMessageCache } from "./message-cache"
import { extrasJson } from "./message-extras"
import { createMessageLists } from "./message-lists"
import { selectMessages, toMessage } from "./message-rows"
import { type Script, statement } from "./script"
import { indexEntry } from "./search"
import type { SearchIndex } from "./search-index"

interface MessagesDeps extends Tables {
  /** Whether other nodes write too: a profile that one of them changes is heard of too late. */
  readonly isShared: boolean
  readonly searchIndex: Pick<SearchIndex, "put">
}

export function createMessages({ queries, schema, isShared, searchIndex }: MessagesDeps) {
  const { messages, rooms } = schema
  const v = sql.placeholder
  const select = () => selectMessages({ queries, schema })
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
  const cache = createMessageCache()

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
    ...createMessageLists({ queries, schema, cache: isShared ? null : cache }),
  }
}
