import { and, eq, isNull, sql } from "drizzle-orm"
import type { User } from "../protocol/entities"
import type { Instant, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"
import { userColumns } from "./users"

/**
 * What those who run the server change of an account. Each answers with the user as they are now,
 * or null where there is none; the server's own user is none.
 */
export function createAccountChanges({ queries, schema }: Tables) {
  const { users } = schema
  const v = sql.placeholder
  const target = and(
    eq(users.numericId, v("user")),
    sql`${users.numericId} > 0`,
    isNull(users.deletedAt),
  )
  const now = sql`${v("now")}`
  const value = sql`${v("value")}`
  const change = (values: Parameters<ReturnType<typeof queries.update<typeof users>>["set"]>[0]) =>
    queries.update(users).set({ ...values, updatedAt: now })
  const role = statement(() => change({ role: value }).where(target).returning(userColumns(schema)))
  const disabledAt = statement(() =>
    change({ disabledAt: value }).where(target).returning(userColumns(schema)),
  )
  const password = statement(() =>
    change({ passwordHash: value })
      .where(and(target, eq(users.origin, "local")))
      .returning(userColumns(schema)),
  )

  return {
    setRole: (user: UserNumericId, value: User["role"], now: Instant) =>
      role.first({ user, value, now }),
    /** Null as a value: no longer disabled. */
    setDisabledAt: (user: UserNumericId, value: Instant | null, now: Instant) =>
      disabledAt.first({ user, value, now }),
    /** Null also for a user who comes from elsewhere: those have no password. */
    setPasswordHash: (user: UserNumericId, value: string, now: Instant): Script<User | null> =>
      password.first({ user, value, now }),
  }
}
