import type { MessageDraft } from "../protocol/commands"
import { type Message, type MessageExtras, NO_EXTRAS, type Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomEvent } from "../protocol/events"
import type { MessageId } from "../protocol/ids"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"

/** What messages bring with them besides a text. */
export function createComposing({ store }: Pick<ChatDeps, "store">) {
  /**
   * Checks what a draft refers to and finds what it shows.
   * Errors: `invalid_request`, naming the field.
   */
  function* compose(room: Room, { extras }: MessageDraft): Script<MessageExtras | null> {
    if (extras === undefined) return null
    const { replyTo, threadId, forwarded } = extras
    if (replyTo !== null) yield* findInRoom(room, replyTo, "reply_to")
    if (threadId !== null) yield* findRoot(room, threadId)
    return {
      ...NO_EXTRAS,
      attachments: forwarded?.attachments ?? [],
      forwardedFrom: forwarded?.from ?? null,
    }
  }

  function* findInRoom(room: Room, id: MessageId, path: string): Script<Message> {
    const message = yield* store.messages.find(id)
    if (message === null || message.roomId !== room.id || message.deletedAt !== null) {
      throw wrong(path, "is no message of this room")
    }
    return message
  }

  function* findRoot(room: Room, id: MessageId): Script<Message> {
    const root = yield* findInRoom(room, id, "thread_id")
    if (root.threadId !== null) throw wrong("thread_id", "is itself in a thread")
    return root
  }

  /** What storing it changes elsewhere. */
  function* settle(room: Room, message: Message): Script<readonly RoomEvent[]> {
    if (message.threadId === null) return []
    return [yield* countInThread(room, message.threadId, 1)]
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

  return { compose, settle, countInThread }
}

const wrong = (path: string, message: string) =>
  new ChatError("invalid_request", { problems: [{ path, message }] })

export type Composing = ReturnType<typeof createComposing>
