/**
 * Golden frames, both ways, from the facts of the protocol's document: what the tests hold the
 * codec to. Tables by type: what comes to be told without an example breaks the build.
 */
import type { Message, Profile, Room, User } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import type { Event } from "../../protocol/events"
import { asRoomId, asRoomNumericId, asUserId, asUserNumericId } from "../../protocol/ids"
import { messageId, messageNumericId } from "../../protocol/message-id"
import { presentMessage } from "../../protocol/present"
import type { Reply } from "../../protocol/replies"
import type { Arrival, Decoded, Signal } from "../dialect"

const NOON = "2024-04-01T12:00:00.000Z"
const noon = Date.parse(NOON)
const ROOM_NUMERIC_ID = asRoomNumericId(1)
const MESSAGE_NUMERIC_ID = messageNumericId(ROOM_NUMERIC_ID, 3)

const user: User = {
  id: asUserId("user123"),
  numericId: asUserNumericId(1),
  username: "john_doe",
  displayName: null,
  avatarUrl: null,
  email: null,
  role: "user",
  createdAt: noon,
  lastSeenAt: null,
  disabledAt: null,
}
const author: Profile = user
const room: Room = {
  id: asRoomId("room123"),
  numericId: ROOM_NUMERIC_ID,
  name: "General Chat",
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
const message: Message = {
  id: messageId(MESSAGE_NUMERIC_ID, noon),
  numericId: MESSAGE_NUMERIC_ID,
  roomId: room.id,
  seq: 3,
  changedSeq: 3,
  author,
  type: "text",
  content: "Hello, World!",
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
const systemMessage: Message = { ...message, type: "system", content: "Maintenance at noon" }

/** What the address `/api/v1/ws/room123/user123` comes for, where names are not for the taking. */
export const ARRIVAL_EXAMPLE: {
  readonly params: Readonly<Record<string, string>>
  readonly arrival: Arrival
} = {
  params: { room_id: "room123", user_id: "user123" },
  arrival: {
    claim: "user123",
    command: {
      type: "room.join",
      roomId: room.id,
      createsMissing: false,
      isExclusive: false,
      historyLimit: 50,
      countsReturns: false,
    },
  },
}

const sending = (type: Message["type"], content: string): Decoded => ({
  kind: "command",
  ref: undefined,
  claims: ["user123"],
  command: {
    type: "message.send",
    draft: { roomId: room.id, content, type, clientId: null, metadata: null },
    fromInside: true,
  },
})

const PICTURE = "https://chat.example/cat.png"

/** What a client may send, as it stands on the wire, and what is understood. */
export const CLIENT_EXAMPLES: Record<
  Message["type"],
  { readonly frame: object; readonly decoded: Decoded }
> = {
  text: {
    frame: { type: "text", content: "Hello, World!", user_id: "user123" },
    decoded: sending("text", "Hello, World!"),
  },
  image: {
    frame: { type: "image", content: PICTURE, user_id: "user123" },
    decoded: sending("image", PICTURE),
  },
  file: {
    frame: { type: "file", content: "/files/1", user_id: "user123" },
    decoded: sending("file", "/files/1"),
  },
  system: {
    frame: { type: "system", content: "Maintenance at noon", user_id: "user123" },
    decoded: sending("system", "Maintenance at noon"),
  },
}

type ToldEvent = "message.created" | "room.entered" | "room.exited"

const presence = { room, user: author, at: noon, noticeId: "notice" } as const

export const EVENT_EXAMPLES: Record<ToldEvent, { readonly event: Event; readonly frame: object }> =
  {
    "message.created": {
      event: { type: "message.created", room, seq: 3, message },
      frame: presentMessage(message),
    },
    "room.entered": {
      event: { type: "room.entered", ...presence },
      frame: { type: "system", content: "User john_doe joined the chat", timestamp: NOON },
    },
    "room.exited": {
      event: { type: "room.exited", ...presence },
      frame: { type: "system", content: "User john_doe left the chat", timestamp: NOON },
    },
  }

/** What somebody said for the room has an id, which tells it from who came and went. */
export const SYSTEM_EXAMPLE: { readonly event: Event; readonly frame: object } = {
  event: { type: "message.created", room, seq: 3, message: systemMessage },
  frame: { ...presentMessage(systemMessage), timestamp: NOON },
}

const member = {
  roomId: room.id,
  user: author,
  role: "member",
  joinedAt: noon,
  leftAt: null,
  mutedUntil: null,
  muteReason: null,
  lastReadSeq: 0,
  changedSeq: 2,
} as const

/** What this protocol has no word for. */
export const SILENT_EVENTS: Record<Exclude<Event["type"], ToldEvent>, Event> = {
  "message.updated": { type: "message.updated", room, seq: 4, message },
  "message.deleted": { type: "message.deleted", room, seq: 4, message },
  "member.joined": { type: "member.joined", room, seq: 4, member },
  "member.left": { type: "member.left", room, seq: 4, member },
  "member.updated": { type: "member.updated", room, seq: 4, member },
  "room.updated": { type: "room.updated", room, seq: 4, userCount: 1 },
  "room.deleted": { type: "room.deleted", room, seq: 4, userCount: 1 },
  "room.added": { type: "room.added", user: author.numericId, room, userCount: 1 },
  "room.removed": { type: "room.removed", user: author.numericId, room, userCount: 1 },
  typing: { type: "typing", room, user: author, isTyping: true, at: noon },
  read: { type: "read", room, user: author, seq: 3 },
  presence: { type: "presence", room, user: author, status: "online", lastSeenAt: null },
  "user.online": { type: "user.online", user: author, at: noon },
  "user.offline": { type: "user.offline", user: author, at: noon },
}

const occupied = { room, userCount: 1, present: [author] } as const

type Answer = "room.joined" | "sent"

/** The history, and nothing for a message: its sender hears it with everybody else. */
export const REPLY_EXAMPLES: Record<
  Answer,
  { readonly reply: Reply; readonly frame: object | null }
> = {
  "room.joined": {
    reply: {
      type: "room.joined",
      ...occupied,
      notice: { type: "room.entered", ...presence },
      messages: [message, systemMessage],
    },
    frame: {
      type: "history",
      messages: [presentMessage(message), presentMessage(systemMessage)],
    },
  },
  sent: { reply: { type: "sent", message, duplicate: false }, frame: null },
}

const removal = new ChatError("forbidden", { detail: "you are no longer in this room" })

export const SIGNAL_EXAMPLES: Record<
  Signal["type"],
  { readonly signal: Signal; readonly frame: object | null }
> = {
  removed: {
    signal: { type: "removed", room, error: removal, at: noon },
    frame: { type: "error", detail: "you are no longer in this room", code: "forbidden" },
  },
  ended: {
    signal: { type: "ended", error: new ChatError("unauthorized"), at: noon },
    frame: { type: "error", detail: "Valid credentials are needed", code: "unauthorized" },
  },
  heartbeat: {
    signal: { type: "heartbeat", heads: new Map([[room.id, 3]]), at: noon },
    frame: null,
  },
  slow: { signal: { type: "slow" }, frame: null },
  draining: { signal: { type: "draining", reconnectAfterMs: 1000 }, frame: null },
}
