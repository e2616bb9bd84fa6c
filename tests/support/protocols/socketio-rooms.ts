import { openSocketIoLine, type Transport } from "./socket-io-line"
import type { AnyFrame, Protocol, Words } from "./speaker"

const TYPES = { text: "TEXT", image: "IMAGE", file: "FILE" } as const

/** Answers to requests, and what is told whether anything happened or not. */
const PLUMBING = new Set([
  "joinedRoom",
  "leftRoom",
  "messageSent",
  "typingUpdated",
  "roomUsers",
  "heartbeatResponse",
  "ping",
])

const words: Words = {
  join: ({ id }) => ({ event: "joinRoom", payload: { roomId: id } }),
  isJoined: ({ event, payload }, { id }) => event === "roomUsers" && payload.roomId === id,
  leave: ({ id }) => ({ event: "leaveRoom", payload: { roomId: id } }),
  say: ({ id }, content, { type }) => ({
    event: "sendMessage",
    payload: { roomId: id, content, messageType: TYPES[type] },
  }),
  type: ({ id }, isTyping) => ({ event: "typing", payload: { roomId: id, isTyping } }),
  fence: { event: "heartbeat" },
  isFence: ({ event }) => event === "heartbeatResponse",
  read({ event, payload }: AnyFrame, nameOf) {
    if (PLUMBING.has(event) || event.startsWith("ack ")) return null
    switch (event) {
      case "receiveMessage": {
        const { messageType, author, content } = payload
        return `${messageType === "SYSTEM" ? "system" : nameOf(author.id)}: ${content}`
      }
      case "userJoined":
        return `${nameOf(payload.userId)} came`
      case "userLeft":
        return `${nameOf(payload.userId)} went`
      case "userTyping":
        return `${nameOf(payload.userId)} ${payload.isTyping ? "types" : "stops"}`
      case "userOnline":
        return `presence: ${nameOf(payload.userId)} online`
      case "userOffline":
        return `presence: ${nameOf(payload.userId)} offline`
      case "error":
        return `error: ${payload.statusCode} ${payload.message}`
      default:
        return JSON.stringify({ event, payload })
    }
  },
}

export const socketIoRoomsProtocol = (transport: Transport): Protocol => ({
  name: "socketio-rooms",
  title: `socketio-rooms by ${transport}`,
  hasRooms: true,
  sends: ["text", "image", "file"],
  words,
  open: (options) => openSocketIoLine(options, transport),
})
