import type { Command, CommandField } from "./command"

const roomId: CommandField = { path: "room_id", kind: "text", known: "room" }
const messageId: CommandField = { path: "message_id", kind: "text", known: "message" }
const clientId: CommandField = { path: "client_id", kind: "text", isOptional: true }
const emoji: CommandField = { path: "emoji", kind: "text", initial: "👍" }
const position = (path: string): CommandField => ({ path, kind: "number", isOptional: true })

/** Of Parley's own socket, in the order in which one tries them. */
export const NATIVE_COMMANDS: readonly Command[] = [
  {
    name: "auth",
    fields: [{ path: "token", kind: "text", known: "token", isSecret: true }],
  },
  {
    name: "subscribe",
    fields: [
      { path: "rooms.0.room_id", kind: "text", known: "room" },
      { path: "rooms.0.epoch", kind: "text", isOptional: true },
      { path: "rooms.0.since", kind: "number", isOptional: true },
    ],
  },
  { name: "subscribe", variant: "all", fields: [], fixed: { all: true } },
  { name: "unsubscribe", fields: [{ path: "room_ids", kind: "list", known: "room" }] },
  {
    name: "message.send",
    fields: [
      roomId,
      { path: "content", kind: "text", initial: "Hello, world" },
      {
        path: "type",
        kind: "choice",
        choices: ["text", "image", "file", "system"],
        isOptional: true,
      },
      clientId,
      { path: "reply_to", kind: "text", isOptional: true },
      { path: "thread_id", kind: "text", isOptional: true },
      { path: "attachment_ids", kind: "list", isOptional: true },
      { path: "metadata", kind: "json", isOptional: true },
      { path: "expires_at", kind: "text", isOptional: true },
    ],
  },
  { name: "message.forward", fields: [messageId, roomId, clientId] },
  {
    name: "message.edit",
    fields: [messageId, { path: "content", kind: "text", initial: "Hello" }],
  },
  { name: "message.delete", fields: [messageId] },
  { name: "reaction.add", fields: [messageId, emoji] },
  { name: "reaction.remove", fields: [messageId, emoji] },
  { name: "message.pin", fields: [messageId] },
  { name: "message.unpin", fields: [messageId] },
  {
    name: "history",
    fields: [
      roomId,
      position("before"),
      position("after"),
      position("around"),
      { path: "limit", kind: "number", isOptional: true, initial: "20" },
    ],
  },
  { name: "typing", fields: [roomId, { path: "is_typing", kind: "switch", initial: "true" }] },
  { name: "read", fields: [roomId, { path: "seq", kind: "number", known: "seq" }] },
  {
    name: "presence",
    fields: [
      { path: "status", kind: "choice", choices: ["online", "away", "dnd"], initial: "away" },
    ],
  },
  { name: "ping", fields: [] },
]
