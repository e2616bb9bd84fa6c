import { type MessageDraft, NO_DRAFT_EXTRAS } from "../protocol/commands"
import {
  EVERYBODY,
  type Mention,
  type Message,
  type MessageExtras,
  NO_EXTRAS,
  type Profile,
  type Room,
} from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomEvent } from "../protocol/events"
import type { MessageId } from "../protocol/ids"
import type { Script } from "../store"
import { createAttachments } from "./attachments"
import type { ChatDeps } from "./deps"
import { CALL_OF_EVERYBODY, mayCall, readCalls } from "./mentions"

/** What messages bring with them besides a text. */
export function createComposing({ store }: Pick<ChatDeps, "store">) {
  const attachments = createAttachments({ store })

  /**
   * Checks what a draft refers to and finds what it shows, and whom it mentions.
   * Errors: `invalid_request`, naming the field.
   */
  function* compose(
    room: Room,
    draft: MessageDraft,
    author: Profile,
  ): Script<MessageExtras | null> {
    const { replyTo, threadId, attachmentIds, forwarded, hidesLinkPreviews } =
      draft.extras ?? NO_DRAFT_EXTRAS
    if (replyTo !== null) yield* findInRoom(room, replyTo, "reply_to")
    if (threadId !== null) yield* findRoot(room, threadId)
    return {
      ...NO_EXTRAS,
      // What is forwarded was said to others: it calls nobody here.
      mentions: forwarded === undefined ? yield* findMentioned(room, author, draft.content) : [],
      attachments: [
        ...(yield* attachments.findOwn(author, attachmentIds)),
        ...(yield* attachments.findStill(forwarded?.attachments ?? [])),
      ],
      forwardedFrom: forwarded?.from ?? null,
      ...(hidesLinkPreviews === true ? { hidesLinkPreviews } : {}),
    }
  }

  /** Members of the room, but the author, in the order in which the text calls them. */
  function* findMentioned(
    room: Pick<Room, "numericId">,
    author: Profile,
    content: string,
  ): Script<readonly Mention[]> {
    const names = readCalls(content)
    const people = names.filter((name) => name !== CALL_OF_EVERYBODY)
    if (names.length === 0) return []
    const found = people.length === 0 ? [] : yield* store.mentions.findNamed(room.numericId, people)
    const byName = new Map<string, Mention>(
      found
        .filter(({ id }) => id !== author.id)
        .map(({ id, username }) => [username.toLowerCase(), id]),
    )
    byName.set(CALL_OF_EVERYBODY, EVERYBODY)
    return names.flatMap((name) => byName.get(name) ?? [])
  }

  function* findInRoom(room: Room, id: MessageId, path: string): Script<Message> {
    const message = yield* store.messages.find(id)
    if (message === null || message.roomId !== room.id) {
      throw wrong(path, "is no message of this room")
    }
    if (message.deletedAt !== null) throw wrong(path, "was deleted")
    return message
  }

  function* findRoot(room: Room, id: MessageId): Script<Message> {
    const root = yield* findInRoom(room, id, "thread_id")
    if (root.threadId !== null) throw wrong("thread_id", "is itself in a thread")
    return root
  }

  /** What storing it changes elsewhere. */
  function* settle(room: Room, message: Message): Script<readonly RoomEvent[]> {
    yield* store.mentions.put(mentioning(room, message), message.author)
    yield* attachments.show(message)
    if (message.threadId === null) return []
    return [yield* countInThread(room, message.threadId, 1)]
  }

  /** What its deletion changes elsewhere: of what is not in its row, nothing is left. */
  function* unsettle(room: Room, message: Message): Script<readonly RoomEvent[]> {
    yield* store.messageTraces.forget(message.numericId)
    yield* store.attachments.forget(message.numericId)
    yield* store.mentions.remove(mentioning(room, message))
    if (message.threadId === null) return []
    return [yield* countInThread(room, message.threadId, -1)]
  }

  /** One more, or one less, in a thread: a change of the message that it began with. */
  function* countInThread(room: Room, id: MessageId, by: 1 | -1): Script<RoomEvent> {
    const root = yield* store.messages.find(id)
    if (root === null) throw new Error(`the thread of ${id} has no beginning`)
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const threadCount = root.threadCount + by
    const message = yield* store.messages.save({ ...root, threadCount, changedSeq: seq })
    // A deleted one stays deleted, whatever becomes of its thread.
    const type = message.deletedAt === null ? "message.updated" : "message.deleted"
    return { type, room, seq, message }
  }

  /**
   * What a message shows once it says something else, `message` being as it was. Whom it mentions
   * now is kept in place of those whom it did.
   */
  function* recompose(
    room: Pick<Room, "numericId">,
    message: Message,
    newContent: string,
  ): Script<MessageExtras | null> {
    const extras = message.extras ?? NO_EXTRAS
    if (extras.mentions.length === 0 && !mayCall(newContent)) return message.extras
    const mentions = yield* findMentioned(room, message.author, newContent)
    yield* store.mentions.remove(mentioning(room, message))
    yield* store.mentions.put({ room: room.numericId, seq: message.seq, mentions }, message.author)
    return { ...extras, mentions }
  }

  return { compose, recompose, settle, unsettle, countInThread }
}

const mentioning = ({ numericId }: Pick<Room, "numericId">, { seq, extras }: Message) => ({
  room: numericId,
  seq,
  mentions: extras?.mentions ?? [],
})

const wrong = (path: string, message: string) =>
  new ChatError("invalid_request", { problems: [{ path, message }] })

export type Composing = ReturnType<typeof createComposing>
