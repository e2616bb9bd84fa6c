import type { RoomRef } from "./events"
import { asUserNumericId, type RoomNumericId, type UserNumericId } from "./ids"

/** A direct room of two, by its numbers. */
export interface Conversation {
  readonly id: RoomNumericId
  /** Who began it. */
  readonly senderId: UserNumericId
  readonly receiverId: UserNumericId
}

/** The room as a conversation of two; null: it is none. */
export function conversationOf(room: RoomRef): Conversation | null {
  const { directKey, creatorNumericId } = room
  if (directKey === null || directKey === undefined) return null
  const [one, other, ...more] = directKey.split(",").map(Number).map(asUserNumericId)
  if (one === undefined || other === undefined || more.length > 0) return null
  return creatorNumericId === other
    ? { id: room.numericId, senderId: other, receiverId: one }
    : { id: room.numericId, senderId: one, receiverId: other }
}
