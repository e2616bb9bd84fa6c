/**
 * Golden frames, both ways, from the facts of the protocol's document: what the tests hold the
 * codec to. Tables by type, so that a new frame, event or reply without an example breaks the
 * build.
 */
import type { Message, Profile, Room } from "../../protocol/entities"
import { ChatError, type ErrorCode } from "../../protocol/errors"
import type { Event } from "../../protocol/events"
import { asRoomId, asRoomNumericId, asUserId, asUserNumericId } from "../../protocol/ids"
import { messageId, messageNumericId } from "../../protocol/message-id"
import type { Reply } from "../../protocol/replies"
import type { Decoded, Signal } from "../dialect"
import type { ClientFrame } from "./decode"
import type { ServerFrame, ToldEvent, ToldReply, ToldSignal, WireMessage } from "./encode"

const ROOM_ID = asRoomId("0199c2f0-0000-7000-8000-000000000001")
const NOTICE_ID = "0199c2f0-0000-7000-8000-0000000000ff"
const NOON = "2024-01-01T12:00:00.000Z"
const noon = Date.parse(NOON)

const ann: Profile = {
  id: asUserId("0199c2f0-0000-7000-8000-00000000000a"),
  numericId: asUserNumericId(123),
  username: "ann",
  displayName: "Ann",
  avatarUrl: null,
  email: "user@example.com",
}
/** Has told no address. */
const bob: Profile = {
  ...ann,
  id: asUserId("0199c2f0-0000-7000-8000-00000000000b"),
  numericId: asUserNumericId(124),
  username: "bob",
  email: null,
}
const room: Room = {
  id: ROOM_ID,
  numericId: asRoomNumericId(1),
  name: "My Room",
  type: "public",
  topic: null,
  maxUsers: 50,
  membersCanInvite: false,
  memberCount: 1,
  createdBy: ann.id,
  creatorNumericId: ann.numericId,
  directKey: null,
  createdAt: noon,
  updatedAt: noon,
  epoch: "q3Rk1xVZ2sLw",
  head: 3,
  changedSeq: 0,
  isBlocked: false,
  archivedAt: null,
  deletedAt: null,
}
const numericId = messageNumericId(room.numericId, 3)
const message: Message = {
  id: messageId(numericId, noon),
  numericId,
  roomId: ROOM_ID,
  seq: 3,
  changedSeq: 3,
  author: ann,
  type: "text",
  content: "Hello, everyone!",
  clientId: null,
  replyTo: null,
  threadId: null,
  threadCount: 0,
  pinnedAt: null,
  metadata: null,
  extras: null,
  createdAt: noon,
  editedAt: null,
  deletedAt: null,
  expiresAt: null,
}
const entered = {
  type: "room.entered",
  room,
  user: ann,
  at: noon,
  noticeId: NOTICE_ID,
} as const

const ANN = { user_id: 123, user_uuid: ann.id, user_email: "user@example.com" }
const ROOM = {
  id: ROOM_ID,
  name: "My Room",
  type: "public",
  max_users: 50,
  user_count: 0,
  users: {},
  created_at: NOON,
  updated_at: NOON,
}
const said: WireMessage = {
  id: message.id,
  type: "text",
  content: "Hello, everyone!",
  ...ANN,
  room_id: ROOM_ID,
  timestamp: NOON,
}
const joined: WireMessage = {
  ...said,
  id: NOTICE_ID,
  type: "join",
  content: "user@example.com joined the room",
}

/** Of rooms whose maker does not say. */
export const EXAMPLE_USERS_MAX = 100

const command = (it: Extract<Decoded, { kind: "command" }>["command"]): Decoded => ({
  kind: "command",
  ref: undefined,
  command: it,
})

/** What a client may send, as it stands on the wire, and what is understood. */
export const CLIENT_EXAMPLES: Record<
  ClientFrame["type"],
  { readonly frame: object; readonly decoded: Decoded }
