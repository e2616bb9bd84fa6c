import { z } from "zod"
import type { Command } from "../../protocol/commands"
import { ChatError } from "../../protocol/errors"
import { asRoomNumericId } from "../../protocol/ids"
import { isFields } from "../../protocol/json"
import { CLAIM_FIELDS, claimsIn } from "../../protocol/requests"
import { wrongShape } from "../../protocol/wrong-shape"
import type { Decoded, SocketIoInput } from "../dialect"

/** What is wrong is told field by field, as in the document's example: first that it is missing. */
const told = <Value>(schema: z.ZodType<Value>, mustBe: string) =>
  z.unknown().transform((value, context): Value => {
    const isEmpty = value === undefined || value === null || value === ""
    if (isEmpty) context.addIssue({ code: "custom", message: "should not be empty" })
    const read = schema.safeParse(value)
    if (!read.success) context.addIssue({ code: "custom", message: mustBe })
    return read.success ? read.data : z.NEVER
  })

const Integer = told(z.number().int(), "must be an integer number")
const Text = told(z.string(), "must be a string").refine(
  (text) => text.isWellFormed() && !text.includes("\0"),
  "must not contain NUL or lone surrogates",
)
const CONTENT_TYPES = ["text", "image", "file"] as const
const ContentType = told(
  z.enum(CONTENT_TYPES),
  `must be one of the following values: ${CONTENT_TYPES.join(", ")}`,
)
const Flag = told(z.boolean(), "must be a boolean value")

/** Whoever has credentials need not name themselves: `userId` may be missing. */
const Somebody = z.number("must be an integer number").int("must be an integer number").optional()

// The order of the fields is the order in which they are told.
const SendMessage = z.object({
  sender_id: Integer,
  conversation_id: Integer,
  message_type: ContentType,
  content: Text,
})
const JoinConversation = z.object({ conversationId: Integer, userId: Somebody })
const LeaveConversation = z.object({ conversationId: Integer })
const Typing = z.object({ conversationId: Integer, userId: Somebody, isTyping: Flag })

/** A payload that holds what it must, as what it asks for. */
type Reading = z.ZodType<Command>

/** What clients may ask for, by the names of their events. */
export const REQUESTS = {
  "send-message": SendMessage.transform(
    ({ conversation_id, message_type, content }): Command => ({
      type: "conversation.send",
      draft: { conversation: asRoomNumericId(conversation_id), content, type: message_type },
    }),
  ),
  "join-conversation": JoinConversation.transform(
    ({ conversationId }): Command => ({
      type: "conversation.join",
      conversation: asRoomNumericId(conversationId),
    }),
  ),
  "leave-conversation": LeaveConversation.transform(
    ({ conversationId }): Command => ({
      type: "conversation.leave",
      conversation: asRoomNumericId(conversationId),
    }),
  ),
  typing: Typing.transform(
    ({ conversationId, isTyping }): Command => ({
      type: "conversation.typing",
      conversation: asRoomNumericId(conversationId),
      isTyping,
    }),
  ),
} satisfies Readonly<Record<string, Reading>>

/** Checked beside, for the server looks at ids that the document does not have as well. */
const Claims = z.object(CLAIM_FIELDS)

export type EventName = keyof typeof REQUESTS

const isEventName = (name: string): name is EventName => Object.hasOwn(REQUESTS, name)

/** `typing` is said in another protocol of the namespace as well, and of rooms there. */
export function speaks({ event, payload }: SocketIoInput): boolean {
  if (event === "typing") return isFields(payload) && Object.hasOwn(payload, "conversationId")
  return isEventName(event)
}

export function decode({ event, payload, ackId }: SocketIoInput): Decoded {
  const ref = { event, ackId, subject: subjectOf(payload) }
  if (!isEventName(event)) {
    const error = new ChatError("invalid_request", { detail: "there is no such event" })
    return { kind: "invalid", ref, error }
  }
  const reading: Reading = REQUESTS[event]
  // What is no object has none of the fields.
  const fields = isFields(payload) ? payload : {}
  const read = reading.safeParse(fields)
  if (!read.success) return { kind: "invalid", ref, error: wrongShape(read.error) }
  const claims = Claims.safeParse(fields)
  if (!claims.success) return { kind: "invalid", ref, error: wrongShape(claims.error) }
  return { kind: "command", ref, command: read.data, ...claimsIn(claims.data) }
}

/** Which conversation it is about, also where all else is wrong: failures name it. */
function subjectOf(payload: unknown): string | number | undefined {
  if (!isFields(payload) || !Object.hasOwn(payload, "conversationId")) return undefined
  const { conversationId } = payload
  return typeof conversationId === "number" && Number.isFinite(conversationId)
    ? conversationId
    : undefined
}
