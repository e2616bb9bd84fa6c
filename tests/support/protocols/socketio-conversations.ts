import { openSocketIoLine, type Transport } from "./socket-io-line"
import type { AnyFrame, Protocol, Words } from "./speaker"

const PLUMBING = new Set(["joined-conversation", "message-sent", "ping"])

const words: Words = {
  join: ({ numericId }) => ({
    event: "join-conversation",
    payload: { conversationId: numericId },
  }),
  isJoined: ({ event, payload }, { numericId }) =>
    event === "joined-conversation" && payload.conversationId === numericId,
  leave: ({ numericId }) => ({
    event: "leave-conversation",
    payload: { conversationId: numericId },
  }),
  say: ({ numericId }, content, { type, by }) => ({
    event: "send-message",
    payload: {
      sender_id: by.numericId,
      conversation_id: numericId,
      message_type: type,
      content,
    },
  }),
  type: ({ numericId }, isTyping) => ({
    event: "typing",
    payload: { conversationId: numericId, isTyping },
  }),
  // Leaving what one has not joined changes nothing; the acknowledgement is all there is of it.
  fence: { event: "leave-conversation", payload: { conversationId: 0 }, asks: true },
  isFence: ({ event, payload }) =>
    event === "ack leave-conversation" && payload.conversationId === 0,
  read({ event, payload }: AnyFrame, nameOf) {
    if (PLUMBING.has(event) || event.startsWith("ack ")) return null
    switch (event) {
      case "receive-message":
        return `${nameOf(payload.sender_id)}: ${payload.content}`
      case "user-typing":
        return `${nameOf(payload.userId)} ${payload.isTyping ? "types" : "stops"}`
      case "user:online":
        return `presence: ${nameOf(payload.userId)} online`
      case "user:offline":
        return `presence: ${nameOf(payload.userId)} offline`
      case "error":
        return `error: ${payload.message}`
      case "message-error":
        return `error: ${payload.error}`
      default:
        return JSON.stringify({ event, payload })
    }
  },
}

export const socketIoConversationsProtocol = (transport: Transport): Protocol => ({
  name: "socketio-conversations",
  title: `socketio-conversations by ${transport}`,
  hasRooms: false,
  sends: ["text", "image", "file"],
  words,
  open: ({ user, query, ...options }) =>
    openSocketIoLine({ ...options, query: { userId: String(user), ...query } }, transport),
})
