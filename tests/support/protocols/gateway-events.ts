import { openRawLine } from "./raw-line"
import type { AnyFrame, Protocol, Words } from "./speaker"

/** Nobody has such an event, and the answer names it. */
const FENCE = "fence"

const frameOf = (event: string, data: object) => ({ event, data })

const words: Words = {
  join: ({ id }) => frameOf("chat.join", { roomId: id }),
  isJoined: ({ event, data }, { id }) => event === "chat.joined" && data.roomId === id,
  leave: ({ id }) => frameOf("chat.leave", { roomId: id }),
  say: ({ id }, message, { by }) =>
    frameOf("chat.message", { roomId: id, message, username: by.name }),
  type: ({ id }, isTyping) => frameOf("chat.typing", { roomId: id, username: "John", isTyping }),
  fence: frameOf(FENCE, {}),
  isFence: ({ event, data }) => event === "error" && String(data.message).endsWith(FENCE),
  read({ event, data }: AnyFrame, nameOf) {
    switch (event) {
      case "chat.message":
        return `${nameOf(data.userId)}: ${data.message}`
      case "chat.system":
        return `system: ${data.message}`
      case "chat.userJoined":
        return `${nameOf(data.userId)} came`
      case "chat.userLeft":
        return `${nameOf(data.userId)} went`
      case "chat.typing":
        return `${nameOf(data.userId)} ${data.isTyping ? "types" : "stops"}`
      case "error":
        return `error: ${data.message}`
      default:
        return JSON.stringify({ event, data })
    }
  },
}

export const gatewayEventsProtocol: Protocol = {
  name: "gateway-events",
  title: "gateway-events",
  hasRooms: true,
  sends: ["text"],
  words,
  open: ({ url, ...credentials }) => openRawLine(`${url}/chat/ws`, credentials),
}
