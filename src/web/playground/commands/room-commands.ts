import type { Command } from "./command"

export const ROOM_COMMANDS: readonly Command[] = [
  { name: "join_room", fields: [{ path: "room_id", kind: "text", known: "room" }] },
  {
    name: "send_message",
    fields: [
      { path: "room_id", kind: "text", known: "room" },
      { path: "content", kind: "text", initial: "Hello, everyone!" },
      { path: "type", kind: "choice", choices: ["text", "system"], initial: "text" },
    ],
  },
  {
    name: "create_room",
    fields: [
      { path: "name", kind: "text", initial: "My Room" },
      { path: "type", kind: "choice", choices: ["public", "private"], initial: "public" },
      { path: "max_users", kind: "number", isOptional: true, initial: "50" },
    ],
  },
  {
    name: "list_rooms",
    fields: [{ path: "type", kind: "choice", choices: ["public", "private"], isOptional: true }],
  },
  { name: "leave_room", fields: [] },
]
