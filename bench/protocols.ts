/** How each protocol of Parley's is spoken: the whole of what the load generator must know. */
import {
  type ConnectionGroup,
  type FrameMarks,
  NUMBER_SLOT,
  TIME_MARK,
  TIME_SLOT,
} from "./loader/orders"

/** Who takes a seat, and in which room. */
export interface Seat {
  readonly roomId: string
  readonly username: string
  readonly token: string
}

export interface Protocol {
  readonly name: string
  readonly marks: FrameMarks
  readonly acksPerMessage: number
  /** How to come to the room, and what a sender says there. */
  take(seat: Seat): Omit<ConnectionGroup, "count" | "message"> & { readonly message: string }
}

const content = `Hello everybody, sent from the bench. ${TIME_MARK}${TIME_SLOT}`

export const native: Protocol = {
  name: "native",
  // `message.created` and `ok` are told apart behind the `me` of the one and the `ok` of the other.
  marks: { offset: '{"type":"me'.length, event: "s", ack: '"', refusals: ['{"type":"error"'] },
  acksPerMessage: 1,
  take: ({ roomId, token }) => {
    const subscribe = { type: "subscribe", id: 1, data: { rooms: [{ room_id: roomId }] } }
    const data = JSON.stringify({ room_id: roomId, client_id: `bench-${NUMBER_SLOT}`, content })
    return {
      path: "/api/v1/ws",
      headers: [bearer(token)],
      steps: [{ send: JSON.stringify(subscribe), answer: '{"type":"ok"' }],
      // Not by JSON.stringify: the slot of the id becomes a number, and stands without quotes.
      message: `{"type":"message.send","id":${NUMBER_SLOT},"data":${data}}`,
    }
  },
}

export const roomCommands: Protocol = {
  name: "room-commands",
  // The id comes first, and then `text`; the first `join` that a connection hears is its own.
  marks: {
    offset: `{"id":"${Bun.randomUUIDv7()}","type":"`.length,
    event: "t",
    refusals: ['{"type":"error"'],
  },
  acksPerMessage: 0,
  take: ({ roomId, token }) => ({
    path: "/ws/chat",
    headers: [bearer(token)],
    steps: [
      {
        send: JSON.stringify({ type: "join_room", data: { room_id: roomId } }),
        answer: '"type":"join"',
      },
    ],
    message: JSON.stringify({
      type: "send_message",
      data: { type: "text", content, room_id: roomId },
    }),
  }),
}

export const roomPath: Protocol = {
  name: "room-path",
  // A message begins with its id, all else with its type.
  marks: { offset: '{"'.length, event: "i", refusals: ['{"type":"error"'] },
  acksPerMessage: 0,
  take: ({ roomId, username, token }) => ({
    path: `/api/v1/ws/${roomId}/${username}`,
    headers: [bearer(token)],
    steps: [{ answer: '{"type":"history"' }],
    message: JSON.stringify({ type: "text", content, user_id: username }),
  }),
}

export const gatewayEvents: Protocol = {
  name: "gateway-events",
  marks: { offset: '{"event":"chat.'.length, event: "m", refusals: ['{"event":"error"'] },
  acksPerMessage: 0,
  take: ({ roomId, username, token }) => ({
    path: "/chat/ws",
    headers: [bearer(token)],
    steps: [
      {
        send: JSON.stringify({ event: "chat.join", data: { roomId } }),
        answer: '{"event":"chat.joined"',
      },
    ],
    message: JSON.stringify({
      event: "chat.message",
      data: { roomId, message: content, username },
    }),
  }),
}

const joinAckId = "100000000"

/**
 * Over Engine.IO's WebSocket transport alone, as the official client with
 * `transports: ["websocket"]`: `40` joins the namespace, `42` is an event and `43` the
 * acknowledgement of one; a ping is `2`, its answer `3`.
 */
export const socketIoRooms: Protocol = {
  name: "socketio-rooms",
  // Nine digits are in an acknowledgement where `["receive` is in an event: `[` follows, or `M`.
  marks: {
    offset: '42/chat,["receive'.length,
    event: "M",
    ack: "[",
    refusals: ["44", '42/chat,["error"'],
    ping: "2",
    pong: "3",
  },
  acksPerMessage: 1,
  take: ({ roomId, token }) => ({
    path: "/socket.io/?EIO=4&transport=websocket",
    headers: [],
    steps: [
      { send: `40/chat,${JSON.stringify({ token })}`, answer: "40/chat,{" },
      {
        send: `42/chat,${joinAckId}${JSON.stringify(["joinRoom", { roomId }])}`,
        answer: `43/chat,${joinAckId}[`,
      },
    ],
    message: `42/chat,${NUMBER_SLOT}${JSON.stringify(["sendMessage", { content, roomId }])}`,
  }),
}

function bearer(token: string): string {
  return `Authorization: Bearer ${token}`
}
