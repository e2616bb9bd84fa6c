/**
 * Golden frames, both ways: what the tests hold the codec to and what docs/protocol.md shows.
 * Tables by type, so a new frame, event or reply without an example breaks the build.
 */
import { EXAMPLES } from "../../protocol/answer-examples"
import {
  type Member,
  type Message,
  NO_EXTRAS,
  type Profile,
  type Room,
  type User,
} from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import type { Event } from "../../protocol/events"
import {
  asConnectionId,
  asRoomId,
  asRoomNumericId,
  asUserId,
  asUserNumericId,
} from "../../protocol/ids"
import { messageId, messageNumericId } from "../../protocol/message-id"
import type { Reply } from "../../protocol/replies"
import type { ClientFrame, ServerFrame } from "../../protocol/socket-frames"
import type { Decoded, Greeting, Ref, Signal } from "../dialect"
import type { ToldEvent, ToldReply, ToldSignal } from "./encode"

const ROOM_ID = asRoomId("0199c2f0-0000-7000-8000-000000000001")
const ANN_ID = asUserId("0199c2f0-0000-7000-8000-00000000000a")
const NOON = "2026-01-02T12:00:00.000Z"
const noon = Date.parse(NOON)
const ROOM_NUMERIC_ID = asRoomNumericId(1)
const MESSAGE_NUMERIC_ID = messageNumericId(ROOM_NUMERIC_ID, 3)
const MESSAGE_ID = messageId(MESSAGE_NUMERIC_ID, noon)

