/**
 * Golden frames, both ways: what the tests hold the codec to. Tables by type, so a new event,
 * reply or signal without an example breaks the build.
 */
import type { Command } from "../../protocol/commands"
import type { Message, Profile, Room } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import type { Event, RoomPresenceEvent } from "../../protocol/events"
import { asRoomId, asRoomNumericId, asUserId, asUserNumericId } from "../../protocol/ids"
import { messageId, messageNumericId } from "../../protocol/message-id"
import type { Reply } from "../../protocol/replies"
import type { Decoded, Signal, SocketIoInput } from "../dialect"
import type { ClientEvent } from "./decode"
import type { ToldEvent, ToldReply, ToldSignal } from "./encode"

export const NAMESPACE = "/chat"
const NOON = "2026-01-02T12:00:00.000Z"
export const noon = Date.parse(NOON)
const ROOM_ID = asRoomId("general")
const ROOM_NUMERIC_ID = asRoomNumericId(1)
const MESSAGE_NUMERIC_ID = messageNumericId(ROOM_NUMERIC_ID, 3)

const ann: Profile = {
  id: asUserId("0199c2f0-0000-7000-8000-00000000000a"),
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: "Ann",
  avatarUrl: null,
  email: null,
}
const room: Room = {
  id: ROOM_ID,
  numericId: ROOM_NUMERIC_ID,
  name: "general",
  type: "public",
  topic: null,
  maxUsers: 0,
  membersCanInvite: false,
  memberCount: 1,
  createdBy: null,
  creatorNumericId: null,
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
export const message: Message = {
  id: messageId(MESSAGE_NUMERIC_ID, noon),
  numericId: MESSAGE_NUMERIC_ID,
  roomId: ROOM_ID,
  seq: 3,
  changedSeq: 3,
  author: ann,
  type: "text",
  content: `Tom & "Jerry's" <b>`,
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
const told = {
  id: message.id,
  content: "Tom &amp; &quot;Jerry&#39;s&quot; &lt;b&gt;",
  author: { id: ann.id, username: "ann" },
  roomId: "general",
  messageType: "TEXT",
  timestamp: NOON,
  createdAt: NOON,
  updatedAt: NOON,
}
const user = { userId: ann.id, username: "ann" }
const notice: RoomPresenceEvent = {
  type: "room.entered",
  room,
  user: ann,
  at: noon,
  noticeId: "1",
}

const input = (event: ClientEvent, payload?: unknown): SocketIoInput => ({
  event,
  payload,
  ackId: 7,
})
const understood = (event: ClientEvent, command: Command): Decoded => ({
  kind: "command",
  ref: { event, ackId: 7 },
  command,
})

/** The requests of the document, and what is understood. */
export const CLIENT_EXAMPLES: Record<
  ClientEvent,
  { readonly input: SocketIoInput; readonly decoded: Decoded }
> = {
  joinRoom: {
    input: input("joinRoom", { roomId: "general" }),
    decoded: understood("joinRoom", {
      type: "room.join",
      roomId: ROOM_ID,
      createsMissing: true,
      isExclusive: false,
      historyLimit: 0,
      countsReturns: true,
    }),
  },
  leaveRoom: {
    input: input("leaveRoom", { roomId: "general" }),
    decoded: understood("leaveRoom", { type: "room.leave", roomId: ROOM_ID }),
  },
  sendMessage: {
    input: input("sendMessage", { content: "Hello, world!", roomId: "general" }),
    decoded: understood("sendMessage", {
      type: "message.send",
      draft: {
        roomId: ROOM_ID,
        content: "Hello, world!",
        type: "text",
        clientId: null,
        metadata: null,
      },
      fromInside: true,
    }),
  },
  typing: {
    input: input("typing", { roomId: "general", isTyping: true }),
    decoded: understood("typing", {
      type: "typing.set",
      roomId: ROOM_ID,
      isTyping: true,
      fromInside: true,
    }),
  },
  getRoomStats: {
    input: input("getRoomStats", { roomId: "general" }),
    decoded: understood("getRoomStats", { type: "room.stats", roomId: ROOM_ID }),
  },
  heartbeat: {
    input: input("heartbeat"),
    decoded: understood("heartbeat", { type: "ping" }),
  },
}

/** An event of the server: its name and what it carries. */
export type Said = readonly [string, object]

export const EVENT_EXAMPLES: Record<ToldEvent, { readonly event: Event; readonly said: Said }> = {
  "message.created": {
    event: { type: "message.created", room, seq: 3, message },
    said: ["receiveMessage", told],
  },
  typing: {
    event: { type: "typing", room, user: ann, isTyping: true, at: noon },
    said: ["userTyping", { ...user, roomId: "general", isTyping: true, timestamp: NOON }],
  },
  "room.entered": {
    event: notice,
    said: ["userJoined", { ...user, roomId: "general", timestamp: NOON }],
  },
  "room.exited": {
    event: { ...notice, type: "room.exited" },
    said: ["userLeft", { ...user, roomId: "general", timestamp: NOON }],
  },
  "user.online": {
    event: { type: "user.online", user: ann, at: noon },
    said: ["userOnline", { ...user, timestamp: NOON }],
  },
  "user.offline": {
    event: { type: "user.offline", user: ann, at: noon },
    said: ["userOffline", { ...user, timestamp: NOON }],
  },
}

/** The answer, and what is said besides. */
export const REPLY_EXAMPLES: Record<
  ToldReply,
  { readonly reply: Reply; readonly answer: Said; readonly besides: readonly Said[] }
> = {
  "room.joined": {
    reply: {
      type: "room.joined",
      room,
      userCount: 1,
      present: [ann],
      notice,
      messages: [],
    },
    answer: ["joinedRoom", { event: "joinedRoom", roomId: "general", success: true }],
    besides: [["roomUsers", { roomId: "general", users: [user] }]],
  },
  "room.left": {
    reply: { type: "room.left", room },
    answer: ["leftRoom", { event: "leftRoom", roomId: "general", success: true }],
    besides: [],
  },
  sent: {
    reply: { type: "sent", message, duplicate: false },
    answer: ["messageSent", { event: "messageSent", message: told, success: true }],
    besides: [],
  },
  "typing.set": {
    reply: { type: "typing.set", isTyping: true },
    answer: ["typingUpdated", { event: "typingUpdated", success: true }],
    besides: [],
  },
  "room.stats": {
    reply: {
      type: "room.stats",
      room,
      userCount: 1,
      present: [ann],
      typists: [ann],
      at: noon,
    },
    answer: ["roomStatsRetrieved", { event: "roomStatsRetrieved", success: true }],
    besides: [
      [
        "roomStats",
        {
          roomId: "general",
          userCount: 1,
          users: [user],
          typingUsers: [ann.id],
          timestamp: NOON,
        },
      ],
    ],
  },
  pong: {
    reply: { type: "pong", time: noon },
    answer: ["heartbeatResponse", { event: "heartbeatResponse", timestamp: NOON, success: true }],
    besides: [],
  },
}

const failure = (text: string, statusCode: number): Said => [
  "error",
  { success: false, error: text, message: text, statusCode, timestamp: NOON },
]

export const SIGNAL_EXAMPLES: Record<ToldSignal, { readonly signal: Signal; readonly said: Said }> =
  {
    heartbeat: {
      signal: { type: "heartbeat", heads: new Map(), at: noon },
      said: ["ping", { timestamp: NOON }],
    },
    removed: {
      signal: { type: "removed", room, error: new ChatError("room_not_found"), at: noon },
      said: failure("There is no such room", 404),
    },
    ended: {
      signal: { type: "ended", error: new ChatError("unauthorized"), at: noon },
      said: failure("Unauthorized", 401),
    },
  }

/** Those whose words are the contract's. */
export const ERROR_EXAMPLES: readonly { readonly error: ChatError; readonly said: Said }[] = [
  { error: new ChatError("room_full"), said: failure("room is full", 403) },
  { error: new ChatError("unauthorized"), said: failure("Unauthorized", 401) },
  {
    error: new ChatError("forbidden", { detail: "you have not joined this room" }),
    said: failure("you have not joined this room", 403),
  },
]
