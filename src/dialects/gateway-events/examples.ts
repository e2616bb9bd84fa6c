/**
 * Golden frames, both ways: what the tests hold the codec to. Tables by type, so that what has no
 * example breaks the build. The facts are those of the protocol's document.
 */
import type { Command } from "../../protocol/commands"
import type { Message, Profile } from "../../protocol/entities"
import { ChatError, type ErrorCode } from "../../protocol/errors"
import type { Event, RoomRef } from "../../protocol/events"
import { asRoomId, asRoomNumericId, asUserId, asUserNumericId } from "../../protocol/ids"
import { messageId, messageNumericId } from "../../protocol/message-id"
import type { Reply } from "../../protocol/replies"
import type { Signal } from "../dialect"
import type { ClientEvent } from "./decode"
import type { ToldEvent, ToldReply, ToldSignal } from "./encode"

interface EventFrame {
  readonly event: string
  readonly data: object
}

const NOW = "2025-11-17T12:00:00.000Z"
const now = Date.parse(NOW)
const room: RoomRef = { id: asRoomId("room123"), numericId: asRoomNumericId(7) }
const john: Profile = {
  id: asUserId("123"),
  numericId: asUserNumericId(5),
  username: "John",
  displayName: null,
  avatarUrl: null,
  email: "john@chat.example",
}
const numericId = messageNumericId(room.numericId, 3)
const message: Message = {
  id: messageId(numericId, now),
  numericId,
  roomId: room.id,
  seq: 3,
  changedSeq: 3,
  author: john,
  type: "text",
  content: "Hello world!",
  clientId: null,
  replyTo: null,
  threadId: null,
  threadCount: 0,
  pinnedAt: null,
  metadata: null,
  extras: null,
  createdAt: now,
  editedAt: null,
  deletedAt: null,
  expiresAt: null,
}

const join: Command = {
  type: "room.join",
  roomId: room.id,
  createsMissing: true,
  isExclusive: false,
  historyLimit: 0,
  countsReturns: true,
}
const send: Command = {
  type: "message.send",
  draft: {
    roomId: room.id,
    content: "Hello world!",
    type: "text",
    clientId: null,
    metadata: null,
  },
  fromInside: true,
}

/** What a client may send, as it stands in the document, and what is understood. */
export const CLIENT_EXAMPLES: Record<
  ClientEvent,
  { readonly frame: EventFrame; readonly command: Command }
> = {
  "chat.join": {
    frame: { event: "chat.join", data: { roomId: "room123" } },
    command: join,
  },
  "chat.leave": {
    frame: { event: "chat.leave", data: { roomId: "room123" } },
    command: { type: "room.leave", roomId: room.id },
  },
  "chat.message": {
    frame: {
      event: "chat.message",
      data: { roomId: "room123", message: "Hello world!", username: "John" },
    },
    command: send,
  },
  "chat.typing": {
    frame: { event: "chat.typing", data: { roomId: "room123", username: "John", isTyping: true } },
    command: { type: "typing.set", roomId: room.id, isTyping: true, fromInside: true },
  },
}

const created = (more: Partial<Message>): Event => ({
  type: "message.created",
  room,
  seq: 3,
  message: { ...message, ...more },
})

interface EventExample {
  readonly event: Event
  readonly frame: EventFrame
}

/** What is told to those in a room. A message has a form for each kind. */
export const EVENT_EXAMPLES: Record<
  Exclude<ToldEvent, "message.created"> | `message.created ${Message["type"]}`,
  EventExample
> = {
  "message.created text": {
    event: created({}),
    frame: {
      event: "chat.message",
      data: {
        roomId: "room123",
        userId: "123",
        username: "John",
        message: "Hello world!",
        timestamp: NOW,
      },
    },
  },
  "message.created image": {
    event: created({ type: "image", content: "https://pictures.example/cat.png" }),
    frame: {
      event: "chat.message",
      data: {
        roomId: "room123",
        userId: "123",
        username: "John",
        message: "https://pictures.example/cat.png",
        timestamp: NOW,
      },
    },
  },
  "message.created file": {
    event: created({ type: "file", content: "/files/plan.pdf" }),
    frame: {
      event: "chat.message",
      data: {
        roomId: "room123",
        userId: "123",
        username: "John",
        message: "/files/plan.pdf",
        timestamp: NOW,
      },
    },
  },
  "message.created system": {
    event: created({ type: "system", content: "Server maintenance in 5 minutes" }),
    frame: {
      event: "chat.system",
      data: { roomId: "room123", message: "Server maintenance in 5 minutes", timestamp: NOW },
    },
  },
  typing: {
    event: { type: "typing", room, user: john, isTyping: true, at: now },
    frame: {
      event: "chat.typing",
      data: { userId: "123", username: "John", isTyping: true, roomId: "room123" },
    },
  },
  "room.entered": {
    event: { type: "room.entered", room, user: john, at: now, noticeId: "n-1" },
    frame: { event: "chat.userJoined", data: { userId: "123", roomId: "room123" } },
  },
  "room.exited": {
    event: { type: "room.exited", room, user: john, at: now, noticeId: "n-2" },
    frame: { event: "chat.userLeft", data: { userId: "123", roomId: "room123" } },
  },
}

