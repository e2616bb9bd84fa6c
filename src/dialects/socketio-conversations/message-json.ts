import type { Conversation } from "../../protocol/conversation"
import type { Message } from "../../protocol/entities"
import { isoTime } from "../../protocol/present"

let lastMessage: Message | null = null
let lastConversation = ""
let lastJson = ""

/**
 * `JSON.stringify(presentPairMessage(message, conversation))`, put together by hand; a test
 * compares the two. Remembers the last one: a message is told three times over, as the event, as
 * the acknowledgement and as the answer to its sender. Null: this protocol does not tell of it.
 */
export function pairMessageJson(message: Message, conversation: Conversation): string | null {
  if (message.type === "system") return null
  const { id, senderId, receiverId } = conversation
  const between = `{"id":${id},"sender_id":${senderId},"receiver_id":${receiverId}}`
  if (message !== lastMessage || between !== lastConversation) {
    lastJson = encode(message, id, between)
    lastMessage = message
    lastConversation = between
  }
  return lastJson
}

const encode = (
  { numericId, author, createdAt, type, content }: Message,
  conversation: Conversation["id"],
  between: string,
): string =>
  `{"id":${numericId},"sender_id":${author.numericId},"conversation_id":${conversation},` +
  `"timestamp":"${isoTime(createdAt)}","message_type":"${type}",` +
  `"content":${JSON.stringify(content)},"conversation":${between}}`
