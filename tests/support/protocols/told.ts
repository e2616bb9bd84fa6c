import { expect } from "bun:test"
import type { Guest, Place, ProtocolName } from "./speaker"

/** What can happen in a room, and what of it who is there is told. */
export interface Facts {
  readonly by: Pick<Guest, "id" | "numericId" | "name">
  readonly place: Place
  readonly content: string
}

export type Happening =
  | "message"
  | "image"
  | "file"
  | "system"
  | "came"
  | "went"
  | "typing"
  | "typing ended"
  | "online"
  | "offline"

/** Null: the protocol has no word for it, and nothing is told. */
type Told = ((facts: Facts) => object) | null

const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const ANY_ID = expect.stringMatching(/./)

const nativeMessage =
  (type: string): Told =>
  ({ by, place, content }) => ({
    type: "message.created",
    room_id: place.id,
    seq: expect.any(Number),
    data: { id: ANY_ID, type, content, user_id: by.id, user: { username: by.name } },
  })

const roomCommands =
  (type: string, text: (facts: Facts) => string): Told =>
  (facts) => ({
    id: ANY_ID,
    type,
    content: text(facts),
    user_id: facts.by.numericId,
    user_uuid: facts.by.id,
    user_email: facts.by.name,
    room_id: facts.place.id,
    timestamp: ISO_TIME,
  })

const socketIoRooms =
  (messageType: string): Told =>
  ({ by, place, content }) => ({
    event: "receiveMessage",
    payload: {
      id: ANY_ID,
      content,
      author: { id: by.id, username: by.name },
      roomId: place.id,
      messageType,
      timestamp: ISO_TIME,
      createdAt: ISO_TIME,
      updatedAt: ISO_TIME,
    },
  })

const roomPath =
  (type: string): Told =>
  ({ by, place, content }) => ({
    id: ANY_ID,
    room_id: place.id,
    user_id: by.id,
    content,
    type,
    created_at: ISO_TIME,
  })

const roomPathNotice =
  (verb: string): Told =>
  ({ by }) => ({ type: "system", content: `User ${by.name} ${verb} the chat`, timestamp: ISO_TIME })

const conversations =
  (message_type: string): Told =>
  ({ by, place, content }) => ({
    event: "receive-message",
    payload: {
      id: expect.any(Number),
      sender_id: by.numericId,
      conversation_id: place.numericId,
      timestamp: ISO_TIME,
      message_type,
      content,
      conversation: {
        id: place.numericId,
        sender_id: expect.any(Number),
        receiver_id: expect.any(Number),
      },
    },
  })

const gatewayMessage: Told = ({ by, place, content }) => ({
  event: "chat.message",
  data: {
    roomId: place.id,
    userId: by.id,
    username: by.name,
    message: content,
    timestamp: ISO_TIME,
  },
})

const gatewayPresence =
  (event: string): Told =>
  ({ by, place }) => ({ event, data: { userId: by.id, roomId: place.id } })

const typing = (isTyping: boolean): Readonly<Record<ProtocolName, Told>> => ({
  native: ({ by, place }) => ({
    type: "typing",
    room_id: place.id,
    data: { user_id: by.id, username: by.name, is_typing: isTyping },
  }),
  "room-commands": null,
  "socketio-rooms": ({ by, place }) => ({
    event: "userTyping",
    payload: {
      userId: by.id,
      username: by.name,
      roomId: place.id,
      isTyping,
      timestamp: ISO_TIME,
    },
  }),
  "room-path": null,
  "socketio-conversations": ({ by, place }) => ({
    event: "user-typing",
    payload: { conversationId: place.numericId, userId: by.numericId, isTyping },
  }),
  "gateway-events": ({ by, place }) => ({
    event: "chat.typing",
    data: { userId: by.id, username: by.name, isTyping, roomId: place.id },
  }),
})

const presence = (status: "online" | "offline"): Readonly<Record<ProtocolName, Told>> => ({
  native: ({ by }) => ({
    type: "presence",
    data: { user_id: by.id, username: by.name, status },
  }),
  "room-commands": null,
  "socketio-rooms": ({ by }) => ({
    event: status === "online" ? "userOnline" : "userOffline",
    payload: { userId: by.id, username: by.name, timestamp: ISO_TIME },
  }),
  "room-path": null,
  "socketio-conversations": ({ by }) => ({
    event: `user:${status}`,
    payload: { userId: by.numericId },
  }),
  "gateway-events": null,
})

/** The table at the end of the contract: one room, six protocols. */
export const TOLD: Readonly<Record<Happening, Readonly<Record<ProtocolName, Told>>>> = {
  message: {
    native: nativeMessage("text"),
    "room-commands": roomCommands("text", ({ content }) => content),
    "socketio-rooms": socketIoRooms("TEXT"),
    "room-path": roomPath("text"),
    "socketio-conversations": conversations("text"),
    "gateway-events": gatewayMessage,
  },
  image: {
    native: nativeMessage("image"),
    "room-commands": roomCommands("text", ({ content }) => content),
    "socketio-rooms": socketIoRooms("IMAGE"),
    "room-path": roomPath("image"),
    "socketio-conversations": conversations("image"),
    "gateway-events": gatewayMessage,
  },
  file: {
    native: nativeMessage("file"),
    "room-commands": roomCommands("text", ({ content }) => content),
    "socketio-rooms": socketIoRooms("FILE"),
    "room-path": roomPath("file"),
    "socketio-conversations": conversations("file"),
    "gateway-events": gatewayMessage,
  },
  system: {
    native: nativeMessage("system"),
    "room-commands": roomCommands("system", ({ content }) => content),
    "socketio-rooms": socketIoRooms("SYSTEM"),
    "room-path": (facts) => ({ ...roomPath("system")?.(facts), timestamp: ISO_TIME }),
    "socketio-conversations": null,
    "gateway-events": ({ place, content }) => ({
      event: "chat.system",
      data: { roomId: place.id, message: content, timestamp: ISO_TIME },
    }),
  },
  came: {
    native: null,
    "room-commands": roomCommands("join", ({ by }) => `${by.name} joined the room`),
    "socketio-rooms": ({ by, place }) => ({
      event: "userJoined",
      payload: { userId: by.id, username: by.name, roomId: place.id, timestamp: ISO_TIME },
    }),
    "room-path": roomPathNotice("joined"),
    "socketio-conversations": null,
    "gateway-events": gatewayPresence("chat.userJoined"),
  },
  went: {
    native: null,
    "room-commands": roomCommands("leave", ({ by }) => `${by.name} left the room`),
    "socketio-rooms": ({ by, place }) => ({
      event: "userLeft",
      payload: { userId: by.id, username: by.name, roomId: place.id, timestamp: ISO_TIME },
    }),
    "room-path": roomPathNotice("left"),
    "socketio-conversations": null,
    "gateway-events": gatewayPresence("chat.userLeft"),
  },
  typing: typing(true),
  "typing ended": typing(false),
  online: presence("online"),
  offline: presence("offline"),
}

/** The frames by which the protocol tells it: one, or none. */
export const tellsOf = (
  name: ProtocolName,
  happening: Happening,
  facts: Facts,
): readonly object[] => {
  const told = TOLD[happening][name]
  return told === null ? [] : [told(facts)]
}
