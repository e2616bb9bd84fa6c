/**
 * The things a chat is made of, as the server knows them: what core decides on, what events
 * carry, what each protocol puts into its own words. Shapes that clients see are in `answers.ts`.
 */
import type {
  Instant,
  InviteCode,
  KeyId,
  MessageId,
  MessageNumericId,
  RoomId,
  RoomNumericId,
  Seq,
  SessionId,
  UploadId,
  UserId,
  UserNumericId,
} from "./ids"

/** As much of a user as is shown beside what they wrote. */
export interface Profile {
  readonly id: UserId
  readonly numericId: UserNumericId
  readonly username: string
  readonly displayName: string | null
  readonly avatarUrl: string | null
  readonly email: string | null
}

/** What somebody is on the server; what they are in a room is another matter. */
export const USER_ROLES = ["user", "admin"] as const

export interface User extends Profile {
  readonly role: (typeof USER_ROLES)[number]
  readonly createdAt: Instant
  readonly lastSeenAt: Instant | null
  /** A disabled user can neither log in nor stay connected. */
  readonly disabledAt: Instant | null
}

export const ROOM_TYPES = ["public", "private", "direct"] as const
export type RoomType = (typeof ROOM_TYPES)[number]

export interface Room {
  readonly id: RoomId
  readonly numericId: RoomNumericId
  readonly name: string
  readonly type: RoomType
  readonly topic: string | null
  /** How many users may be present at once; 0 = no bound. */
  readonly maxUsers: number
  readonly membersCanInvite: boolean
  readonly memberCount: number
  /** Null: nobody. It came about when somebody joined a room of that name. */
  readonly createdBy: UserId | null
  readonly creatorNumericId: UserNumericId | null
  /** Of a conversation: whose it is. */
  readonly directKey: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** Changes only when history was rolled back: a client that knows another one starts afresh. */
  readonly epoch: string
  /** The seq of the room's last change of any kind; 0 = nothing has happened yet. */
  readonly head: Seq
  /** The seq of the last change of the room itself (name, topic, …). */
  readonly changedSeq: Seq
  /** A conversation of two, of whom one has blocked the other. */
  readonly isBlocked: boolean
  /** A private room that everybody has left; it is there again when an admin adds somebody. */
  readonly archivedAt: Instant | null
  readonly deletedAt: Instant | null
}

export const ROLES = ["member", "moderator", "owner"] as const
export type Role = (typeof ROLES)[number]

export interface Member {
  readonly roomId: RoomId
  readonly user: Profile
  readonly role: Role
  readonly joinedAt: Instant
  readonly leftAt: Instant | null
  readonly mutedUntil: Instant | null
  readonly muteReason: string | null
  readonly lastReadSeq: Seq
  readonly changedSeq: Seq
}

/** Whoever is banned from a room is no member of it, and cannot become one. */
export interface Ban {
  readonly roomId: RoomId
  readonly user: Profile
  readonly bannedBy: UserId
  readonly reason: string | null
  readonly createdAt: Instant
  /** Null: for ever. */
  readonly until: Instant | null
}

/** A code that lets people in. */
export interface Invite {
  readonly code: InviteCode
  /** Null: to the server, into no room. */
  readonly roomId: RoomId | null
  readonly createdBy: UserId
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  /** Null: as often as one likes. */
  readonly usesMax: number | null
  readonly uses: number
}

export const MESSAGE_TYPES = ["text", "image", "file", "system"] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

export type Metadata = { readonly [key: string]: unknown }

export interface Message {
  readonly id: MessageId
  readonly numericId: MessageNumericId
  readonly roomId: RoomId
  readonly seq: Seq
  /** The seq of this message's last change; equal to `seq` until it is edited or deleted. */
  readonly changedSeq: Seq
  readonly author: Profile
  readonly type: MessageType
  readonly content: string
  readonly clientId: string | null
  readonly replyTo: MessageId | null
  readonly threadId: MessageId | null
  readonly threadCount: number
  readonly pinnedAt: Instant | null
  readonly metadata: Metadata | null
  /** Null: nothing but what stands here, as of nearly every message. */
  readonly extras: MessageExtras | null
  readonly createdAt: Instant
  readonly editedAt: Instant | null
  readonly deletedAt: Instant | null
  /** When it is deleted by itself. */
  readonly expiresAt: Instant | null
}

