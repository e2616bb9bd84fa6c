import type { Actor, Message } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId } from "../protocol/ids"
import type { Script, Store } from "../store"
import type { Rooms } from "./rooms"

/**
 * A message that the actor may read; deleted ones too.
 * Errors: `message_not_found`, also for messages of rooms that one may not see; `banned`.
 */
export function* findReadableMessage(
  { store, rooms }: { readonly store: Pick<Store, "messages">; readonly rooms: Rooms },
  actor: Actor,
  id: MessageId,
): Script<Message> {
  const message = yield* store.messages.find(id)
  if (message === null) throw new ChatError("message_not_found")
  try {
    yield* rooms.findReadable(actor, message.roomId)
  } catch (error) {
    // A room that one may not know of has no messages either.
    const isHidden = error instanceof ChatError && error.code === "room_not_found"
    throw isHidden ? new ChatError("message_not_found") : error
  }
  return message
}
