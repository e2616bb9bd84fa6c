import { assertNever } from "../../protocol/assert-never"
import { type ChatError, ERRORS } from "../../protocol/errors"
import type { Event } from "../../protocol/events"
import { LIMITS } from "../../protocol/limits"
import { messageJson } from "../../protocol/message-json"
import {
  isoTime,
  presentChanges,
  presentMember,
  presentMessage,
  presentOwnUser,
  presentRoom,
  presentSendReceipt,
} from "../../protocol/present"
import type { Reply, RoomStanding, SendReceipt } from "../../protocol/replies"
import {
  type Hello,
  type OkData,
  type ServerFrame,
  SUBPROTOCOL,
  type SubscribedRoom,
} from "../../protocol/socket-frames"
import type { Asked, Frame, Greeting, Ref, Signal } from "../dialect"

/** What this protocol has words for. */
export type ToldEvent = Exclude<
  Event["type"],
  "room.entered" | "room.exited" | "user.online" | "user.offline"
>
export type ToldReply = Extract<
  Reply["type"],
  "sent" | "changed" | "subscribed" | "history" | "authenticated" | "pong" | "done"
>
export type ToldSignal = Exclude<Signal["type"], "removed" | "ended">

const encode = (frame: ServerFrame): Frame => JSON.stringify(frame)

export function greet({ connectionId, actor, serverTime, messageCharsMax }: Greeting): Frame[] {
  const data: Hello = {
    connection_id: connectionId,
    user: presentOwnUser(actor.user),
    protocol: SUBPROTOCOL,
    heartbeat_ms: LIMITS.heartbeatMs,
    limits: {
      max_frame_bytes: LIMITS.frameBytesMax,
      max_message_length: messageCharsMax,
      max_pending_frames: LIMITS.pendingFramesMax,
      max_rooms_per_frame: LIMITS.roomsPerFrameMax,
    },
    server_time: isoTime(serverTime),
  }
  return [encode({ type: "hello", data })]
}

export function encodeEvent(event: Event): Frame | null {
  switch (event.type) {
    case "message.created":
    case "message.updated":
    case "message.deleted": {
      // Put together by hand: the one frame that is encoded as often as messages are sent.
      const { type, room, seq, message } = event
      return `{"type":"${type}","room_id":"${room.id}","seq":${seq},"data":${messageJson(message)}}`
    }
    case "member.joined":
    case "member.left":
    case "member.updated": {
      const { type, room, seq, member } = event
      return encode({ type, room_id: room.id, seq, data: presentMember(member) })
    }
    case "room.updated":
    case "room.deleted": {
      const { type, room, seq, userCount } = event
      return encode({ type, room_id: room.id, seq, data: presentRoom(room, userCount) })
    }
    case "room.added":
    case "room.removed": {
      const { type, room, userCount } = event
      return encode({ type, room_id: room.id, data: presentRoom(room, userCount) })
    }
    case "typing": {
      const { room, user, isTyping } = event
      const data = { user_id: user.id, username: user.username, is_typing: isTyping }
      return encode({ type: "typing", room_id: room.id, data })
    }
    case "read": {
      const { room, user, seq } = event
      return encode({ type: "read", room_id: room.id, data: { user_id: user.id, seq } })
    }
    case "presence": {
      const { room, user, status, lastSeenAt } = event
      const data = {
        user_id: user.id,
        username: user.username,
        status,
        last_seen_at: lastSeenAt === null ? null : isoTime(lastSeenAt),
      }
      return encode({ type: "presence", room_id: room.id, data })
    }
    // Whom it concerns is told by `presence`, and who is in a room by its `user_count`.
    case "room.entered":
    case "room.exited":
    case "user.online":
    case "user.offline":
      return null
    default:
      return assertNever(event)
  }
}

export function encodeSignal(signal: Signal): Frame | null {
  switch (signal.type) {
    case "heartbeat":
      return encode({ type: "heartbeat", data: { heads: Object.fromEntries(signal.heads) } })
    case "slow":
      return encode({ type: "notice", data: { kind: "slow" } })
    case "draining":
      return encode({
        type: "notice",
        data: { kind: "draining", reconnect_after_ms: signal.reconnectAfterMs },
      })
    // Told by `room.removed`, and by the code that the connection is closed with.
    case "removed":
    case "ended":
      return null
    default:
      return assertNever(signal)
  }
}

export function encodeReply(reply: Reply, { ref }: Asked): Frame | null {
  if (!isId(ref)) return null
  if (reply.type === "sent") return encodeReceipt(reply, ref)
  return encode({ type: "ok", id: ref, data: okData(reply) })
}

/** By hand as well: one for each message. A test compares it with the presented receipt. */
function encodeReceipt(receipt: SendReceipt, ref: string | number): Frame {
  const { message, duplicate } = receipt
  const { id, numericId, roomId, seq, createdAt } = message
  return (
    `{"type":"ok","id":${JSON.stringify(ref)},"data":{"id":"${id}","numeric_id":${numericId},` +
    `"room_id":"${roomId}","seq":${seq},"created_at":"${isoTime(createdAt)}",` +
    `"duplicate":${duplicate}}}`
  )
}

/** What a client of ours calls a request by. */
const isId = (ref: Ref): ref is string | number =>
  typeof ref === "string" || typeof ref === "number"

function okData(reply: Reply): OkData {
  switch (reply.type) {
    case "sent":
      return presentSendReceipt(reply)
    case "changed":
      return { message: presentMessage(reply.message) }
    case "subscribed":
      return { rooms: reply.rooms.map(presentSubscribedRoom) }
    case "history":
      return { messages: reply.messages.map(presentMessage) }
    case "authenticated":
      return { user: presentOwnUser(reply.user) }
    case "pong":
      return { time: isoTime(reply.time) }
    case "done":
    case "typing.set":
      return {}
    // Answers to what clients of other protocols ask.
    case "room.joined":
    case "room.left":
    case "room.created":
    case "rooms":
    case "room.stats":
    case "conversation.joined":
    case "conversation.left":
    case "conversation.sent":
      return {}
    default:
      return assertNever(reply)
  }
}

/** A room as a client is told it that begins to listen there. */
export function presentSubscribedRoom(room: RoomStanding): SubscribedRoom {
  if ("changes" in room) return { room_id: room.roomId, ...presentChanges(room.changes) }
  const { code, message } = room.error
  return { room_id: room.roomId, error: { code, message } }
}

export function encodeError(error: ChatError, { ref }: Pick<Asked, "ref">): Frame {
  const { code, message, retryAfterMs } = error
  return encode({
    type: "error",
    ...(isId(ref) ? { id: ref } : {}),
    data: {
      code,
      message,
      retryable: ERRORS[code].retryable,
      ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
    },
  })
}
