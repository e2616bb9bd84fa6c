import { and, eq, isNull, sql } from "drizzle-orm"
import type { User } from "../protocol/entities"
import type { Instant, UserId } from "../protocol/ids"
import type { Tables } from "./database"
import { endedSubject } from "./ended-subject"
import { type Script, statement } from "./script"
import { foldCase, userColumns } from "./users"

export interface NewExternalUser {
  readonly id: UserId
  readonly issuer: string
  readonly subject: string
  readonly username: string
  readonly displayName: string | null
  readonly avatarUrl: string | null
  readonly email: string | null
  readonly createdAt: Instant
}

/** Users by who they are elsewhere: `(issuer, subject)`, both compared letter by letter. */
export function createIdentities({ queries, schema }: Tables) {
  const { users } = schema
  const v = sql.placeholder
  const find = statement(() =>
    queries
      .select(userColumns(schema))
      .from(users)
      .where(
        and(
          eq(users.issuer, v("issuer")),
          eq(users.subject, v("subject")),
          isNull(users.deletedAt),
        ),
      ),
  )
  const ended = statement(() =>
    queries
      .select({ numericId: users.numericId })
      .from(users)
      .where(and(eq(users.issuer, v("issuer")), eq(users.subject, v("subject")))),
  )
  const insert = statement(() =>
    queries
      .insert(users)
      .values({
        id: v("id"),
        username: v("username"),
        usernameKey: v("usernameKey"),
        displayName: v("displayName"),
        avatarUrl: v("avatarUrl"),
        email: v("email"),
        emailKey: v("emailKey"),
        origin: "external",
        issuer: v("issuer"),
        subject: v("subject"),
        createdAt: v("createdAt"),
        updatedAt: v("createdAt"),
      })
      .onConflictDoNothing({ target: [users.issuer, users.subject] })
      .returning(userColumns(schema)),
  )

  return {
    find: (issuer: string, subject: string) => find.first({ issuer, subject }),
    /** Whoever it was has ended their account here. */
    *isEnded(issuer: string, subject: string): Script<boolean> {
      return (yield* ended.first({ issuer, subject: endedSubject(subject) })) !== null
    },
    /** Null: a deleted user still has this identity. */
    insert: (user: NewExternalUser): Script<User | null> =>
      insert.first({
        ...user,
        usernameKey: foldCase(user.username),
        emailKey: user.email === null ? null : foldCase(user.email),
      }),
  }
}
