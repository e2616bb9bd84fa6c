import type { Command, CommandField } from "./command"

const roomId: CommandField = { path: "roomId", kind: "text", known: "room" }
const username: CommandField = {
  path: "username",
  kind: "text",
  known: "username",
  isOptional: true,
}

export const GATEWAY_COMMANDS: readonly Command[] = [
  { name: "chat.join", fields: [roomId] },
  {
    name: "chat.message",
    fields: [roomId, { path: "message", kind: "text", initial: "Hello world!" }, username],
  },
  {
    name: "chat.typing",
    fields: [roomId, { path: "isTyping", kind: "switch", initial: "true" }, username],
  },
  { name: "chat.leave", fields: [roomId] },
]
