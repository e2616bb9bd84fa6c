import type { Actor, Member, Message, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId } from "../protocol/ids"
import { CHANGE_CHARS } from "../protocol/message-size"
import type { Script, Written } from "../store"
import { isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import { findAnyMessage, findMessageInRoom } from "./find-message"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import { createTally, type Tally } from "./tally"

interface ChangingDeps extends Pick<ChatDeps, "store"> {
  readonly rooms: Rooms
  /** Of all that one user changes of messages: each change is told to the whole room. */
  readonly changes: RateLimit
}

/** A message, and the actor's place in its room; null: they are no member of it. */
export interface Found {
  readonly room: Room
  readonly message: Message
  readonly member: Member | null
}

/** Everything that changes one message after it was sent goes this way. */
export function createChanging({ store, rooms, changes }: ChangingDeps) {
  /**
   * Carries out a change; only what changed something counts towards the rate.
   * Errors: those of the script.
   */
  async function change(
    { user }: Actor,
    script: (tally: Tally) => Script<Written<Message>>,
  ): Promise<Message> {
    const tally = createTally(user.numericId)
    try {
      return await store.write(
        tally.counting(() => script(tally)),
        CHANGE_CHARS,
      )
    } catch (error) {
      tally.giveBack()
      throw error
    }
  }

  /**
   * A message that the actor may read, deleted or not.
   * Errors: `message_not_found`, also where the room is hidden; `banned`.
   */
  function* findSeen(actor: Actor, id: MessageId): Script<Found> {
    const { message, room, member } = yield* findMessageInRoom({ store, rooms }, actor, id)
    return { message, room, member: isCurrent(member) ? member : null }
  }

  /** The same, but admins find those of every room but direct ones, which are nobody's to run. */
  function* findToRun(actor: Actor, id: MessageId): Script<Found> {
    if (actor.user.role !== "admin") return yield* findSeen(actor, id)
    const { message, room } = yield* findInRoom(id)
    if (room.type === "direct" || room.deletedAt !== null) return yield* findSeen(actor, id)
    const member = yield* store.members.find(room.numericId, actor.user.numericId)
    return { message, room, member: isCurrent(member) ? member : null }
  }

  function* findInRoom(id: MessageId): Script<Pick<Found, "message" | "room">> {
    const message = yield* findAnyMessage(store, id)
    const room = yield* store.rooms.find(message.roomId)
    if (room === null) throw new ChatError("message_not_found")
    return { message, room }
  }

  /**
   * Stores another state of a message as the next change of its room.
   * Errors: `rate_limited`.
   */
  function* save(room: Room, message: Message, tally: Tally): Script<Written<Message>> {
    tally.take(changes)
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const saved = yield* store.messages.save({ ...message, changedSeq: seq })
    return {
      result: saved,
      events: [{ type: "message.updated", room, seq, message: saved }],
    }
  }

  return { change, findSeen, findToRun, save, changes }
}

/** What is so already takes no seq, and is told to nobody. */
export const unchanged = (message: Message): Written<Message> => ({ result: message, events: [] })

/** Who is about to say something about it. Errors: `message_not_found`, `forbidden`. */
export function mustBeMember({ message, member }: Found): Member {
  if (message.deletedAt !== null) throw new ChatError("message_not_found")
  if (member === null) {
    throw new ChatError("forbidden", { detail: "you are no member of this room" })
  }
  return member
}

export type Changing = ReturnType<typeof createChanging>