/** The one answer that the document has. */
export const REPLY_EXAMPLES: Record<
  ToldReply,
  { readonly reply: Reply; readonly frame: EventFrame }
> = {
  "room.joined": {
    reply: {
      type: "room.joined",
      notice: { type: "room.entered", room, user: john, at: now, noticeId: "n-1" },
      messages: [],
      room: {
        ...room,
        numericId: room.numericId,
        name: "room123",
        type: "public",
        topic: null,
        maxUsers: 0,
        membersCanInvite: false,
        memberCount: 1,
        createdBy: null,
        creatorNumericId: null,
        directKey: null,
        createdAt: now,
        updatedAt: now,
        epoch: "q3Rk1xVZ2sLw",
        head: 2,
        changedSeq: 0,
        isBlocked: false,
        archivedAt: null,
        deletedAt: null,
      },
      userCount: 1,
      present: [john],
    },
    frame: { event: "chat.joined", data: { roomId: "room123" } },
  },
}

export const SIGNAL_EXAMPLES: Record<
  ToldSignal,
  { readonly signal: Signal; readonly frame: EventFrame }
> = {
  removed: {
    signal: {
      type: "removed",
      room,
      error: new ChatError("forbidden", { detail: "you are no longer in this room" }),
      at: now,
    },
    frame: {
      event: "error",
      data: {
        message: "Forbidden: you are no longer in this room",
        code: "forbidden",
        roomId: "room123",
      },
    },
  },
  ended: {
    signal: { type: "ended", error: new ChatError("unauthorized"), at: now },
    frame: { event: "error", data: { message: "Unauthorized", code: "unauthorized" } },
  },
}

interface ErrorExample {
  readonly error: ChatError
  /** Null: what the client sent could not be read. */
  readonly command: Command | null
  /** Of the event `error`; its code is that of the error. */
  readonly data: { readonly message: string; readonly roomId?: string }
}

const inRoom = (command: Command, error: ChatError, text: string): ErrorExample => ({
  error,
  command,
  data: { message: text, roomId: "room123" },
})
const plain = (code: ErrorCode, text: string) => inRoom(send, new ChatError(code), text)

/** How refusals are told, for every code: few of them can come about here today. */
export const ERROR_EXAMPLES: Record<ErrorCode, ErrorExample> = {
  invalid_request: {
    error: new ChatError("invalid_request", { problems: [{ path: "data", message: "-" }] }),
    command: null,
    data: { message: "Invalid message format" },
  },
  unauthorized: plain("unauthorized", "Unauthorized"),
  forbidden: inRoom(
    send,
    new ChatError("forbidden", { detail: "you have not joined this room" }),
    "Forbidden: you have not joined this room",
  ),
  banned: inRoom(
    join,
    new ChatError("banned", { detail: "you are banned from this room: spam" }),
    "Banned: you are banned from this room: spam",
  ),
  muted: inRoom(
    send,
    new ChatError("muted", { detail: "you are muted in this room" }),
    "Muted: you are muted in this room",
  ),
  not_found: plain("not_found", "Not found"),
  room_not_found: inRoom(join, new ChatError("room_not_found"), "Room not found"),
  message_not_found: plain("message_not_found", "Message not found"),
  user_not_found: plain("user_not_found", "User not found"),
  invite_not_found: plain("invite_not_found", "Invite not found"),
  upload_not_found: plain("upload_not_found", "Upload not found"),
  method_not_allowed: plain("method_not_allowed", "Not allowed"),
  conflict: plain("conflict", "Conflict"),
  room_full: inRoom(join, new ChatError("room_full"), "Room is full"),
  room_limit: plain("room_limit", "Room limit exceeded"),
  payload_too_large: {
    error: new ChatError("payload_too_large", { detail: "a frame may have 65536 bytes" }),
    command: null,
    data: { message: "Message too large: a frame may have 65536 bytes" },
  },
  rate_limited: inRoom(
    send,
    new ChatError("rate_limited", { detail: "more than 60 a minute", retryAfterMs: 12_000 }),
    "Rate limit exceeded: more than 60 a minute",
  ),
  internal: plain("internal", "Internal server error"),
  overloaded: plain("overloaded", "Server is overloaded"),
}
