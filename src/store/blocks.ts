import { and, desc, eq, lt, or, sql } from "drizzle-orm"
import type { User } from "../protocol/entities"
import type { Instant, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"
import { userColumns } from "./users"

export function createBlocks({ queries, schema }: Tables) {
  const { blocks, users } = schema
  const v = sql.placeholder
  const isBy = eq(blocks.userNumericId, v("by"))
  const isOf = eq(blocks.blockedNumericId, v("of"))
  const put = statement(() =>
    queries
      .insert(blocks)
      .values({ userNumericId: v("by"), blockedNumericId: v("of"), createdAt: v("now") })
      .onConflictDoNothing()
      .returning({ createdAt: blocks.createdAt }),
  )
  const end = statement(() =>
    queries.delete(blocks).where(and(isBy, isOf)).returning({ createdAt: blocks.createdAt }),
  )
  const endAll = statement(() =>
    queries
      .delete(blocks)
      .where(or(eq(blocks.userNumericId, v("user")), eq(blocks.blockedNumericId, v("user"))))
      .returning({ createdAt: blocks.createdAt }),
  )
  const one = statement(() =>
    queries.select({ createdAt: blocks.createdAt }).from(blocks).where(and(isBy, isOf)),
  )
  const list = statement(() =>
    queries
      .select(userColumns(schema))
      .from(blocks)
      .innerJoin(users, eq(users.numericId, blocks.blockedNumericId))
      .where(and(isBy, lt(blocks.blockedNumericId, v("before"))))
      .orderBy(desc(blocks.blockedNumericId))
      .limit(v("limit")),
  )

  return {
    *put(by: UserNumericId, of: UserNumericId, now: Instant): Script<void> {
      yield* put.all({ by, of, now })
    },
    *end(by: UserNumericId, of: UserNumericId): Script<void> {
      yield* end.all({ by, of })
    },
    /** For a user who is no more. */
    *endAll(user: UserNumericId): Script<void> {
      yield* endAll.all({ user })
    },
    *exists(by: UserNumericId, of: UserNumericId): Script<boolean> {
      return (yield* one.first({ by, of })) !== null
    },
    /** Whom somebody has blocked; `before` is the numeric id where the last page ended. */
    list: (
      by: UserNumericId,
      page: { readonly before: number; readonly limit: number },
    ): Script<readonly User[]> => list.all({ by, ...page }),
  }
}
