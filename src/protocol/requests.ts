/**
 * What Parley's own API accepts: bodies and queries of REST, and the parts that frames of
 * `/api/v1/ws` share with them. JSON in `snake_case`, lengths in Unicode code points. What it
 * answers is in `answers.ts`.
 */
import { z } from "zod"
import type { Claim } from "./claims"
import { KEY_SCOPES } from "./entities"
import { INSTANT_MAX, ROOM_ID_PATTERN } from "./ids"
import { LIMITS } from "./limits"
import { isWebAddress } from "./web-address"

const codePoints = (text: string) => {
  let count = 0
  for (const _ of text) count++
  return count
}

/** How long texts may be: a check that counts code points does not tell. For the documents. */
export const TEXT_BOUNDS = z.registry<{ readonly min: number; readonly max: number }>()

/**
 * Text that every database can hold: no NUL (Postgres refuses it) and no lone surrogate
 * (it would come back as another character). `max` counts code points.
 */
export function plainText(min: number, max: number) {
  const schema = z
    .string()
    .refine((text) => text.isWellFormed() && !text.includes("\0"), {
      error: "must not contain NUL or lone surrogates",
      abort: true,
    })
    .refine(
      (text) => {
        // Code units bound code points from both sides, so most texts need no counting.
        if (text.length < min || text.length > max * 2) return false
        const count = text.length <= max && text.length >= min * 2 ? text.length : codePoints(text)
        return count >= min && count <= max
      },
      { error: `must have ${min} to ${max} characters` },
    )
  TEXT_BOUNDS.add(schema, { min, max })
  return schema
}

export const Seq = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)

// Usernames are also claims in other protocols, where a number or a UUID means an id.
export const Username = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{2,32}$/, "must be 2 to 32 letters, digits or _ . -")
  .refine((name) => !/^\d+$/.test(name), "must not be only digits")
  .refine((name) => !/^[0-9a-f]{32}$/i.test(name), "must not look like a UUID")
  .refine((name) => !/^deleted-\d+$/i.test(name), "must not look like a deleted user")

export const Email = z.email().max(254)
export const DisplayName = plainText(1, LIMITS.displayNameCharsMax)

/** Clients put it into `src`: a script address must never get that far. */
export const WebAddress = plainText(1, LIMITS.addressCharsMax)
  .refine(isWebAddress, "must be an http or https URL, or a path on this server")
  .meta({ format: "uri-reference" })

/** When something ends. With an offset, the last days of the year 9999 could lie beyond it. */
export const EndTime = z.iso
  .datetime({ offset: true, abort: true })
  .refine((text) => Date.parse(text) <= INSTANT_MAX, "must be before the year 10000")

export const Password = plainText(8, 1024)
export const ClientId = plainText(1, LIMITS.clientIdCharsMax)
export const RoomIdText = z.string().regex(ROOM_ID_PATTERN, "must be a room id")

export const RegisterBody = z.object({
  username: Username,
  password: Password,
  email: Email.optional(),
  display_name: DisplayName.optional(),
  invite_code: z.string().min(1).max(100).optional(),
})

export const CreateUserBody = RegisterBody.omit({ invite_code: true }).partial({ password: true })

/** What is left out stays as it is; null takes it away. */
export const UpdateProfileBody = z.object({
  username: Username.optional(),
  display_name: DisplayName.nullish(),
  avatar_url: WebAddress.nullish(),
  email: Email.nullish(),
})

export const ChangePasswordBody = z.object({
  current_password: z.string().max(4096),
  new_password: Password,
})

export const LoginBody = z
  .object({
    username: z.string().max(254).optional(),
    email: z.string().max(254).optional(),
    password: z.string().max(4096),
  })
  .refine((body) => (body.username === undefined) !== (body.email === undefined), {
    error: "give either username or email",
    path: ["username"],
  })

export const RefreshBody = z.object({ refresh_token: z.string().min(1).max(512) })

export const CreateKeyBody = z.object({
  name: plainText(1, 100),
  scopes: z.array(z.enum(KEY_SCOPES)).max(20).optional(),
  expires_at: EndTime.optional(),
})

export const CreateRoomBody = z.object({
  name: plainText(1, LIMITS.roomNameCharsMax),
  type: z.enum(["public", "private"]).default("public"),
  topic: plainText(0, LIMITS.roomTopicCharsMax).nullish(),
  max_users: z.number().int().min(0).max(100_000).default(0),
  members_can_invite: z.boolean().optional(),
  id: RoomIdText.optional(),
})

export const UpdateRoomBody = z.object({
  name: plainText(1, LIMITS.roomNameCharsMax).optional(),
  type: z.enum(["public", "private"]).optional(),
  topic: plainText(0, LIMITS.roomTopicCharsMax).nullish(),
  max_users: z.number().int().min(0).max(100_000).optional(),
  members_can_invite: z.boolean().optional(),
})

/** For how long, and why; without `until` it has no end. */
export const SanctionBody = z
  .object({
    until: EndTime.nullish(),
    reason: plainText(1, LIMITS.sanctionReasonCharsMax).nullish(),
  })
  .nullish()