/** What a message said before an edit. */
export interface MessageVersion {
  /** Of the edit that replaced it. */
  readonly seq: Seq
  readonly content: string
  readonly metadata: Metadata | null
  /** When it was written. */
  readonly createdAt: Instant
}

/** What few messages have. */
export interface MessageExtras {
  readonly mentions: readonly Mention[]
  /** In the order in which they were first used. */
  readonly reactions: readonly Reaction[]
  readonly attachments: readonly Attachment[]
  readonly linkPreviews: readonly LinkPreview[]
  readonly forwardedFrom: MessageId | null
  /** Its sender wants no previews; for good, so also none of what it links to after an edit. */
  readonly hidesLinkPreviews?: true
}

export const NO_EXTRAS: MessageExtras = {
  mentions: [],
  reactions: [],
  attachments: [],
  linkPreviews: [],
  forwardedFrom: null,
}

/** `room`: everybody in it. No id of a user is like that. */
export const EVERYBODY = "room"
export type Mention = UserId | typeof EVERYBODY

export interface Reaction {
  readonly emoji: string
  readonly count: number
  /** The first ones, up to `LIMITS.reactorsListedMax`. */
  readonly users: readonly UserId[]
}

/** A file as messages show it. */
export interface Attachment {
  readonly id: UploadId
  readonly name: string
  readonly mime: string
  /** Bytes. */
  readonly size: number
  /** Pixels, of pictures. */
  readonly width: number | null
  readonly height: number | null
  readonly hasThumbnail: boolean
}

/** A file that somebody has handed in. */
export interface Upload extends Omit<Attachment, "hasThumbnail"> {
  readonly owner: UserNumericId
  /** Of what it holds: SHA-256, in hex. */
  readonly hash: string
  /** The same of its small picture, where it has one. */
  readonly thumbnailHash: string | null
  readonly createdAt: Instant
}

/** What a page that a message links to says of itself. */
export interface LinkPreview {
  readonly url: string
  readonly title: string
  readonly description: string | null
  readonly siteName: string | null
}

/** One log-in. It outlives its access tokens and ends by logout, expiry or a reused refresh token. */
export interface Session {
  readonly id: SessionId
  readonly userNumericId: UserNumericId
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
  readonly expiresAt: Instant
  readonly revokedAt: Instant | null
  readonly userAgent: string | null
  readonly address: string | null
}

/** What a key may do beyond being its owner. */
export const KEY_SCOPES = ["users", "rooms"] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

export interface ApiKey {
  readonly id: KeyId
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly lastUsedAt: Instant | null
}

/** Who asks, and by what right. Made by `auth/identify`, once per request or connection. */
export interface Actor {
  readonly user: User
  readonly via:
    | { readonly type: "session"; readonly sessionId: SessionId; readonly expiresAt: Instant }
    | {
        readonly type: "key"
        readonly keyId: KeyId
        readonly scopes: readonly KeyScope[]
        readonly expiresAt: Instant | null
      }
    /** By a token that the user's own app has made. */
    | { readonly type: "external"; readonly expiresAt: Instant }
    | { readonly type: "gateway" }
    /** By no right but that the server believes its clients (`CHAT_TRUST_CLIENT_IDS`). */
    | { readonly type: "claim" }
    /** By what they have left to be done later; their account is as it is then. */
    | { readonly type: "schedule" }
}

/**
 * Who has the internal key and names no user: another service of the app, which may speak for the
 * server itself. Made by `auth/identify`, for each request.
 */
export interface Operator {
  readonly via: { readonly type: "internal" }
}

export const PRESENCE_STATUSES = ["online", "away", "dnd", "offline"] as const
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number]

/** A member of a room who is online just now, and how. */
export interface OnlineMember {
  readonly user: Profile
  readonly status: Exclude<PresenceStatus, "offline">
}

/** A part of a list, by places in it. */
export interface Page {
  readonly offset: number
  readonly limit: number
}

export const WHOLE_LIST: Page = { offset: 0, limit: Number.MAX_SAFE_INTEGER }
