import { assertNever } from "../../protocol/assert-never"
import type { Message } from "../../protocol/entities"
import type { ChatError } from "../../protocol/errors"
import type { Event } from "../../protocol/events"
import { isoTime } from "../../protocol/present"
import type { Reply } from "../../protocol/replies"
import type { Asked, Frame, Ref, Signal } from "../dialect"
import { createWords } from "../socket-io-words"
import { presentError } from "./errors"
import { roomMessageJson } from "./message-json"
import { presentUser } from "./present"

/** What this protocol has words for. */
export type ToldEvent = Extract<
  Event["type"],
  "message.created" | "typing" | "room.entered" | "room.exited" | "user.online" | "user.offline"
>
export type ToldReply = Extract<
  Reply["type"],
  "room.joined" | "room.left" | "sent" | "typing.set" | "room.stats" | "pong"
>
export type ToldSignal = Exclude<Signal["type"], "slow" | "draining">

/** What a request is answered with: by its acknowledgement, and by the event that it names. */
interface Answer {
  readonly event: string
  readonly success: true
  readonly [field: string]: unknown
}

/** The words of the namespace at this address. */
export function createEncoder(namespace: string) {
  const { tell, tellJson, acknowledge, acknowledgeJson } = createWords(namespace)

  function encodeEvent(event: Event): Frame | null {
    switch (event.type) {
      case "message.created":
        return tellJson("receiveMessage", roomMessageJson(event.message))
      case "typing": {
        const { room, user, isTyping, at } = event
        const typist = { ...presentUser(user), roomId: room.id, isTyping }
        return tell("userTyping", { ...typist, timestamp: isoTime(at) })
      }
      case "room.entered":
      case "room.exited": {
        const { type, room, user, at } = event
        const name = type === "room.entered" ? "userJoined" : "userLeft"
        return tell(name, { ...presentUser(user), roomId: room.id, timestamp: isoTime(at) })
      }
      case "user.online":
      case "user.offline": {
        const { type, user, at } = event
        const name = type === "user.online" ? "userOnline" : "userOffline"
        return tell(name, { ...presentUser(user), timestamp: isoTime(at) })
      }
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
        return null
      default:
        return assertNever(event)
    }
  }

  function encodeSignal(signal: Signal): Frame | null {
    switch (signal.type) {
      case "heartbeat":
        return tell("ping", { timestamp: isoTime(signal.at) })
      case "removed":
      case "ended":
        return tell("error", presentError(signal.error, signal.at))
      case "slow":
      case "draining":
        return null
      default:
        return assertNever(signal)
    }
  }

  /** Told twice over: as the acknowledgement, and as the event that the answer names. */
  const answer = (ref: Ref, it: Answer): readonly Frame[] => [
    ...acknowledge(ref, it),
    tell(it.event, it),
  ]

  /** By hand as well: one for each message. It says what `answer` would. */
  function answerSent(ref: Ref, message: Message): readonly Frame[] {
    const json = `{"event":"messageSent","message":${roomMessageJson(message)},"success":true}`
    return [...acknowledgeJson(ref, json), tellJson("messageSent", json)]
  }

  function encodeReply(reply: Reply, { ref }: Pick<Asked, "ref">): readonly Frame[] | null {
    switch (reply.type) {
      case "room.joined": {
        const { room, present } = reply
        return [
          ...answer(ref, { event: "joinedRoom", roomId: room.id, success: true }),
          tell("roomUsers", { roomId: room.id, users: present.map(presentUser) }),
        ]
      }
      case "room.left":
        return answer(ref, { event: "leftRoom", roomId: reply.room.id, success: true })
      case "sent":
        return answerSent(ref, reply.message)
      case "typing.set":
        return answer(ref, { event: "typingUpdated", success: true })
      case "room.stats":
        return [
          ...answer(ref, { event: "roomStatsRetrieved", success: true }),
          tell("roomStats", presentStats(reply)),
        ]
      case "pong": {
        const timestamp = isoTime(reply.time)
        return answer(ref, { event: "heartbeatResponse", timestamp, success: true })
      }
      // Answers to what clients of other protocols ask.
      case "subscribed":
      case "changed":
      case "history":
      case "authenticated":
      case "done":
      case "room.created":
      case "rooms":
      case "conversation.joined":
      case "conversation.left":
      case "conversation.sent":
        return null
      default:
        return assertNever(reply)
    }
  }

  function encodeError(error: ChatError, { ref, at }: Pick<Asked, "ref" | "at">): readonly Frame[] {
    const payload = presentError(error, at)
    return [...acknowledge(ref, payload), tell("error", payload)]
  }

  return { encodeEvent, encodeSignal, encodeReply, encodeError }
}

function presentStats(stats: Extract<Reply, { type: "room.stats" }>) {
  const { room, userCount, present, typists, at } = stats
  return {
    roomId: room.id,
    userCount,
    users: present.map(presentUser),
    typingUsers: typists.map(({ id }) => id),
    timestamp: isoTime(at),
  }
}
