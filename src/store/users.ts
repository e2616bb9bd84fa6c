import { and, desc, eq, isNull, lt, sql } from "drizzle-orm"
import type { User } from "../protocol/entities"
import type { Instant, UserId, UserNumericId } from "../protocol/ids"
import type { Schema, Tables } from "./database"
import { endedSubject } from "./ended-subject"
import { type Script, statement } from "./script"

/** What every query that shows an author selects. */
export const profileColumns = ({ users }: Pick<Schema, "users">) => ({
  id: users.id,
  numericId: users.numericId,
  username: users.username,
  displayName: users.displayName,
  avatarUrl: users.avatarUrl,
  email: users.email,
})

/** What every query that answers with a whole user selects. */
export const userColumns = ({ users }: Pick<Schema, "users">) => ({
  ...profileColumns({ users }),
  role: users.role,
  createdAt: users.createdAt,
  lastSeenAt: users.lastSeenAt,
  disabledAt: users.disabledAt,
})

/** The one form in which usernames and e-mail addresses are compared. */
export const foldCase = (text: string) => text.toLowerCase()

export interface NewUser {
  readonly id: UserId
  readonly username: string
  readonly displayName: string | null
  readonly email: string | null
  readonly passwordHash: string | null
  readonly createdAt: Instant
}

export interface NewProfile {
  readonly username: string
  readonly displayName: string | null
  readonly avatarUrl: string | null
  readonly email: string | null
  readonly now: Instant
}

