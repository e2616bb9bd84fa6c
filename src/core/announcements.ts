import type { Message, Operator } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { type RoomId, SYSTEM_NUMERIC_ID } from "../protocol/ids"
import { canAnnounceIn } from "./access"
import type { Composing } from "./composing"
import { contentProblem } from "./content"
import type { ChatDeps } from "./deps"

interface AnnouncementsDeps extends ChatDeps {
  readonly composing: Composing
}

/** What the server itself says in rooms. */
export function createAnnouncements({ store, composing, settings, now }: AnnouncementsDeps) {
  /**
   * Stores a message of the server's own and gives it the next `seq` of its room; resolves when it
   * is durable. It counts towards no user's rate, is as long as other messages may be, and no block
   * and no mute keeps it out.
   * Errors: `invalid_request`, `room_not_found` for conversations too, `overloaded`.
   */
  async function announce(operator: Operator, roomId: RoomId, message: string): Promise<Message> {
    const draft = {
      roomId,
      content: message,
      type: "system",
      clientId: null,
      metadata: null,
    } as const
    const problem = contentProblem(draft, settings)
    if (problem !== null) {
      throw new ChatError("invalid_request", { problems: [{ path: "message", message: problem }] })
    }
    return await store.write(function* () {
      const room = yield* store.rooms.find(roomId)
      if (room === null || !canAnnounceIn(room, operator)) throw new ChatError("room_not_found")
      const author = yield* store.users.findByNumber(SYSTEM_NUMERIC_ID)
      if (author === null) throw new Error("the server's own user is not in the database")
      const extras = yield* composing.compose(room, draft, author)
      const seq = yield* store.rooms.takeSeq(room.numericId)
      const stored = yield* store.messages.insert({
        room: room.numericId,
        seq,
        author,
        draft,
        extras,
        createdAt: now(),
      })
      const event = { type: "message.created", room, seq, message: stored } as const
      return { result: stored, events: [event, ...(yield* composing.settle(room, stored))] }
    })
  }

  return { announce }
}

export type Announcements = ReturnType<typeof createAnnouncements>
