import { openRawLine } from "./raw-line"
import type { AnyFrame, Protocol, Words } from "./speaker"

const words: Words = {
  join: ({ id }) => ({ type: "join_room", data: { room_id: id } }),
  // The joiner's own notice is the answer.
  isJoined: ({ type, room_id }, { id }) => type === "join" && room_id === id,
  leave: () => ({ type: "leave_room", data: {} }),
  say: ({ id }, content) => ({
    type: "send_message",
    data: { type: "text", content, room_id: id },
  }),
  type: () => null,
  fence: { type: "list_rooms", data: {} },
  isFence: ({ type }) => type === "rooms_list",
  read(frame: AnyFrame, nameOf) {
    switch (frame.type) {
      case "text":
        return `${nameOf(frame.user_uuid)}: ${frame.content}`
      case "system":
        return `system: ${frame.content}`
      case "join":
        return `${nameOf(frame.user_uuid)} came`
      case "leave":
        return `${nameOf(frame.user_uuid)} went`
      case "error":
        return `error: ${frame.data.message}`
      default:
        return JSON.stringify(frame)
    }
  },
}

export const roomCommandsProtocol: Protocol = {
  name: "room-commands",
  title: "room-commands",
  hasRooms: true,
  sends: ["text"],
  words,
  open: ({ url, ...credentials }) => openRawLine(`${url}/ws/chat`, credentials),
}