const profile: Profile = {
  id: ANN_ID,
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: "Ann",
  avatarUrl: null,
  email: "ann@chat.example",
}
const user: User = { ...profile, role: "user", createdAt: noon, lastSeenAt: null, disabledAt: null }
const room: Room = {
  id: ROOM_ID,
  numericId: ROOM_NUMERIC_ID,
  name: "general",
  type: "public",
  topic: null,
  maxUsers: 0,
  membersCanInvite: false,
  memberCount: 2,
  createdBy: ANN_ID,
  creatorNumericId: profile.numericId,
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
const member: Member = {
  roomId: ROOM_ID,
  user: profile,
  role: "member",
  joinedAt: noon,
  leftAt: null,
  mutedUntil: null,
  muteReason: null,
  lastReadSeq: 0,
  changedSeq: 2,
}
const message: Message = {
  id: MESSAGE_ID,
  numericId: MESSAGE_NUMERIC_ID,
  roomId: ROOM_ID,
  seq: 3,
  changedSeq: 3,
  author: profile,
  type: "text",
  content: "Hello, world",
  clientId: "a-1",
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

const { User: apiUser, Room: apiRoom, Member: apiMember, Message: apiMessage } = EXAMPLES

const reacted: Message = {
  ...message,
  changedSeq: 4,
  extras: { ...NO_EXTRAS, reactions: [{ emoji: "👍", count: 1, users: [ANN_ID] }] },
}
const apiReacted = {
  ...apiMessage,
  changed_seq: 4,
  reactions: [{ emoji: "👍", count: 1, users: [ANN_ID] }],
}

/** What a client may send, as it stands on the wire, and what is understood. */
export const CLIENT_EXAMPLES: Record<
  ClientFrame["type"],
  { readonly frame: object; readonly decoded: Decoded }
> = {
  auth: {
    frame: { type: "auth", id: 1, data: { token: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln" } },
    decoded: { kind: "authenticate", ref: 1, token: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln" },
  },
  subscribe: {
    frame: {
      type: "subscribe",
      id: 2,
      data: { rooms: [{ room_id: ROOM_ID, epoch: "q3Rk1xVZ2sLw", since: 2 }] },
    },
    decoded: {
      kind: "command",
      ref: 2,
      command: {
        type: "room.subscribe",
        rooms: [{ roomId: ROOM_ID, position: { epoch: "q3Rk1xVZ2sLw", since: 2 } }],
        all: false,
      },
    },
  },
  unsubscribe: {
    frame: { type: "unsubscribe", id: 3, data: { room_ids: [ROOM_ID] } },
    decoded: {
      kind: "command",
      ref: 3,
      command: { type: "room.unsubscribe", roomIds: [ROOM_ID] },
    },
  },
  "message.send": {
    frame: {
      type: "message.send",
      id: "a-1",
      data: { room_id: ROOM_ID, content: "Hello, world", client_id: "a-1" },
    },
    decoded: {
      kind: "command",
      ref: "a-1",
      command: {
        type: "message.send",
        draft: {
          roomId: ROOM_ID,
          content: "Hello, world",
          type: "text",
          clientId: "a-1",
          metadata: null,
        },
      },
    },
  },
  "message.forward": {
    frame: {
      type: "message.forward",
      id: "a-2",
      data: { message_id: MESSAGE_ID, room_id: ROOM_ID, client_id: "a-2" },
    },
    decoded: {
      kind: "command",
      ref: "a-2",
      command: {
        type: "message.forward",
        messageId: MESSAGE_ID,
        roomId: ROOM_ID,
        clientId: "a-2",
      },
    },
  },
  "message.edit": {
    frame: { type: "message.edit", id: 8, data: { message_id: MESSAGE_ID, content: "Hello" } },
    decoded: {
      kind: "command",
      ref: 8,
      command: { type: "message.edit", messageId: MESSAGE_ID, edit: { content: "Hello" } },
    },
  },
  "message.delete": {
    frame: { type: "message.delete", id: 9, data: { message_id: MESSAGE_ID } },
    decoded: {
      kind: "command",
      ref: 9,
      command: { type: "message.delete", messageId: MESSAGE_ID },
    },
  },
  "reaction.add": {
    frame: { type: "reaction.add", id: 10, data: { message_id: MESSAGE_ID, emoji: "👍" } },
    decoded: {
      kind: "command",
      ref: 10,
      command: { type: "reaction.add", messageId: MESSAGE_ID, emoji: "👍" },
    },
  },
  "reaction.remove": {
    frame: { type: "reaction.remove", id: 11, data: { message_id: MESSAGE_ID, emoji: "👍" } },
    decoded: {
      kind: "command",
      ref: 11,
      command: { type: "reaction.remove", messageId: MESSAGE_ID, emoji: "👍" },
    },
  },
  "message.pin": {
    frame: { type: "message.pin", id: 12, data: { message_id: MESSAGE_ID } },
    decoded: { kind: "command", ref: 12, command: { type: "message.pin", messageId: MESSAGE_ID } },
  },
  "message.unpin": {
    frame: { type: "message.unpin", id: 13, data: { message_id: MESSAGE_ID } },
    decoded: {
      kind: "command",
      ref: 13,
      command: { type: "message.unpin", messageId: MESSAGE_ID },
    },
  },
  history: {
    frame: { type: "history", id: 4, data: { room_id: ROOM_ID, before: 3, limit: 20 } },
    decoded: {
      kind: "command",
      ref: 4,
      command: { type: "history.read", roomId: ROOM_ID, range: { before: 3, limit: 20 } },
    },
  },
  typing: {
    frame: { type: "typing", data: { room_id: ROOM_ID, is_typing: true } },
    decoded: {
      kind: "command",
      ref: undefined,
      command: { type: "typing.set", roomId: ROOM_ID, isTyping: true },
    },
  },
  read: {
    frame: { type: "read", id: 5, data: { room_id: ROOM_ID, seq: 3 } },
    decoded: { kind: "command", ref: 5, command: { type: "read.mark", roomId: ROOM_ID, seq: 3 } },
  },
  presence: {
    frame: { type: "presence", id: 6, data: { status: "away" } },
    decoded: { kind: "command", ref: 6, command: { type: "presence.set", status: "away" } },
  },
  ping: {
    frame: { type: "ping", id: 7 },
    decoded: { kind: "command", ref: 7, command: { type: "ping" } },
  },
}

/** What is told without being asked for. */
export const EVENT_EXAMPLES: Record<
  ToldEvent,
  { readonly event: Event; readonly frame: ServerFrame }
> = {
  "message.created": {
    event: { type: "message.created", room, seq: 3, message },
    frame: { type: "message.created", room_id: ROOM_ID, seq: 3, data: apiMessage },
  },
  "message.updated": {
    event: {
      type: "message.updated",
      room,
      seq: 4,
      message: { ...message, content: "Hello", changedSeq: 4, editedAt: noon },
    },
    frame: {
      type: "message.updated",
      room_id: ROOM_ID,
      seq: 4,
      data: { ...apiMessage, content: "Hello", changed_seq: 4, edited_at: NOON },
    },
  },
  "message.deleted": {
    event: {
      type: "message.deleted",
      room,
      seq: 5,
      message: { ...message, content: "", changedSeq: 5, deletedAt: noon },
    },
    frame: {
      type: "message.deleted",
      room_id: ROOM_ID,
      seq: 5,
      data: { ...apiMessage, content: "", changed_seq: 5, deleted_at: NOON },
    },
  },
  "member.joined": {
    event: { type: "member.joined", room, seq: 2, member },
    frame: { type: "member.joined", room_id: ROOM_ID, seq: 2, data: apiMember },
  },
  "member.left": {
    event: {
      type: "member.left",
      room,
      seq: 6,
      member: { ...member, leftAt: noon, changedSeq: 6 },
    },
    frame: {
      type: "member.left",
      room_id: ROOM_ID,
      seq: 6,
      data: { ...apiMember, left_at: NOON, changed_seq: 6 },
    },
  },
  "member.updated": {
    event: {
      type: "member.updated",
      room,
      seq: 7,
      member: { ...member, role: "moderator", changedSeq: 7 },
    },
    frame: {
      type: "member.updated",
      room_id: ROOM_ID,
      seq: 7,
      data: { ...apiMember, role: "moderator", changed_seq: 7 },
    },
  },
  "room.updated": {
    event: { type: "room.updated", room, seq: 3, userCount: 1 },
    frame: { type: "room.updated", room_id: ROOM_ID, seq: 3, data: apiRoom },
  },
  "room.deleted": {
    event: { type: "room.deleted", room, seq: 3, userCount: 1 },
    frame: { type: "room.deleted", room_id: ROOM_ID, seq: 3, data: apiRoom },
  },
  "room.added": {
    event: { type: "room.added", user: profile.numericId, room, userCount: 1 },
    frame: { type: "room.added", room_id: ROOM_ID, data: apiRoom },
  },
  "room.removed": {
    event: { type: "room.removed", user: profile.numericId, room, userCount: 1 },
    frame: { type: "room.removed", room_id: ROOM_ID, data: apiRoom },
  },
  typing: {
    event: { type: "typing", room, user: profile, isTyping: true, at: noon },
    frame: {
      type: "typing",
      room_id: ROOM_ID,
      data: { user_id: ANN_ID, username: "ann", is_typing: true },
    },
  },
  read: {
    event: { type: "read", room, user: profile, seq: 3 },
    frame: { type: "read", room_id: ROOM_ID, data: { user_id: ANN_ID, seq: 3 } },
  },
  presence: {
    event: { type: "presence", room, user: profile, status: "offline", lastSeenAt: noon },
    frame: {
      type: "presence",
      room_id: ROOM_ID,
      data: { user_id: ANN_ID, username: "ann", status: "offline", last_seen_at: NOON },
    },
  },
}

/** What `ok` carries. */
export const REPLY_EXAMPLES: Record<
  ToldReply,
  { readonly reply: Reply; readonly ref: Ref; readonly frame: ServerFrame }
> = {
  authenticated: {
    reply: { type: "authenticated", user },
    ref: 1,
    frame: { type: "ok", id: 1, data: { user: apiUser } },
  },
  subscribed: {
    reply: {
      type: "subscribed",
      rooms: [
        {
          roomId: ROOM_ID,
          changes: {
            room,
            userCount: 1,
            until: 3,
            recovered: true,
            roomChanged: false,
            messages: [message],
            members: [member],
            more: false,
          },
        },
        { roomId: asRoomId("nowhere"), error: new ChatError("room_not_found") },
      ],
    },
    ref: 2,
    frame: {
      type: "ok",
      id: 2,
      data: {
        rooms: [
          {
            room_id: ROOM_ID,
            epoch: "q3Rk1xVZ2sLw",
            head: 3,
            until: 3,
            recovered: true,
            messages: [apiMessage],
            members: [apiMember],
            more: false,
          },
          {
            room_id: "nowhere",
            error: { code: "room_not_found", message: "There is no such room" },
          },
        ],
      },
    },
  },
  sent: {
    reply: {
      type: "sent",
      message,
      duplicate: false,
    },
    ref: "a-1",
    frame: {
      type: "ok",
      id: "a-1",
      data: {
        id: MESSAGE_ID,
        numeric_id: MESSAGE_NUMERIC_ID,
        room_id: ROOM_ID,
        seq: 3,
        created_at: NOON,
        duplicate: false,
      },
    },
  },
  changed: {
    reply: { type: "changed", message: reacted },
    ref: 10,
    frame: { type: "ok", id: 10, data: { message: apiReacted } },
  },
  history: {
    reply: { type: "history", messages: [message] },
    ref: 4,
    frame: { type: "ok", id: 4, data: { messages: [apiMessage] } },
  },
  done: { reply: { type: "done" }, ref: 5, frame: { type: "ok", id: 5, data: {} } },
  pong: {
    reply: { type: "pong", time: noon },
    ref: 7,
    frame: { type: "ok", id: 7, data: { time: NOON } },
  },
}

/** What a connection is told about itself. */
export const SIGNAL_EXAMPLES: Record<
  ToldSignal,
  { readonly signal: Signal; readonly frame: ServerFrame }
> = {
  heartbeat: {
    signal: { type: "heartbeat", heads: new Map([[ROOM_ID, 3]]), at: noon },
    frame: { type: "heartbeat", data: { heads: { [ROOM_ID]: 3 } } },
  },
  slow: { signal: { type: "slow" }, frame: { type: "notice", data: { kind: "slow" } } },
  draining: {
    signal: { type: "draining", reconnectAfterMs: 1_200 },
    frame: { type: "notice", data: { kind: "draining", reconnect_after_ms: 1_200 } },
  },
}

/** How refusals are told: with the frame's `id` where it had one. */
export const ERROR_EXAMPLES: readonly {
  readonly error: ChatError
  readonly ref: Ref
  readonly frame: ServerFrame
}[] = [
  {
    error: new ChatError("rate_limited", {
      detail: "more than 60 a minute",
      retryAfterMs: 12_000,
    }),
    ref: "a-2",
    frame: {
      type: "error",
      id: "a-2",
      data: {
        code: "rate_limited",
        message: "more than 60 a minute",
        retryable: true,
        retry_after_ms: 12_000,
      },
    },
  },
  {
    error: new ChatError("invalid_request", { detail: "the frame is not valid JSON" }),
    ref: undefined,
    frame: {
      type: "error",
      data: {
        code: "invalid_request",
        message: "the frame is not valid JSON",
        retryable: false,
      },
    },
  },
]

/** The first frame, from which a client learns who it is and what it may do. */
export const GREETING_EXAMPLE: { readonly greeting: Greeting; readonly frame: ServerFrame } = {
  greeting: {
    connectionId: asConnectionId("0199c2f0-0000-7000-8000-00000000000e"),
    actor: { user, via: { type: "gateway" } },
    serverTime: noon,
    messageCharsMax: 4_000,
  },
  frame: {
    type: "hello",
    data: {
      connection_id: "0199c2f0-0000-7000-8000-00000000000e",
      user: apiUser,
      protocol: "parley.v1",
      heartbeat_ms: 25_000,
      limits: {
        max_frame_bytes: 65_536,
        max_message_length: 4_000,
        max_pending_frames: 256,
        max_rooms_per_frame: 200,
      },
      server_time: NOON,
    },
  },
}
