import type { Command, CommandField } from "./command"

const conversationId: CommandField = {
  path: "conversationId",
  kind: "number",
  known: "conversation",
}
const userId: CommandField = {
  path: "userId",
  kind: "number",
  known: "userNumber",
  isOptional: true,
}

export const CONVERSATION_COMMANDS: readonly Command[] = [
  { name: "join-conversation", fields: [conversationId, userId] },
  {
    name: "send-message",
    fields: [
      { path: "sender_id", kind: "number", known: "userNumber" },
      { path: "conversation_id", kind: "number", known: "conversation" },
      { path: "message_type", kind: "choice", choices: ["text", "image", "file"], initial: "text" },
      { path: "content", kind: "text", initial: "Hello, how are you?" },
    ],
  },
  {
    name: "typing",
    fields: [conversationId, userId, { path: "isTyping", kind: "switch", initial: "true" }],
  },
  { name: "leave-conversation", fields: [conversationId] },
]