export const CreateInviteBody = z
  .object({
    expires_at: EndTime.nullish(),
    max_uses: z.number().int().min(1).max(100_000).nullish(),
  })
  .nullish()

export const OpenConversationBody = z.object({
  user_ids: z.array(z.string().min(1).max(100)).min(1).max(LIMITS.conversationPeopleMax),
})

/** Who somebody says they are, in words that any protocol may use: ids are never this long. */
export const UserClaim = z.union([plainText(1, 100), z.number().int()])

const Claimed = z.union([z.string(), z.number()], "must be a string or a number").nullish()

/** Fields by which clients say who they are, whatever their protocol. They must all be right. */
export const CLAIM_FIELDS = {
  user_id: Claimed,
  user_uuid: Claimed,
  userId: Claimed,
  sender_id: Claimed,
} as const

/** Whom a payload that was read with `CLAIM_FIELDS` says its sender is, where it says so. */
export function claimsIn(
  payload: Partial<Readonly<Record<keyof typeof CLAIM_FIELDS, Claim | null | undefined>>>,
): { readonly claims?: readonly Claim[] } {
  const { user_id, user_uuid, userId, sender_id } = payload
  const named = [user_id, user_uuid, userId, sender_id]
  const claims = named.filter((it) => it !== null && it !== undefined)
  return claims.length === 0 ? {} : { claims }
}

export const ReadBody = z.object({ seq: Seq })

/** Query parameters arrive as text: an empty one is no 0, nor is `0x10` a number here. */
const DigitsText = z
  .string()
  .regex(/^\d{1,16}$/, "must be a whole number in digits")
  .transform(Number)
const SeqText = DigitsText.pipe(Seq)
export const LimitText = DigitsText.pipe(z.number().int().min(1).max(LIMITS.listLimitMax))

export const HistoryQuery = z
  .object({
    before: SeqText.optional(),
    after: SeqText.optional(),
    around: SeqText.optional(),
    limit: LimitText.default(LIMITS.listLimitDefault),
  })
  .refine((query) => atMostOneCursor(query), {
    error: "give only one of before, after and around",
    path: ["before"],
  })

export const ThreadQuery = z
  .object({
    before: SeqText.optional(),
    after: SeqText.optional(),
    limit: LimitText.default(LIMITS.listLimitDefault),
  })
  .refine((query) => atMostOneCursor(query), {
    error: "give only one of before and after",
    path: ["before"],
  })

export function atMostOneCursor(query: {
  before?: number | undefined
  after?: number | undefined
  around?: number | undefined
}): boolean {
  return [query.before, query.after, query.around].filter((it) => it !== undefined).length <= 1
}

export const ChangesQuery = z.object({
  epoch: z.string().max(100).optional(),
  since: SeqText.optional(),
  limit: LimitText.default(LIMITS.changesPerPageMax),
})

/** A text that is no cursor is refused by who reads it. */
export const EventsQuery = z.object({ cursor: z.string().optional() })

export const ListQuery = z.object({
  query: z.string().max(100).optional(),
  cursor: z.string().max(200).optional(),
  limit: LimitText.default(LIMITS.listLimitDefault),
})

/** An instant in a query, where a `+` that nobody has escaped is a space. */
const TimeText = z
  .preprocess(
    (text) => (typeof text === "string" ? text.replace(/ (?=\d\d:?\d\d$)/, "+") : text),
    z.iso.datetime({ offset: true, abort: true }),
  )
  .transform((text) => Date.parse(text))

export const SearchQuery = z.object({
  q: plainText(1, LIMITS.searchCharsMax),
  room_id: RoomIdText.optional(),
  from: plainText(1, 100).optional(),
  before: TimeText.optional(),
  after: TimeText.optional(),
  has: z.enum(["file"]).optional(),
  cursor: z.string().max(200).optional(),
  limit: LimitText.default(LIMITS.listLimitDefault),
})

/** `socketio-conversations` knows users and rooms by number. */
export const OpenPairBody = z
  .object({ sender_id: z.number().int(), receiver_id: z.number().int() })
  .refine((body) => body.sender_id !== body.receiver_id, {
    error: "must be somebody else",
    path: ["receiver_id"],
  })

export const RoomNumberText = DigitsText.pipe(z.number().int().max(Number.MAX_SAFE_INTEGER))

const CallerQuery = z.object({
  user_id: plainText(1, 100).optional(),
  userId: plainText(1, 100).optional(),
})

// Its document knows no pages of this list: it is as long as a list may be.
export const PairsQuery = CallerQuery.extend({
  cursor: z.string().max(200).optional(),
  limit: LimitText.default(LIMITS.listLimitMax),
})

export const PairMessagesQuery = CallerQuery.extend({
  page: DigitsText.pipe(
    z
      .number()
      .int()
      .min(1)
      .max(2 ** 30),
  ).default(1),
  limit: LimitText.default(20),
})

export const RoomsQuery = ListQuery.extend({
  type: z.enum(["public", "private"]).optional(),
  mine: z.stringbool().default(false),
})
