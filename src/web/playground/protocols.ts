import type { Command, Known } from "./commands/command"
import { GATEWAY_COMMANDS } from "./commands/gateway-events"
import { NATIVE_COMMANDS } from "./commands/native"
import { ROOM_COMMANDS } from "./commands/room-commands"
import { ROOM_PATH_COMMANDS } from "./commands/room-path"
import { CONVERSATION_COMMANDS } from "./commands/socketio-conversations"
import { SOCKETIO_ROOMS_COMMANDS } from "./commands/socketio-rooms"

export const PROTOCOL_IDS = [
  "native",
  "room-commands",
  "room-path",
  "gateway-events",
  "socketio-rooms",
  "socketio-conversations",
] as const
export type ProtocolId = (typeof PROTOCOL_IDS)[number]

/** What goes over the wire: a text frame, or over Socket.IO an event with what it carries. */
export type Outgoing =
  | { readonly kind: "frame"; readonly text: string }
  | { readonly kind: "event"; readonly event: string; readonly payload: unknown }

type Envelope = (name: string, data: Readonly<Record<string, unknown>>, id: number) => Outgoing

interface ProtocolFacts {
  readonly transport: "websocket" | "socket.io"
  /** Where it is spoken, unless the server was told otherwise: a path, or a namespace. */
  readonly path: string
  readonly commands: readonly Command[]
  /** What goes into a room; null: being connected is being there. */
  readonly joins: string | null
  /** What says something there, and in which field. */
  readonly says: string
  readonly saysIn: string
  /** Takes the token in a frame, so that it need not stand in an address. */
  readonly authenticatesByFrame: boolean
  /** What is talked in: a room by its id, or a conversation of two by its number. */
  readonly place: "room" | "conversation"
  readonly envelope: Envelope
}

const frame = (content: object): Outgoing => ({ kind: "frame", text: JSON.stringify(content) })

const typed: Envelope = (type, data) => frame({ type, data })
const evented: Envelope = (event, data) => frame({ event, data })
/** An event that carries nothing carries no empty object either. */
const socketIoEvent: Envelope = (event, data) => ({
  kind: "event",
  event,
  payload: Object.keys(data).length === 0 ? undefined : data,
})

export const PROTOCOLS: Readonly<Record<ProtocolId, ProtocolFacts>> = {
  native: {
    transport: "websocket",
    path: "/api/v1/ws",
    commands: NATIVE_COMMANDS,
    joins: "subscribe",
    says: "message.send",
    saysIn: "content",
    authenticatesByFrame: true,
    place: "room",
    envelope: (type, data, id) => frame({ type, id, data }),
  },
  "room-commands": {
    transport: "websocket",
    path: "/ws/chat",
    commands: ROOM_COMMANDS,
    joins: "join_room",
    says: "send_message",
    saysIn: "content",
    authenticatesByFrame: false,
    place: "room",
    envelope: typed,
  },
  "room-path": {
    transport: "websocket",
    path: "/api/v1/ws/{room_id}/{user_id}",
    commands: ROOM_PATH_COMMANDS,
    joins: null,
    says: "text",
    saysIn: "content",
    authenticatesByFrame: false,
    place: "room",
    envelope: (type, data) => frame({ type, ...data }),
  },
  "gateway-events": {
    transport: "websocket",
    path: "/chat/ws",
    commands: GATEWAY_COMMANDS,
    joins: "chat.join",
    says: "chat.message",
    saysIn: "message",
    authenticatesByFrame: false,
    place: "room",
    envelope: evented,
  },
  "socketio-rooms": {
    transport: "socket.io",
    path: "/chat",
    commands: SOCKETIO_ROOMS_COMMANDS,
    joins: "joinRoom",
    says: "sendMessage",
    saysIn: "content",
    authenticatesByFrame: false,
    place: "room",
    envelope: socketIoEvent,
  },
  "socketio-conversations": {
    transport: "socket.io",
    path: "/chat",
    commands: CONVERSATION_COMMANDS,
    joins: "join-conversation",
    says: "send-message",
    saysIn: "content",
    authenticatesByFrame: false,
    place: "conversation",
    envelope: socketIoEvent,
  },
}

export interface Address {
  readonly url: string
  /** Where the token goes: in what is connected with, or in a frame after that; null: nowhere. */
  readonly tokenBy: "query" | "frame" | "auth" | null
}

export interface AddressWishes {
  readonly protocol: ProtocolId
  /** `https://chat.example`. */
  readonly origin: string
  readonly path: string
  readonly known: Known
  /**
   * The browser sends the cookie of a chat that is open in it with every socket, and who a
   * connection is at its start it stays: then the token must be there from the start.
   */
  readonly hasCookie: boolean
}

/** Where to connect to, with the token where it must be part of that. */
export function addressOf({ protocol, origin, path, known, hasCookie }: AddressWishes): Address {
  const { transport, authenticatesByFrame } = PROTOCOLS[protocol]
  const url = new URL(filled(path, known), origin)
  if (transport === "socket.io") {
    return { url: url.href, tokenBy: known.token === "" ? null : "auth" }
  }
  url.protocol = url.protocol.replace("http", "ws")
  if (known.token === "") return { url: url.href, tokenBy: null }
  if (authenticatesByFrame && !hasCookie) return { url: url.href, tokenBy: "frame" }
  // A browser can set no headers on a WebSocket.
  url.searchParams.set("token", known.token)
  return { url: url.href, tokenBy: "query" }
}

const filled = (path: string, known: Known) =>
  path
    .replace("{room_id}", encodeURIComponent(known.room))
    .replace("{user_id}", encodeURIComponent(known.userId))
