import { assertNever } from "../../protocol/assert-never"
import { conversationOf } from "../../protocol/conversation"
import type { ChatError } from "../../protocol/errors"
import type { Event } from "../../protocol/events"
import type { Instant } from "../../protocol/ids"
import { isoTime } from "../../protocol/present"
import type { Reply } from "../../protocol/replies"
import { errorPayload } from "../../wire/socket-io/error-event"
import type { Asked, Frame, Ref, Signal } from "../dialect"
import { createWords } from "../socket-io-words"
import { textOf } from "./errors"
import { pairMessageJson } from "./message-json"

/** What this protocol has words for. */
export type ToldEvent = Extract<
  Event["type"],
  "message.created" | "typing" | "user.online" | "user.offline"
>
export type ToldReply = Extract<
  Reply["type"],
  "conversation.joined" | "conversation.left" | "conversation.sent" | "typing.set"
>
export type ToldSignal = Exclude<Signal["type"], "slow" | "draining">

/** The words of the namespace at this address. */
export function createEncoder(namespace: string) {
  const { tell, tellJson, acknowledge, acknowledgeJson } = createWords(namespace)

  function encodeEvent(event: Event): Frame | null {
    switch (event.type) {
      case "message.created": {
        const conversation = conversationOf(event.room)
        const json = conversation === null ? null : pairMessageJson(event.message, conversation)
        return json === null ? null : tellJson("receive-message", json)
      }
      case "typing":
        return tell("user-typing", {
          conversationId: event.room.numericId,
          userId: event.user.numericId,
          isTyping: event.isTyping,
        })
      case "user.online":
        return tell("user:online", { userId: event.user.numericId })
      case "user.offline":
        return tell("user:offline", { userId: event.user.numericId })
      case "message.updated":
      case "message.deleted":
      case "member.joined":
      case "member.left":
      case "member.updated":
      case "room.updated":
      case "room.deleted":
      case "room.added":
      case "room.removed":
      case "room.entered":
      case "room.exited":
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
        return tellError(signal.error, signal.at)
      case "slow":
      case "draining":
        return null
      default:
        return assertNever(signal)
    }
  }

  /** By hand as well: one for each message. */
  function answerSent(ref: Ref, json: string): readonly Frame[] {
    return [tellJson("message-sent", json), ...acknowledgeJson(ref, json)]
  }

  function encodeReply(reply: Reply, { ref }: Pick<Asked, "ref">): readonly Frame[] | null {
    switch (reply.type) {
      case "conversation.joined": {
        const answer = { success: true, conversationId: reply.conversation }
        return [tell("joined-conversation", answer), ...acknowledge(ref, answer)]
      }
      case "conversation.left":
        return acknowledge(ref, { success: true, conversationId: reply.conversation })
      case "conversation.sent": {
        const json = pairMessageJson(reply.message, reply.conversation)
        return json === null ? null : answerSent(ref, json)
      }
      case "typing.set":
        return acknowledge(ref, { success: true, ...subjectOf(ref) })
      // Answers to what clients of other protocols ask.
      case "sent":
      case "subscribed":
      case "changed":
      case "history":
      case "authenticated":
      case "pong":
      case "done":
      case "room.joined":
      case "room.left":
      case "room.created":
      case "rooms":
      case "room.stats":
        return null
      default:
        return assertNever(reply)
    }
  }

  function tellError(error: ChatError, at: Instant): Frame {
    // What is hidden is there, and this protocol may say so.
    const code = error.isHidden ? "forbidden" : error.code
    return tell("error", errorPayload(code, { text: textOf(error), at }))
  }

  function encodeError(error: ChatError, { ref, at }: Pick<Asked, "ref" | "at">): readonly Frame[] {
    const failure = { success: false, error: textOf(error) }
    if (typeof ref === "object" && ref.event === "send-message") {
      return [tell("message-error", { error: failure.error }), ...acknowledge(ref, failure)]
    }
    return [tellError(error, at), ...acknowledge(ref, { ...failure, ...subjectOf(ref) })]
  }

  return { encodeEvent, encodeSignal, encodeReply, encodeError }
}

/** Null: what was sent named no conversation. */
const subjectOf = (ref: Ref) => ({
  conversationId: typeof ref === "object" ? (ref.subject ?? null) : null,
})
