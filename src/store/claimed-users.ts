import { and, eq, isNull, sql } from "drizzle-orm"
import type { User } from "../protocol/entities"
import type { Instant, UserId, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"
import { foldCase, userColumns } from "./users"

export interface NewClaimedUser {
  readonly id: UserId
  /** Null: the next one. */
  readonly numericId: UserNumericId | null
  readonly username: string
  readonly displayName: string | null
  readonly createdAt: Instant
}

/** A user as somebody claims to be them. */
export interface FoundClaim {
  readonly user: User
  readonly isDeleted: boolean
  /** Made by a claim, and never given anything by which only its owner could come. */
  readonly isClaimable: boolean
}

/** Users who were made because a client said that it is they (`CHAT_TRUST_CLIENT_IDS`). */
export function createClaimedUsers({ queries, schema }: Tables) {
  const { apiKeys, users } = schema
  const v = sql.placeholder
  const claimable = and(
    eq(users.origin, "claimed"),
    eq(users.role, "user"),
    isNull(users.passwordHash),
    isNull(users.issuer),
    isNull(users.subject),
    // One that has ended counts as well: whoever it was for may still think the user theirs.
    sql`not exists (select 1 from ${apiKeys} where ${apiKeys.userNumericId} = ${users.numericId})`,
  )
  const columns = {
    user: userColumns(schema),
    deletedAt: users.deletedAt,
    isClaimable: sql`case when ${claimable} then 1 else 0 end`.mapWith(Number),
  }
  const select = () => queries.select(columns).from(users)
  const byId = statement(() => select().where(eq(users.id, v("id"))))
  const byNumber = statement(() => select().where(eq(users.numericId, v("numericId"))))
  const byUsername = statement(() => select().where(eq(users.usernameKey, v("key"))))
  const origin = statement(() =>
    queries
      .select({ origin: users.origin })
      .from(users)
      .where(eq(users.numericId, v("numericId"))),
  )
  const newColumns = {
    id: v("id"),
    username: v("username"),
    usernameKey: v("usernameKey"),
    displayName: v("displayName"),
    origin: "claimed" as const,
    createdAt: v("createdAt"),
    updatedAt: v("createdAt"),
  }
  const insert = statement(() =>
    queries.insert(users).values(newColumns).returning(userColumns(schema)),
  )
  const insertAt = statement(() =>
    queries
      .insert(users)
      .values({ ...newColumns, numericId: sql`${v("numericId")}` })
      .returning(userColumns(schema)),
  )

  function* found(rows: ReturnType<typeof byId.first>): Script<FoundClaim | null> {
    const row = yield* rows
    if (row === null) return null
    const { user, deletedAt, isClaimable } = row
    return { user, isDeleted: deletedAt !== null, isClaimable: isClaimable === 1 }
  }

  return {
    /** Also who has been deleted: nobody else gets their ids. */
    find: (id: UserId) => found(byId.first({ id })),
    findByNumber: (numericId: UserNumericId) => found(byNumber.first({ numericId })),
    findByUsername: (username: string) => found(byUsername.first({ key: foldCase(username) })),
    *isClaimed(numericId: UserNumericId): Script<boolean> {
      return (yield* origin.first({ numericId }))?.origin === "claimed"
    },
    *insert(user: NewClaimedUser): Script<User> {
      const put = user.numericId === null ? insert : insertAt
      const row = yield* put.first({ ...user, usernameKey: foldCase(user.username) })
      if (row === null) throw new Error("an insert returned no row")
      return row
    },
  }
}
