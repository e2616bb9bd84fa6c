import type { Conversation } from "./conversation"
import type { Message, Room } from "./entities"
import { isoTime } from "./present"
import type { ApiPair, ApiPairMessage } from "./socketio-conversations-answers"

/** Conversations and what is said in them, as `socketio-conversations` shows them. */
export function presentPair(
  { createdAt, updatedAt }: Room,
  { id, senderId, receiverId }: Conversation,
): ApiPair {
  return {
    id,
    sender_id: senderId,
    receiver_id: receiverId,
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
  }
}

/** Null: it is nobody's word but the server's, of which this protocol does not tell. */
export function presentPairMessage(
  { numericId, author, createdAt, type, content }: Message,
  { id, senderId, receiverId }: Conversation,
): ApiPairMessage | null {
  if (type === "system") return null
  return {
    id: numericId,
    sender_id: author.numericId,
    conversation_id: id,
    timestamp: isoTime(createdAt),
    message_type: type,
    content,
    conversation: { id, sender_id: senderId, receiver_id: receiverId },
  }
}
