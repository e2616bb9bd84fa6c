/**
 * The tables, as Postgres has them: those of `sqlite.ts`, column by column (`parity.ts` proves it),
 * and `settings`, which SQLite keeps in files or needs not at all. Rows refer to each other by numeric ids: a message then costs
 * a few bytes in each index where UUIDs would cost a hundred. Instants are milliseconds, JSON
 * is text. Columns only: queries are in the file of their noun.
 */
import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"
import type { Role, RoomType, User } from "../../protocol/entities"
import type {
  InviteCode,
  KeyId,
  RoomId,
  RoomNumericId,
  SessionId,
  UserId,
  UserNumericId,
} from "../../protocol/ids"

export * from "./postgres-messages"

/** Every number: instants and ids are too long for 32 bits, and one kind is less to get wrong. */
const integer = <Name extends string>(name: Name) => bigint(name, { mode: "number" })

export const users = pgTable(
  "users",
  {
    numericId: integer("numeric_id")
      .$type<UserNumericId>()
      .primaryKey()
      .generatedByDefaultAsIdentity(),
    id: text("id").$type<UserId>().notNull().unique(),
    username: text("username").notNull(),
    /** The username in lower case: unique without regard to case. */
    usernameKey: text("username_key").notNull().unique(),
    displayName: text("display_name"),
    avatarUrl: text("avatar_url"),
    email: text("email"),
    emailKey: text("email_key").unique(),
    passwordHash: text("password_hash"),
    role: text("role").$type<User["role"]>().notNull().default("user"),
    /** Where the user comes from; only `local` ones have a password. */
    origin: text("origin").$type<"local" | "external" | "claimed" | "system">().notNull(),
    /** Of an outside identity: `(issuer, subject)` of its tokens. */
    issuer: text("issuer"),
    subject: text("subject"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    lastSeenAt: integer("last_seen_at"),
    disabledAt: integer("disabled_at"),
    deletedAt: integer("deleted_at"),
  },
  (table) => [uniqueIndex("users_identity").on(table.issuer, table.subject)],
)

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").$type<SessionId>().primaryKey(),
    userNumericId: integer("user_numeric_id")
      .$type<UserNumericId>()
      .notNull()
      .references(() => users.numericId),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    revokedAt: integer("revoked_at"),
    userAgent: text("user_agent"),
    address: text("address"),
  },
  (table) => [index("sessions_user").on(table.userNumericId)],
)

/** Every refresh token ever given out in a living session: a used one that returns is a theft. */
export const refreshTokens = pgTable(
  "refresh_tokens",
  {
    /** SHA-256 of the token; the token itself is stored nowhere. */
    hash: text("hash").primaryKey(),
    sessionId: text("session_id")
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at"),
  },
  (table) => [index("refresh_tokens_session").on(table.sessionId)],
)

export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").$type<KeyId>().primaryKey(),
    userNumericId: integer("user_numeric_id")
      .$type<UserNumericId>()
      .notNull()
      .references(() => users.numericId),
    name: text("name").notNull(),
    /** SHA-256 of the key. */
    hash: text("hash").notNull().unique(),
    /** A JSON array of scope names. */
    scopes: text("scopes").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    lastUsedAt: integer("last_used_at"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [index("api_keys_user").on(table.userNumericId)],
)

export const rooms = pgTable(
  "rooms",
  {
    numericId: integer("numeric_id")
      .$type<RoomNumericId>()
      .primaryKey()
      .generatedByDefaultAsIdentity(),
    id: text("id").$type<RoomId>().notNull().unique(),
    name: text("name").notNull(),
    type: text("type").$type<RoomType>().notNull(),
    topic: text("topic"),
    maxUsers: integer("max_users").notNull().default(0),
    membersCanInvite: boolean("members_can_invite").notNull().default(false),
    memberCount: integer("member_count").notNull().default(0),
    createdBy: integer("created_by")
      .$type<UserNumericId>()
      .references(() => users.numericId),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    epoch: text("epoch").notNull(),
    head: integer("head").notNull().default(0),
    changedSeq: integer("changed_seq").notNull().default(0),
    /** Messages up to here can be found by their words. */
    indexedSeq: integer("indexed_seq").notNull().default(0),
    /** Whose conversation this is: the numeric ids of all its people. Only of direct rooms. */
    directKey: text("direct_key").unique(),
    /** A conversation of two, of whom one has blocked the other: nobody can send. */
    isBlocked: boolean("is_blocked").notNull().default(false),
    /** A private room that everybody has left. */
    archivedAt: integer("archived_at"),
    /** A deleted room keeps its row: an id is never used twice. */
    deletedAt: integer("deleted_at"),
  },
  (table) => [index("rooms_type").on(table.type, table.numericId)],
)

export const members = pgTable(
  "members",
  {
    roomNumericId: integer("room_numeric_id")
      .$type<RoomNumericId>()
      .notNull()
      .references(() => rooms.numericId),
    userNumericId: integer("user_numeric_id")
      .$type<UserNumericId>()
      .notNull()
      .references(() => users.numericId),
    role: text("role").$type<Role>().notNull(),
    lastReadSeq: integer("last_read_seq").notNull().default(0),
    joinedAt: integer("joined_at").notNull(),
    /** Set when membership ended; the row stays, to be told in `/changes`. */
    leftAt: integer("left_at"),
    mutedUntil: integer("muted_until"),
    muteReason: text("mute_reason"),
    changedSeq: integer("changed_seq").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.roomNumericId, table.userNumericId] }),
    index("members_user").on(table.userNumericId, table.leftAt),
    index("members_changed").on(table.roomNumericId, table.changedSeq),
  ],
)

/** Who may not come back. Whoever is banned is no member: a ban ends membership. */
export const bans = pgTable(
  "bans",
  {
    roomNumericId: integer("room_numeric_id")
      .$type<RoomNumericId>()
      .notNull()
      .references(() => rooms.numericId),
    userNumericId: integer("user_numeric_id")
      .$type<UserNumericId>()
      .notNull()
      .references(() => users.numericId),
    bannedBy: integer("banned_by").$type<UserNumericId>().notNull(),
    reason: text("reason"),
    createdAt: integer("created_at").notNull(),
    /** Null: for ever. */
    until: integer("until"),
  },
  (table) => [primaryKey({ columns: [table.roomNumericId, table.userNumericId] })],
)

/** Codes that let people into a room, or onto a server where registration needs one. */
export const invites = pgTable(
  "invites",
  {
    code: text("code").$type<InviteCode>().primaryKey(),
    /** Null: an invite to the server, into no room. */
    roomNumericId: integer("room_numeric_id")
      .$type<RoomNumericId>()
      .references(() => rooms.numericId),
    createdBy: integer("created_by").$type<UserNumericId>().notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    /** Null: as often as one likes. */
    usesMax: integer("uses_max"),
    uses: integer("uses").notNull().default(0),
  },
  (table) => [index("invites_room").on(table.roomNumericId)],
)

/** Who wants to hear nothing from whom. */
export const blocks = pgTable(
  "blocks",
  {
    userNumericId: integer("user_numeric_id")
      .$type<UserNumericId>()
      .notNull()
      .references(() => users.numericId),
    blockedNumericId: integer("blocked_numeric_id")
      .$type<UserNumericId>()
      .notNull()
      .references(() => users.numericId),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userNumericId, table.blockedNumericId] })],
)

/**
 * What all nodes share and no row of another table holds: the key of our tokens, and how often
 * the command line has written. Its lock is what writers take turns by (`postgres-writes.ts`).
 */
export const settings = pgTable("settings", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
})
