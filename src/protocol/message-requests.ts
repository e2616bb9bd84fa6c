/** What Parley's own API accepts of messages: sent, changed, forwarded and scheduled ones. */
import { z } from "zod"
import type { MessageEdit } from "./commands"
import { MESSAGE_TYPES } from "./entities"
import { hasOnlyNumbers, isFields, isWithinDepth } from "./json"
import { LIMITS } from "./limits"
import { ClientId, EndTime, plainText, RoomIdText, UserClaim } from "./requests"

/** Browsers have it too, where these schemas are known by their types. */
const utf8 = new TextEncoder()

// Not `z.record`, which leaves out what is called `__proto__`: it is given back as it was.
const MetadataSchema = z
  .custom<Readonly<Record<string, unknown>>>(isFields, { error: "must be an object", abort: true })
  .meta({ type: "object", additionalProperties: {} })
  .refine((data) => isWithinDepth(data, LIMITS.jsonDepthMax), {
    error: "must not be nested deeper than 32",
    abort: true,
  })
  .refine(hasOnlyNumbers, { error: "must not contain a number that is too large", abort: true })
  .refine(
    (data) => utf8.encode(JSON.stringify(data)).length <= LIMITS.metadataBytesMax,
    `must be at most ${LIMITS.metadataBytesMax} bytes of JSON`,
  )

/** Any id that somebody hands in: whether there is such a thing is looked up. */
export const IdText = plainText(1, 100)

/** The bound on the length of `content` is a setting, so core checks it, in code points. */
export const SendMessageBody = z
  .object({
    content: plainText(0, LIMITS.frameBytesMax),
    type: z.enum(MESSAGE_TYPES).default("text"),
    client_id: ClientId.optional(),
    reply_to: IdText.nullish(),
    thread_id: IdText.nullish(),
    attachment_ids: z.array(IdText).max(LIMITS.attachmentsPerMessageMax).nullish(),
    metadata: MetadataSchema.nullish(),
    expires_at: EndTime.nullish(),
    link_previews: z.boolean().nullish(),
  })
  .refine((body) => body.content !== "" || (body.attachment_ids?.length ?? 0) > 0, {
    error: "must not be empty, but beside attachments",
    path: ["content"],
  })

export const ForwardBody = z.object({ room_id: RoomIdText, client_id: ClientId.optional() })

/** What is left out stays as it is; null takes metadata away. */
export const EDIT_FIELDS = {
  content: plainText(0, LIMITS.frameBytesMax).optional(),
  metadata: MetadataSchema.nullish(),
} as const

export const saysSomething = ({ content, metadata }: MessageEdit): boolean =>
  content !== undefined || metadata !== undefined

export const NOTHING_TO_EDIT = { error: "give content or metadata", path: ["content"] }

export const EditMessageBody = z.object(EDIT_FIELDS).refine(saysSomething, NOTHING_TO_EDIT)

/** Spaces and controls, and what turns the text around it: nobody could see what it is. */
const UNSEEN = /[\s\p{Cc}\p{Cf}]/u

/** Within emoji these join signs into one, and end the names of regions. */
const JOINERS = /\u200c|\u200d|[\u{e0020}-\u{e007f}]/gu

/** What shows nothing by itself, as the sign that asks for colour. */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu

/** Steps of a path: a client that is asked for `DELETE …/reactions/..` would delete the message. */
const STEPS: readonly string[] = [".", ".."]

/** An emoji, or a name as in `:shrug:`. The same sign is the same text, however it was written. */
export const Emoji = plainText(1, LIMITS.emojiCharsMax)
  .refine(
    (text) => {
      const isSeen = text.replace(IGNORED, "") !== "" && !UNSEEN.test(text.replace(JOINERS, ""))
      return isSeen && !STEPS.includes(text)
    },
    { error: "must be an emoji or a name, without spaces" },
  )
  .overwrite((text) => text.normalize("NFC"))

/** Sent when it is due, by the rights of then. */
export const ScheduleMessageBody = SendMessageBody.safeExtend({ send_at: EndTime })

/** What is left out stays as it is. */
export const UpdateScheduledBody = z.object({
  content: plainText(0, LIMITS.frameBytesMax).optional(),
  send_at: EndTime.optional(),
})

export type SendMessageBody = z.output<typeof SendMessageBody>

/** Over REST a message may name its sender, who is the caller or nobody. */
export const PostMessageBody = SendMessageBody.safeExtend({ user_id: UserClaim.optional() })
