import type { Actor, Member, Message, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId } from "../protocol/ids"
import type { Script, Store } from "../store"
import type { Rooms } from "./rooms"

interface FindingDeps {
  readonly store: Pick<Store, "messages">
  readonly rooms: Pick<Rooms, "findReadable" | "findVisible">
}

/**
 * A message that the actor may read; deleted ones too.
 * Errors: `message_not_found`, also for messages of rooms that one may not see; `banned`.
 */
export function* findReadableMessage(
  { store, rooms }: FindingDeps,
  actor: Actor,
  id: MessageId,
): Script<Message> {
  const message = yield* findAnyMessage(store, id)
  yield* unlessHidden(rooms.findReadable(actor, message.roomId))
  return message
}

/** The same, with its room and the actor's place in it. Errors: as of `findReadableMessage`. */
export function* findMessageInRoom(
  { store, rooms }: FindingDeps,
  actor: Actor,
  id: MessageId,
): Script<{ readonly message: Message; readonly room: Room; readonly member: Member | null }> {
  const message = yield* findAnyMessage(store, id)
  const { room, member } = yield* unlessHidden(rooms.findVisible(actor, message.roomId))
  return { message, room, member }
}

/** Whoever may read it. Errors: `message_not_found`. */
export function* findAnyMessage(
  { messages }: Pick<Store, "messages">,
  id: MessageId,
): Script<Message> {
  const message = yield* messages.find(id)
  if (message === null) throw new ChatError("message_not_found")
  return message
}

/** A room that one may not know of has no messages either. */
function* unlessHidden<Found>(room: Script<Found>): Script<Found> {
  try {
    return yield* room
  } catch (error) {
    const isHidden = error instanceof ChatError && error.code === "room_not_found"
    throw isHidden ? new ChatError("message_not_found") : error
  }
}