export function createUsers({ queries, schema }: Tables) {
  const { users } = schema
  const columns = userColumns(schema)
  const v = sql.placeholder
  const living = isNull(users.deletedAt)
  const select = () => queries.select(columns).from(users)
  const byId = statement(() => select().where(and(eq(users.id, v("id")), living)))
  const byNumber = statement(() => select().where(and(eq(users.numericId, v("numericId")), living)))
  const byUsername = statement(() => select().where(and(eq(users.usernameKey, v("key")), living)))
  const withPassword = { ...columns, passwordHash: users.passwordHash }
  const passwordByUsername = statement(() =>
    queries
      .select(withPassword)
      .from(users)
      .where(and(eq(users.usernameKey, v("key")), living)),
  )
  const passwordByEmail = statement(() =>
    queries
      .select(withPassword)
      .from(users)
      .where(and(eq(users.emailKey, v("key")), living)),
  )
  const emailTaken = statement(() =>
    queries
      .select({ numericId: users.numericId })
      .from(users)
      .where(eq(users.emailKey, v("key"))),
  )
  const usernameTaken = statement(() =>
    queries
      .select({ numericId: users.numericId })
      .from(users)
      .where(eq(users.usernameKey, v("key"))),
  )
  const insert = statement(() =>
    queries
      .insert(users)
      .values({
        id: v("id"),
        username: v("username"),
        usernameKey: v("usernameKey"),
        displayName: v("displayName"),
        email: v("email"),
        emailKey: v("emailKey"),
        passwordHash: v("passwordHash"),
        origin: "local",
        createdAt: v("createdAt"),
        updatedAt: v("createdAt"),
      })
      .returning(columns),
  )
  const setProfile = statement(() =>
    queries
      .update(users)
      .set({
        username: sql`${v("username")}`,
        usernameKey: sql`${v("usernameKey")}`,
        displayName: sql`${v("displayName")}`,
        avatarUrl: sql`${v("avatarUrl")}`,
        email: sql`${v("email")}`,
        emailKey: sql`${v("emailKey")}`,
        updatedAt: sql`${v("now")}`,
      })
      .where(eq(users.numericId, v("numericId")))
      .returning(columns),
  )
  const setPassword = statement(() =>
    queries
      .update(users)
      .set({ passwordHash: sql`${v("passwordHash")}`, updatedAt: sql`${v("now")}` })
      .where(eq(users.numericId, v("numericId")))
      .returning({ id: users.id }),
  )
  const passwordOf = statement(() =>
    queries
      .select({ passwordHash: users.passwordHash })
      .from(users)
      .where(and(eq(users.numericId, v("numericId")), living)),
  )
  const anonymise = statement(() =>
    queries
      .update(users)
      .set({
        username: sql`'deleted-' || ${users.numericId}`,
        usernameKey: sql`'deleted-' || ${users.numericId}`,
        displayName: null,
        avatarUrl: null,
        email: null,
        emailKey: null,
        passwordHash: null,
        subject: sql`${v("subject")}`,
        role: "user",
        lastSeenAt: null,
        updatedAt: sql`${v("now")}`,
        deletedAt: sql`${v("now")}`,
      })
      .where(eq(users.numericId, v("numericId")))
      .returning(columns),
  )
  const subjectOf = statement(() =>
    queries
      .select({ subject: users.subject })
      .from(users)
      .where(eq(users.numericId, v("numericId"))),
  )
  const setLastSeen = statement(() =>
    queries
      .update(users)
      .set({ lastSeenAt: sql`${v("lastSeenAt")}` })
      .where(and(eq(users.numericId, v("numericId")), living))
      .returning({ id: users.id }),
  )
  const list = statement(() =>
    select()
      .where(
        and(
          living,
          lt(users.numericId, v("before")),
          sql`${users.numericId} > 0`,
          sql`(cast(${v("like")} as text) is null or ${users.usernameKey} like ${v("like")} escape '\\')`,
        ),
      )
      .orderBy(desc(users.numericId))
      .limit(v("limit")),
  )

  return {
    find: (id: UserId) => byId.first({ id }),
    findByNumber: (numericId: UserNumericId) => byNumber.first({ numericId }),
    findByUsername: (username: string) => byUsername.first({ key: foldCase(username) }),
    /** For log-in only: nowhere else is the hash read. */
    *findForLogin(
      name: { readonly username: string } | { readonly email: string },
    ): Script<{ user: User; passwordHash: string | null } | null> {
      const row =
        "username" in name
          ? yield* passwordByUsername.first({ key: foldCase(name.username) })
          : yield* passwordByEmail.first({ key: foldCase(name.email) })
      if (row === null) return null
      const { passwordHash, ...user } = row
      return { user, passwordHash }
    },
    /** Which of the two names somebody else has. */
    *findTaken(
      username: string,
      email: string | null,
      exceptUser: UserNumericId | null = null,
    ): Script<"username" | "email" | null> {
      const isOthers = (owner: { numericId: UserNumericId } | null) =>
        owner !== null && owner.numericId !== exceptUser
      if (isOthers(yield* usernameTaken.first({ key: foldCase(username) }))) return "username"
      if (email === null) return null
      return isOthers(yield* emailTaken.first({ key: foldCase(email) })) ? "email" : null
    },
    *updateProfile(numericId: UserNumericId, profile: NewProfile): Script<User> {
      const row = yield* setProfile.first({
        ...profile,
        numericId,
        usernameKey: foldCase(profile.username),
        emailKey: profile.email === null ? null : foldCase(profile.email),
      })
      if (row === null) throw new Error(`user ${numericId} has vanished`)
      return row
    },
    /** For changing it only. Null: the user has none, and comes by other credentials. */
    *findPasswordHash(numericId: UserNumericId): Script<string | null> {
      return (yield* passwordOf.first({ numericId }))?.passwordHash ?? null
    },
    *setPassword(numericId: UserNumericId, passwordHash: string, now: Instant): Script<void> {
      yield* setPassword.first({ numericId, passwordHash, now })
    },
    /** Takes everything from the row by which somebody could be known. It stays as an author. */
    *anonymise(numericId: UserNumericId, now: Instant): Script<User> {
      const { subject = null } = (yield* subjectOf.first({ numericId })) ?? {}
      const ended = subject === null ? null : endedSubject(subject)
      const row = yield* anonymise.first({ numericId, subject: ended, now })
      if (row === null) throw new Error(`user ${numericId} has vanished`)
      return row
    },
    *insert(user: NewUser): Script<User> {
      const row = yield* insert.first({
        ...user,
        usernameKey: foldCase(user.username),
        emailKey: user.email === null ? null : foldCase(user.email),
      })
      if (row === null) throw new Error("an insert returned no row")
      return row
    },
    setLastSeen: (numericId: UserNumericId, lastSeenAt: Instant) =>
      setLastSeen.first({ numericId, lastSeenAt }),
    /** Newest first; `before` is the numeric id where the last page ended. */
    list: (page: { query: string | undefined; before: number; limit: number }) =>
      list.all({
        before: page.before,
        limit: page.limit,
        like: page.query === undefined ? null : likePrefix(page.query),
      }),
  }
}

/** Finds names that begin with the text, whose own wildcards mean themselves. */
function likePrefix(text: string): string {
  return `${foldCase(text).replace(/[\\%_]/g, "\\$&")}%`
}
