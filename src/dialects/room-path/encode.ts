import { assertNever } from "../../protocol/assert-never"
import type { ChatError, ErrorCode } from "../../protocol/errors"
import type { Event, RoomPresenceEvent } from "../../protocol/events"
import { messageJson } from "../../protocol/message-json"
import { isoTime } from "../../protocol/present"
import type { Reply } from "../../protocol/replies"
import type { Frame, Signal } from "../dialect"

/** A refusal: the connection stays, but where it is told that it is over. */
interface ErrorFrame {
  readonly type: "error"
  /** As in the answers of REST. */
  readonly detail: string
  readonly code: ErrorCode
  readonly retry_after_ms?: number
}

/** What happened to people in the room; what people said has an `id` besides. */
interface SystemFrame {
  readonly type: "system"
  readonly content: string
  readonly timestamp: string
}

const encode = (frame: ErrorFrame | SystemFrame): Frame => JSON.stringify(frame)

export function encodeEvent(event: Event): Frame | null {
  switch (event.type) {
    case "message.created": {
      const { message } = event
      const json = messageJson(message)
      if (message.type !== "system") return json
      return `${json.slice(0, -1)},"timestamp":"${isoTime(message.createdAt)}"}`
    }
    case "room.entered":
      return encode(presenceNotice(event, "joined"))
    case "room.exited":
      return encode(presenceNotice(event, "left"))
    // The document has no words for the rest.
    case "message.updated":
    case "message.deleted":
    case "member.joined":
    case "member.left":
    case "member.updated":
    case "room.updated":
    case "room.deleted":
    case "room.added":
    case "room.removed":
    case "typing":
    case "read":
    case "presence":
    case "user.online":
    case "user.offline":
      return null
    default:
      return assertNever(event)
  }
}

const presenceNotice = ({ user, at }: RoomPresenceEvent, verb: "joined" | "left"): SystemFrame => ({
  type: "system",
  content: `User ${user.username} ${verb} the chat`,
  timestamp: isoTime(at),
})

export function encodeSignal(signal: Signal): Frame | null {
  switch (signal.type) {
    case "removed":
    case "ended":
      return encodeError(signal.error)
    // Told by the code that the connection is closed with, or not at all.
    case "heartbeat":
    case "slow":
    case "draining":
      return null
    default:
      return assertNever(signal)
  }
}

export function encodeReply(reply: Reply): Frame | null {
  switch (reply.type) {
    case "room.joined":
      return `{"type":"history","messages":[${reply.messages.map(messageJson).join(",")}]}`
    // Whoever sends hears it with everybody else.
    case "sent":
      return null
    // Answers to what clients of other protocols ask.
    case "subscribed":
    case "changed":
    case "history":
    case "authenticated":
    case "pong":
    case "done":
    case "room.left":
    case "room.created":
    case "rooms":
    case "room.stats":
    case "typing.set":
    case "conversation.joined":
    case "conversation.left":
    case "conversation.sent":
      return null
    default:
      return assertNever(reply)
  }
}

export function encodeError({ code, message, retryAfterMs }: ChatError): Frame {
  return encode({
    type: "error",
    detail: message,
    code,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
  })
}
