/**
 * What Parley's own API answers. JSON in `snake_case`, times as ISO 8601 UTC strings. The server
 * needs these as types only, so that it starts without building them; they type the SDK and
 * describe the API.
 */
import { z } from "zod"
import {
  KEY_SCOPES,
  MESSAGE_TYPES,
  PRESENCE_STATUSES,
  ROLES,
  ROOM_TYPES,
  USER_ROLES,
} from "./entities"
import { ERROR_CODES } from "./errors"
import { LIMITS } from "./limits"
import { Seq } from "./requests"

const Time = z.iso.datetime()

/** Those of messages go far beyond 32 bits. */
const NumericId = z.number().int().meta({ format: "int64" })

export const PublicUserSchema = z
  .object({
    id: z.string(),
    numeric_id: NumericId,
    username: z.string(),
    display_name: z.string().nullable(),
    avatar_url: z.string().nullable(),
    created_at: Time,
    last_seen_at: Time.nullable(),
    email: z.string().nullable().optional().describe("Only shown to oneself and to admins."),
    role: z.enum(USER_ROLES).optional().describe("Only shown to oneself."),
  })
  .meta({ id: "User" })

export const ProfileSchema = PublicUserSchema.pick({
  id: true,
  username: true,
  display_name: true,
  avatar_url: true,
}).meta({ id: "Profile" })

export const RoomSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.enum(ROOM_TYPES),
    topic: z.string().nullable(),
    max_users: z.number().int().describe("How many may be present at once; 0: any number."),
    members_can_invite: z
      .boolean()
      .describe("Whether members, too, may add others and make invitations."),
    user_count: z.number().int().describe("How many users are present just now."),
    member_count: z.number().int(),
    created_by: z.string().nullable(),
    created_at: Time,
    updated_at: Time,
    epoch: z.string().describe("Changes only when history was turned back: then start afresh."),
    head: Seq.describe("The seq of the room's latest change."),
  })
  .meta({ id: "Room" })

export const MemberSchema = z
  .object({
    room_id: z.string(),
    user_id: z.string(),
    user: ProfileSchema,
    role: z.enum(ROLES),
    joined_at: Time,
    left_at: Time.nullable(),
    muted_until: Time.nullable(),
    changed_seq: Seq,
  })
  .meta({ id: "Member" })

export const PresenceSchema = z
  .object({
    user_id: z.string(),
    username: z.string(),
    status: z.enum(PRESENCE_STATUSES).exclude(["offline"]),
    last_seen_at: z.null().describe("They are here."),
  })
  .meta({ id: "Presence" })

export const AttachmentSchema = z
  .object({
    id: z.string(),
    url: z.string().describe("On this server; for those who may read a message that shows it."),
    name: z.string(),
    mime: z.string().describe("By content, not by name."),
    size: z.number().int().describe("Bytes."),
    width: z.number().int().optional().describe("Pixels; of pictures."),
    height: z.number().int().optional(),
    thumbnail_url: z.string().optional().describe("A smaller picture of it."),
  })
  .meta({ id: "Attachment" })

export const LinkPreviewSchema = z
  .object({
    url: z.string().describe("As it stands in the message."),
    title: z.string().describe("Of the page, in words of its own: plain text, on one line."),
    description: z.string().nullable(),
    site_name: z.string().nullable(),
  })
  .meta({ id: "LinkPreview" })

