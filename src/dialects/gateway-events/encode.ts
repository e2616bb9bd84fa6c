import { assertNever } from "../../protocol/assert-never"
import type { Command } from "../../protocol/commands"
import type { Message } from "../../protocol/entities"
import type { ChatError } from "../../protocol/errors"
import type { Event, RoomRef } from "../../protocol/events"
import type { RoomId } from "../../protocol/ids"
import { isoTime } from "../../protocol/present"
import type { Reply } from "../../protocol/replies"
import type { Asked, Frame, Signal } from "../dialect"
import { errorText } from "./errors"

/** What this protocol has no word for: its clients see messages as they were sent, and presence. */
type Untold =
  | "message.updated"
  | "message.deleted"
  | "member.joined"
  | "member.left"
  | "member.updated"
  | "room.updated"
  | "room.deleted"
  | "room.added"
  | "room.removed"
  | "read"
  | "presence"
  | "user.online"
  | "user.offline"
export type ToldEvent = Exclude<Event["type"], Untold>
export type ToldReply = "room.joined"
export type ToldSignal = Exclude<Signal["type"], "heartbeat" | "slow" | "draining">

const encode = (event: string, data: object): Frame => JSON.stringify({ event, data })

export function encodeEvent(event: Event): Frame | null {
  switch (event.type) {
    case "message.created":
      return encodeMessage(event.room, event.message)
    case "typing": {
      const { room, user, isTyping } = event
      const data = { userId: user.id, username: user.username, isTyping, roomId: room.id }
      return encode("chat.typing", data)
    }
    case "room.entered":
      return encode("chat.userJoined", { userId: event.user.id, roomId: event.room.id })
    case "room.exited":
      return encode("chat.userLeft", { userId: event.user.id, roomId: event.room.id })
    case "message.updated":
    case "message.deleted":
    case "member.joined":
    case "member.left":
    case "member.updated":
    case "room.updated":
    case "room.deleted":
    case "room.added":
    case "room.removed":
    case "read":
    case "presence":
    case "user.online":
    case "user.offline":
      return null
    default:
      return assertNever(event)
  }
}

/** Images and files are told as their address, which is their content. */
function encodeMessage(room: RoomRef, message: Message): Frame {
  const { author, type, content, createdAt } = message
  const timestamp = isoTime(createdAt)
  if (type === "system") {
    return encode("chat.system", { roomId: room.id, message: content, timestamp })
  }
  const { id: userId, username } = author
  return encode("chat.message", { roomId: room.id, userId, username, message: content, timestamp })
}

export function encodeSignal(signal: Signal): Frame | null {
  switch (signal.type) {
    case "removed":
      return encodeRefusal(signal.error, { command: null, room: signal.room })
    case "ended":
      return encodeRefusal(signal.error, { command: null, room: null })
    case "heartbeat":
    case "slow":
    case "draining":
      return null
    default:
      return assertNever(signal)
  }
}

export function encodeReply(reply: Reply, _asked: Asked): Frame | null {
  switch (reply.type) {
    case "room.joined":
      return encode("chat.joined", { roomId: reply.room.id })
    // The sender hears the message as everybody does; for the others the document has no answer.
    case "sent":
    case "room.left":
    case "typing.set":
      return null
    // Answers to what clients of other protocols ask.
    case "subscribed":
    case "changed":
    case "history":
    case "authenticated":
    case "pong":
    case "done":
    case "room.created":
    case "rooms":
    case "room.stats":
    case "conversation.joined":
    case "conversation.left":
    case "conversation.sent":
      return null
    default:
      return assertNever(reply)
  }
}

export const encodeError = (error: ChatError, { command }: Asked): Frame =>
  encodeRefusal(error, { command, room: null })

interface Refused {
  /** Null: it could not be read, or nothing was asked. */
  readonly command: Command | null
  readonly room: Pick<RoomRef, "id"> | null
}

function encodeRefusal(error: ChatError, { command, room }: Refused): Frame {
  const roomId = room?.id ?? roomOf(command)
  return encode("error", {
    message: errorText(error, command),
    code: error.code,
    ...(roomId === null ? {} : { roomId }),
  })
}

/** The room that a client asked about. */
function roomOf(command: Command | null): RoomId | null {
  switch (command?.type) {
    case "room.join":
    case "room.leave":
    case "typing.set":
      return command.roomId
    case "message.send":
      return command.draft.roomId
    default:
      return null
  }
}
