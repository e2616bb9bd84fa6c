import { openRawLine } from "./raw-line"
import type { AnyFrame, Protocol, Words } from "./speaker"

const FENCE_ID = "fence"

const words: Words = {
  join: ({ id }) => ({ type: "subscribe", id: "join", data: { rooms: [{ room_id: id }] } }),
  isJoined: (frame, { id }) =>
    frame.type === "ok" &&
    frame.id === "join" &&
    frame.data.rooms[0].room_id === id &&
    frame.data.rooms[0].error === undefined,
  leave: ({ id }) => ({ type: "unsubscribe", id: "leave", data: { room_ids: [id] } }),
  say: ({ id }, content, { type }) => ({
    type: "message.send",
    data: { room_id: id, content, type },
  }),
  type: ({ id }, isTyping) => ({ type: "typing", data: { room_id: id, is_typing: isTyping } }),
  fence: { type: "ping", id: FENCE_ID },
  isFence: ({ type, id }) => type === "ok" && id === FENCE_ID,
  read({ type, data, id }: AnyFrame, nameOf) {
    switch (type) {
      case "message.created":
        return `${data.type === "system" ? "system" : nameOf(data.user_id)}: ${data.content}`
      case "typing":
        return `${nameOf(data.user_id)} ${data.is_typing ? "types" : "stops"}`
      case "presence":
        return `presence: ${nameOf(data.user_id)} ${data.status}`
      case "room.deleted":
        return "error: room.deleted"
      case "room.removed":
        return "error: room.removed"
      case "error":
        return `error: ${data.code}`
      case "ok":
        return id === "join" && data.rooms[0].error !== undefined
          ? `error: ${data.rooms[0].error.code}`
          : null
      // What is particular to it, and to tests of its own.
      case "hello":
      case "heartbeat":
      case "room.added":
      case "member.joined":
      case "member.left":
      case "member.updated":
        return null
      default:
        return JSON.stringify({ type, data })
    }
  },
}

export const nativeProtocol: Protocol = {
  name: "native",
  title: "native",
  hasRooms: true,
  sends: ["text", "image", "file"],
  words,
  open: ({ url, ...credentials }) => openRawLine(`${url}/api/v1/ws`, credentials),
}
