/**
 * Golden frames, both ways: what the tests hold the codec to. Tables by type, so a new event,
 * reply or signal without an example breaks the build.
 */

import type { Message, Profile } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import type { Event, RoomRef } from "../../protocol/events"
import { asRoomId, asRoomNumericId, asUserId, asUserNumericId } from "../../protocol/ids"
import { messageId, messageNumericId } from "../../protocol/message-id"
import type { Reply } from "../../protocol/replies"
import type { ApiPairMessage } from "../../protocol/socketio-conversations-answers"
import type { Decoded, EventRef, Signal, SocketIoInput } from "../dialect"
import type { EventName } from "./decode"
import type { ToldEvent, ToldReply, ToldSignal } from "./encode"

export const NAMESPACE = "/chat"
const NOON = "2026-01-02T12:00:00.000Z"
export const noon = Date.parse(NOON)

const ann: Profile = {
  id: asUserId("0199c2f0-0000-7000-8000-00000000000a"),
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: "Ann",
  avatarUrl: null,
  email: null,
}
/** Of ann, who began it, and somebody whose number is 2. */
const room: RoomRef = {
  id: asRoomId("0199c2f0-0000-7000-8000-000000000001"),
  numericId: asRoomNumericId(1),
  directKey: "1,2",
  creatorNumericId: ann.numericId,
}
const MESSAGE_NUMBER = messageNumericId(room.numericId, 3)
export const message: Message = {
  id: messageId(MESSAGE_NUMBER, noon),
  numericId: MESSAGE_NUMBER,
  roomId: room.id,
  seq: 3,
  changedSeq: 3,
  author: ann,
  type: "text",
  content: "Hello, how are you?",
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
const told: ApiPairMessage = {
  id: 1_073_741_827,
  sender_id: 1,
  conversation_id: 1,
  timestamp: NOON,
  message_type: "text",
  content: "Hello, how are you?",
  conversation: { id: 1, sender_id: 1, receiver_id: 2 },
}

const input = (event: EventName, payload: unknown, ackId?: number): SocketIoInput => ({
  event,
  payload,
  ackId,
})

/** The requests of the document, and what is understood. */
export const CLIENT_EXAMPLES: Record<
  EventName,
  { readonly input: SocketIoInput; readonly decoded: Decoded }
> = {
  "send-message": {
    input: input("send-message", {
      sender_id: 1,
      conversation_id: 1,
      message_type: "text",
      content: "Hello, how are you?",
    }),
    decoded: {
      kind: "command",
      ref: { event: "send-message", ackId: undefined, subject: undefined },
      command: {
        type: "conversation.send",
        draft: { conversation: room.numericId, content: "Hello, how are you?", type: "text" },
      },
      claims: [1],
    },
  },
  "join-conversation": {
    input: input("join-conversation", { conversationId: 1, userId: 1 }, 0),
    decoded: {
      kind: "command",
      ref: { event: "join-conversation", ackId: 0, subject: 1 },
      command: { type: "conversation.join", conversation: room.numericId },
      claims: [1],
    },
  },
  "leave-conversation": {
    input: input("leave-conversation", { conversationId: 1 }),
    decoded: {
      kind: "command",
      ref: { event: "leave-conversation", ackId: undefined, subject: 1 },
      command: { type: "conversation.leave", conversation: room.numericId },
    },
  },
  typing: {
    input: input("typing", { conversationId: 1, userId: 1, isTyping: true }),
    decoded: {
      kind: "command",
      ref: { event: "typing", ackId: undefined, subject: 1 },
      command: { type: "conversation.typing", conversation: room.numericId, isTyping: true },
      claims: [1],
    },
  },
}

/** An event of the server: its name and what it carries. */
type Said = readonly [string, object]

export const EVENT_EXAMPLES: Record<ToldEvent, { readonly event: Event; readonly said: Said }> = {
  "message.created": {
    event: { type: "message.created", room, seq: 3, message },
    said: ["receive-message", told],
  },
  typing: {
    event: { type: "typing", room, user: ann, isTyping: true, at: noon },
    said: ["user-typing", { conversationId: 1, userId: 1, isTyping: true }],
  },
  "user.online": {
    event: { type: "user.online", user: ann, at: noon },
    said: ["user:online", { userId: 1 }],
  },
  "user.offline": {
    event: { type: "user.offline", user: ann, at: noon },
    said: ["user:offline", { userId: 1 }],
  },
}

/** What answers a request, and what acknowledges it where that is asked for. */
interface Answer {
  readonly ref: EventRef
  readonly said: Said | null
  readonly acknowledged: object
}

export const REPLY_EXAMPLES: Record<ToldReply, Answer & { readonly reply: Reply }> = {
  "conversation.joined": {
    reply: { type: "conversation.joined", conversation: room.numericId },
    ref: { event: "join-conversation", ackId: 0, subject: 1 },
    said: ["joined-conversation", { success: true, conversationId: 1 }],
    acknowledged: { success: true, conversationId: 1 },
  },
  "conversation.left": {
    reply: { type: "conversation.left", conversation: room.numericId },
    ref: { event: "leave-conversation", ackId: 1, subject: 1 },
    said: null,
    acknowledged: { success: true, conversationId: 1 },
  },
  "conversation.sent": {
    reply: {
      type: "conversation.sent",
      message,
      conversation: { id: room.numericId, senderId: ann.numericId, receiverId: asUserNumericId(2) },
      duplicate: false,
    },
    ref: { event: "send-message", ackId: 2 },
    said: ["message-sent", told],
    acknowledged: told,
  },
  "typing.set": {
    reply: { type: "typing.set", isTyping: true },
    ref: { event: "typing", ackId: 3, subject: 1 },
    said: null,
    acknowledged: { success: true, conversationId: 1 },
  },
}

export const SIGNAL_EXAMPLES: Record<ToldSignal, { readonly signal: Signal; readonly said: Said }> =
  {
    heartbeat: {
      signal: { type: "heartbeat", heads: new Map(), at: noon },
      said: ["ping", { timestamp: NOON }],
    },
    removed: {
      signal: {
        type: "removed",
        room,
        error: new ChatError("forbidden", { detail: "you are no longer in this room" }),
        at: noon,
      },
      said: ["error", failure("you are no longer in this room", 403)],
    },
    ended: {
      signal: { type: "ended", error: new ChatError("unauthorized"), at: noon },
      said: ["error", failure("Unauthorized", 401)],
    },
  }

export const ERROR_EXAMPLES: readonly (Answer & { readonly error: ChatError })[] = [
  {
    error: new ChatError("room_not_found"),
    ref: { event: "join-conversation", ackId: 0, subject: 9 },
    said: ["error", failure("Conversation not found", 404)],
    acknowledged: { success: false, error: "Conversation not found", conversationId: 9 },
  },
  {
    error: new ChatError("room_not_found", { isHidden: true }),
    ref: { event: "join-conversation", ackId: 1, subject: 2 },
    said: ["error", failure("Unauthorized to join this conversation", 403)],
    acknowledged: {
      success: false,
      error: "Unauthorized to join this conversation",
      conversationId: 2,
    },
  },
  {
    error: new ChatError("invalid_request", {
      problems: [
        { path: "sender_id", message: "should not be empty" },
        { path: "sender_id", message: "must be an integer number" },
      ],
    }),
    ref: { event: "send-message", ackId: 2 },
    said: [
      "message-error",
      { error: "sender_id should not be empty, sender_id must be an integer number" },
    ],
    acknowledged: {
      success: false,
      error: "sender_id should not be empty, sender_id must be an integer number",
    },
  },
]

function failure(text: string, statusCode: number) {
  return { success: false, error: text, message: text, statusCode, timestamp: NOON }
}