export const MessageSchema = z
  .object({
    id: z.string(),
    numeric_id: NumericId,
    room_id: z.string(),
    seq: Seq.describe("Its place in the room, for ever."),
    changed_seq: Seq.describe("The seq of its last change; equal to `seq` if it never changed."),
    user_id: z.string(),
    user: ProfileSchema,
    type: z.enum(MESSAGE_TYPES),
    content: z.string(),
    client_id: z.string().optional(),
    reply_to: z.string().nullable(),
    thread_id: z.string().nullable(),
    thread_count: z.number().int(),
    attachments: z.array(AttachmentSchema),
    mentions: z.array(z.string()).describe("Ids of users; `room`: everybody in it."),
    reactions: z.array(
      z.object({
        emoji: z.string(),
        count: z.number().int(),
        users: z.array(z.string()).describe("Ids of the first 20."),
      }),
    ),
    link_previews: z
      .array(LinkPreviewSchema)
      .optional()
      .describe("They come later than the message, as a change of it, where pages say something."),
    forwarded_from: z.string().optional().describe("The message that this one repeats."),
    expires_at: Time.optional().describe("When it is deleted by itself."),
    pinned: z.boolean(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    created_at: Time,
    edited_at: Time.nullable(),
    deleted_at: Time.nullable(),
    duplicate: z
      .literal(true)
      .optional()
      .describe("Only in the answer to sending what had been sent before."),
  })
  .meta({ id: "Message" })

export const MessageVersionSchema = z
  .object({
    seq: Seq.describe("Of the edit that replaced it."),
    content: z.string(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    created_at: Time.describe("When it was written."),
  })
  .meta({ id: "MessageVersion" })

export const ScheduledMessageSchema = z
  .object({
    id: z.string(),
    room_id: z.string(),
    type: z.enum(MESSAGE_TYPES),
    content: z.string(),
    client_id: z.string().optional(),
    reply_to: z.string().nullable(),
    thread_id: z.string().nullable(),
    attachment_ids: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    expires_at: Time.optional().describe("When the message is deleted by itself."),
    send_at: Time,
    created_at: Time,
    failed: z
      .object({ code: z.enum(ERROR_CODES) })
      .nullable()
      .describe("Why it was not sent when it was due; another `send_at` tries again."),
  })
  .meta({ id: "ScheduledMessage" })

export const SearchHitSchema = z
  .object({
    message: MessageSchema,
    snippet: z
      .string()
      .describe(
        "HTML: a part of what the message says, hits in `<mark>`; all else is escaped text.",
      ),
  })
  .meta({ id: "SearchHit" })

export const SendReceiptSchema = z
  .object({
    id: z.string(),
    numeric_id: NumericId,
    room_id: z.string(),
    seq: Seq,
    created_at: Time,
    duplicate: z.boolean(),
  })
  .meta({ id: "SendReceipt" })

export const ChangesSchema = z
  .object({
    epoch: z.string(),
    head: Seq,
    until: Seq.describe("Everything up to this seq has been told."),
    recovered: z
      .boolean()
      .describe("Whether this goes on from `since`. If not, forget what you have of the room."),
    room: RoomSchema.optional(),
    messages: z.array(MessageSchema),
    members: z.array(MemberSchema),
    more: z.boolean().describe("Whether there is more: ask again with `since` = `until`."),
  })
  .meta({ id: "Changes" })

export const UnreadSchema = z
  .object({
    room_id: z.string(),
    unread: z
      .number()
      .int()
      .describe(`At most ${LIMITS.unreadCountedMax}: so many, or more of them.`),
    mentions: z
      .number()
      .int()
      .describe("Unread messages that call me or everybody; at most as many."),
    last_read_seq: Seq,
    head: Seq,
  })
  .meta({ id: "Unread" })

export const ReadMarkSchema = z
  .object({
    user_id: z.string(),
    seq: Seq.describe("Everything up to here has been read."),
  })
  .meta({ id: "ReadMark" })

export const BanSchema = z
  .object({
    room_id: z.string(),
    user_id: z.string(),
    user: ProfileSchema,
    banned_by: z.string(),
    reason: z.string().nullable(),
    created_at: Time,
    until: Time.nullable().describe("Null: for ever."),
  })
  .meta({ id: "Ban" })

export const InviteSchema = z
  .object({
    code: z.string(),
    room_id: z.string().nullable(),
    created_by: z.string(),
    created_at: Time,
    expires_at: Time.nullable(),
    max_uses: z.number().int().nullable().describe("Null: as often as one likes."),
    uses: z.number().int(),
  })
  .meta({ id: "Invite" })

/** A direct room, with all who take part in it. */
export const ConversationSchema = RoomSchema.extend({ users: z.array(ProfileSchema) }).meta({
  id: "Conversation",
})

export const SessionSchema = z
  .object({
    id: z.string(),
    created_at: Time,
    last_used_at: Time,
    expires_at: Time,
    user_agent: z.string().nullable(),
    address: z.string().nullable(),
    current: z.boolean().describe("Whether it is the session of the token that asks."),
  })
  .meta({ id: "Session" })

export const ApiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(KEY_SCOPES)),
    created_at: Time,
    expires_at: Time.nullable(),
    last_used_at: Time.nullable(),
  })
  .meta({ id: "ApiKey" })

export const NewApiKeySchema = z
  .object({
    id: z.string(),
    key: z.string().describe("The secret. It is not kept and cannot be shown again."),
  })
  .meta({ id: "NewApiKey" })

export const TokensSchema = z
  .object({
    access_token: z.string(),
    token_type: z.literal("Bearer"),
    expires_in: z.number().int().describe("Seconds until the access token expires."),
    refresh_token: z.string(),
    user: PublicUserSchema,
  })
  .meta({ id: "Tokens" })

export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(ERROR_CODES).describe("For programs; never renamed."),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** Of failures of the server: its log tells more of them under this id. */
    request_id: z.string().optional(),
  })
  .meta({ id: "Problem" })

export type ApiUser = z.output<typeof PublicUserSchema>
export type ApiProfile = z.output<typeof ProfileSchema>
export type ApiRoom = z.output<typeof RoomSchema>
export type ApiMember = z.output<typeof MemberSchema>
export type ApiPresence = z.output<typeof PresenceSchema>
export type ApiMessage = z.output<typeof MessageSchema>
export type ApiMessageVersion = z.output<typeof MessageVersionSchema>
export type ApiAttachment = z.output<typeof AttachmentSchema>
export type ApiLinkPreview = z.output<typeof LinkPreviewSchema>
export type ApiScheduledMessage = z.output<typeof ScheduledMessageSchema>
export type ApiSearchHit = z.output<typeof SearchHitSchema>
export type ApiSendReceipt = z.output<typeof SendReceiptSchema>
export type ApiChanges = z.output<typeof ChangesSchema>
export type ApiUnread = z.output<typeof UnreadSchema>
export type ApiReadMark = z.output<typeof ReadMarkSchema>
export type ApiBan = z.output<typeof BanSchema>
export type ApiInvite = z.output<typeof InviteSchema>
export type ApiConversation = z.output<typeof ConversationSchema>
export type ApiSession = z.output<typeof SessionSchema>
export type ApiKeyView = z.output<typeof ApiKeySchema>
export type ApiNewKey = z.output<typeof NewApiKeySchema>
export type ApiTokens = z.output<typeof TokensSchema>
export type ApiProblem = z.output<typeof ProblemSchema>
