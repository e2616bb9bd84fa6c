import { assertNever } from "../../protocol/assert-never"
import type { MessageType, Profile } from "../../protocol/entities"
import type { ChatError } from "../../protocol/errors"
import type { Event, RoomPresenceEvent } from "../../protocol/events"
import { isoTime } from "../../protocol/present"
import type { Occupied, Reply } from "../../protocol/replies"
import type { Asked, Frame, Signal } from "../dialect"
import { type ErrorData, errorData } from "./errors"

/** What this protocol has words for. */
export type ToldEvent = Extract<Event["type"], "message.created" | "room.entered" | "room.exited">
export type ToldReply = Extract<Reply["type"], "room.joined" | "room.created" | "rooms">
export type ToldSignal = Extract<Signal["type"], "removed" | "ended">

/** Somebody as the document shows them. `user_email` is a username where no address is shown. */
export interface WireUser {
  readonly user_id: number
  readonly user_uuid: string
  readonly user_email: string
}

/** What was said in a room, or who came and went: the one kind of frame without `data`. */
export interface WireMessage extends WireUser {
  readonly id: string
  readonly type: "text" | "system" | "join" | "leave"
  readonly content: string
  readonly room_id: string
  readonly timestamp: string
}

export interface WireRoom {
  readonly id: string
  readonly name: string
  readonly type: string
  /** 0: no bound, in a room that was made by another protocol. */
  readonly max_users: number
  readonly user_count: number
  /** By public id. */
  readonly users: Readonly<Record<string, WireUser>>
  readonly created_at: string
  readonly updated_at: string
}

export type ServerFrame =
  | WireMessage
  | { readonly type: "room_created"; readonly data: WireRoom }
  | { readonly type: "rooms_list"; readonly data: readonly WireRoom[] }
  | { readonly type: "error"; readonly data: ErrorData }

export interface EncodeSettings {
  /** Whether those in a room see each other's addresses. */
  readonly showsEmails: boolean
}

/** It knows texts alone: of a picture or a file it is told the address, which is its content. */
const WIRE_TYPE = {
  text: "text",
  image: "text",
  file: "text",
  system: "system",
} as const satisfies Record<MessageType, WireMessage["type"]>

const encode = (frame: ServerFrame): Frame => JSON.stringify(frame)

export function createEncoder({ showsEmails }: EncodeSettings) {
  function encodeEvent(event: Event): Frame | null {
    switch (event.type) {
      case "message.created": {
        const { id, author, type, content, roomId, createdAt } = event.message
        return encode({
          id,
          type: WIRE_TYPE[type],
          content,
          ...asSeenInside(author),
          room_id: roomId,
          timestamp: isoTime(createdAt),
        })
      }
      case "room.entered":
      case "room.exited":
        return encodeNotice(event)
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

  function encodeReply(reply: Reply, { actor }: Pick<Asked, "actor">): Frame | null {
    switch (reply.type) {
      case "room.joined":
        // The notice is the answer; who is there already is refused, and has none.
        return reply.notice === null ? null : encodeNotice(reply.notice)
      case "room.created":
        // As it was made, empty: who follows all their rooms elsewhere may be in it by now.
        return encode({
          type: "room_created",
          data: wireRoom({ room: reply.room, userCount: 0, present: [] }, asSeenOutside),
        })
      case "rooms":
        return encode({
          type: "rooms_list",
          data: reply.rooms.map((it) => wireRoom(it, actorIsIn(it) ? asSeenInside : asSeenOutside)),
        })
      // A sender hears the message itself, and who leaves hears nothing.
      case "sent":
      case "room.left":
        return null
      // Answers to what clients of other protocols ask.
      case "subscribed":
      case "changed":
      case "history":
      case "authenticated":
      case "pong":
      case "done":
      case "room.stats":
      case "typing.set":
      case "conversation.joined":
      case "conversation.left":
      case "conversation.sent":
        return null
      default:
        return assertNever(reply)
    }

    function actorIsIn({ present }: Occupied): boolean {
      return present.some(({ id }) => id === actor?.user.id)
    }
  }

  function encodeNotice({ noticeId, type, user, room, at }: RoomPresenceEvent): Frame {
    const somebody = asSeenInside(user)
    const isCome = type === "room.entered"
    return encode({
      id: noticeId,
      type: isCome ? "join" : "leave",
      content: `${somebody.user_email} ${isCome ? "joined" : "left"} the room`,
      ...somebody,
      room_id: room.id,
      timestamp: isoTime(at),
    })
  }

  /** By those who are in a room with them. */
  const asSeenInside = (user: Profile): WireUser =>
    wireUser(user, showsEmails ? (user.email ?? user.username) : user.username)

  return { encodeEvent, encodeSignal, encodeReply, encodeError }
}

export function encodeSignal(signal: Signal): Frame | null {
  switch (signal.type) {
    case "removed":
    case "ended":
      return encodeError(signal.error)
    case "heartbeat":
    case "slow":
    case "draining":
      return null
    default:
      return assertNever(signal)
  }
}

export const encodeError = (error: ChatError): Frame =>
  encode({ type: "error", data: errorData(error) })

/** By anybody: an address is shown to those only who are in a room with its owner. */
const asSeenOutside = (user: Profile): WireUser => wireUser(user, user.username)

const wireUser = ({ id, numericId }: Profile, email: string): WireUser => ({
  user_id: numericId,
  user_uuid: id,
  user_email: email,
})

function wireRoom(
  { room, userCount, present }: Occupied,
  seen: (user: Profile) => WireUser,
): WireRoom {
  return {
    id: room.id,
    name: room.name,
    type: room.type,
    max_users: room.maxUsers,
    user_count: userCount,
    users: Object.fromEntries(present.map((user) => [user.id, seen(user)])),
    created_at: isoTime(room.createdAt),
    updated_at: isoTime(room.updatedAt),
  }
}