> = {
  create_room: {
    frame: { type: "create_room", data: { name: "My Room", type: "public", max_users: 50 } },
    decoded: command({ type: "room.create", name: "My Room", roomType: "public", maxUsers: 50 }),
  },
  list_rooms: {
    frame: { type: "list_rooms", data: { type: "public" } },
    decoded: command({ type: "rooms.list", roomType: "public" }),
  },
  join_room: {
    frame: { type: "join_room", data: { room_id: ROOM_ID } },
    decoded: command({
      type: "room.join",
      roomId: ROOM_ID,
      createsMissing: false,
      isExclusive: true,
      historyLimit: 0,
      countsReturns: true,
    }),
  },
  leave_room: {
    frame: { type: "leave_room", data: {} },
    decoded: command({ type: "room.leave", roomId: null }),
  },
  send_message: {
    frame: {
      type: "send_message",
      data: { type: "text", content: "Hello, everyone!", room_id: ROOM_ID },
    },
    decoded: command({
      type: "message.send",
      draft: {
        roomId: ROOM_ID,
        content: "Hello, everyone!",
        type: "text",
        clientId: null,
        metadata: null,
      },
      fromInside: true,
    }),
  },
}

/** What is told without being asked for. */
export const EVENT_EXAMPLES: Record<
  ToldEvent,
  { readonly event: Event; readonly frame: ServerFrame }
> = {
  "message.created": {
    event: { type: "message.created", room, seq: 3, message },
    frame: said,
  },
  "room.entered": { event: entered, frame: joined },
  "room.exited": {
    event: { ...entered, type: "room.exited" },
    frame: { ...joined, type: "leave", content: "user@example.com left the room" },
  },
}

/** The same message as other protocols write it, or as the server does. */
export const MESSAGE_EXAMPLES: Record<
  Message["type"],
  { readonly message: Message; readonly frame: WireMessage }
> = {
  text: { message, frame: said },
  image: {
    message: { ...message, type: "image", content: "https://files.example/cat.png" },
    frame: { ...said, content: "https://files.example/cat.png" },
  },
  file: {
    message: { ...message, type: "file", content: "/files/plan.pdf" },
    frame: { ...said, content: "/files/plan.pdf" },
  },
  system: {
    message: { ...message, type: "system" },
    frame: { ...said, type: "system" },
  },
}

/** What is answered, to ann. */
export const REPLY_EXAMPLES: Record<
  ToldReply,
  { readonly reply: Reply; readonly frame: ServerFrame }
> = {
  "room.created": {
    reply: { type: "room.created", room, userCount: 0, present: [] },
    frame: { type: "room_created", data: ROOM },
  },
  rooms: {
    reply: {
      type: "rooms",
      rooms: [
        { room, userCount: 2, present: [ann, bob] },
        {
          room: { ...room, maxUsers: 0 },
          userCount: 1,
          present: [{ ...bob, email: "b@b.example" }],
        },
      ],
    },
    frame: {
      type: "rooms_list",
      data: [
        {
          ...ROOM,
          user_count: 2,
          users: {
            [ann.id]: ANN,
            [bob.id]: { user_id: 124, user_uuid: bob.id, user_email: "bob" },
          },
        },
        {
          ...ROOM,
          max_users: 0,
          user_count: 1,
          users: { [bob.id]: { user_id: 124, user_uuid: bob.id, user_email: "bob" } },
        },
      ],
    },
  },
  "room.joined": {
    reply: {
      type: "room.joined",
      room,
      userCount: 1,
      present: [ann],
      notice: entered,
      messages: [],
    },
    frame: joined,
  },
}

/** Who gets the replies above. */
export const EXAMPLE_ASKER = ann

/** What a connection is told about itself. */
export const SIGNAL_EXAMPLES: Record<
  ToldSignal,
  { readonly signal: Signal; readonly frame: ServerFrame }
> = {
  removed: {
    signal: { type: "removed", room, error: new ChatError("forbidden"), at: noon },
    frame: { type: "error", data: { message: "unauthorized", code: "forbidden" } },
  },
  ended: {
    signal: { type: "ended", error: new ChatError("user_not_found"), at: noon },
    frame: { type: "error", data: { message: "user not found", code: "user_not_found" } },
  },
}

/** How each refusal is told. */
export const ERROR_EXAMPLES: Record<ErrorCode, string> = {
  invalid_request: "invalid message",
  payload_too_large: "invalid message",
  method_not_allowed: "invalid message",
  unauthorized: "unauthorized",
  forbidden: "unauthorized",
  banned: "unauthorized",
  muted: "unauthorized",
  room_not_found: "room not found",
  user_not_found: "user not found",
  room_full: "room is full",
  conflict: "user already in room",
  room_limit: "room limit exceeded",
  rate_limited: "rate limit exceeded",
  not_found: "not found",
  message_not_found: "not found",
  invite_not_found: "not found",
  upload_not_found: "not found",
  internal: "internal error",
  overloaded: "server overloaded",
}
