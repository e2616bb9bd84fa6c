import type { Command, CommandField } from "./command"

const roomId: CommandField = { path: "roomId", kind: "text", known: "room" }

export const SOCKETIO_ROOMS_COMMANDS: readonly Command[] = [
  { name: "joinRoom", fields: [roomId] },
  {
    name: "sendMessage",
    fields: [
      roomId,
      { path: "content", kind: "text", initial: "Hello, world!" },
      { path: "messageType", kind: "choice", choices: ["TEXT", "IMAGE", "FILE"], isOptional: true },
    ],
  },
  { name: "typing", fields: [roomId, { path: "isTyping", kind: "switch", initial: "true" }] },
  { name: "getRoomStats", fields: [roomId] },
  { name: "leaveRoom", fields: [roomId] },
  { name: "heartbeat", fields: [] },
]
