import { aliasedTable, and, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm"
import type { Ban } from "../protocol/entities"
import type { Instant, RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"
import { profileColumns } from "./users"

export interface NewBan {
  readonly room: RoomNumericId
  readonly user: UserNumericId
  readonly by: UserNumericId
  readonly reason: string | null
  readonly until: Instant | null
  readonly now: Instant
}

export function createBans({ queries, schema }: Tables) {
  const { bans, rooms, users } = schema
  const v = sql.placeholder
  const authors = aliasedTable(users, "authors")
  const inRoom = eq(bans.roomNumericId, v("room"))
  const isUser = eq(bans.userNumericId, v("user"))
  const isInForce = or(isNull(bans.until), gt(bans.until, v("now")))
  const select = () =>
    queries
      .select({
        roomId: rooms.id,
        user: profileColumns(schema),
        bannedBy: authors.id,
        reason: bans.reason,
        createdAt: bans.createdAt,
        until: bans.until,
      })
      .from(bans)
      .innerJoin(rooms, eq(rooms.numericId, bans.roomNumericId))
      .innerJoin(users, eq(users.numericId, bans.userNumericId))
      .innerJoin(authors, eq(authors.numericId, bans.bannedBy))
      .$dynamic()
  const one = statement(() => select().where(and(inRoom, isUser, isInForce)))
  const list = statement(() =>
    select()
      .where(and(inRoom, isInForce, lt(bans.userNumericId, v("before"))))
      .orderBy(desc(bans.userNumericId))
      .limit(v("limit")),
  )
  const put = statement(() =>
    queries
      .insert(bans)
      .values({
        roomNumericId: v("room"),
        userNumericId: v("user"),
        bannedBy: v("by"),
        reason: v("reason"),
        createdAt: v("now"),
        until: v("until"),
      })
      .onConflictDoUpdate({
        target: [bans.roomNumericId, bans.userNumericId],
        set: {
          bannedBy: sql`excluded.banned_by`,
          reason: sql`excluded.reason`,
          createdAt: sql`excluded.created_at`,
          until: sql`excluded.until`,
        },
      })
      .returning({ createdAt: bans.createdAt }),
  )
  const lift = statement(() =>
    queries.delete(bans).where(and(inRoom, isUser)).returning({ createdAt: bans.createdAt }),
  )
  const liftAll = statement(() =>
    queries.delete(bans).where(isUser).returning({ createdAt: bans.createdAt }),
  )

  return {
    /** Null: not banned, or no longer. */
    find: (room: RoomNumericId, user: UserNumericId, now: Instant): Script<Ban | null> =>
      one.first({ room, user, now }),
    *put(ban: NewBan): Script<Ban> {
      yield* put.first({ ...ban })
      const stored = yield* one.first({ ...ban })
      if (stored === null) throw new Error(`the ban of ${ban.user} has vanished`)
      return stored
    },
    *lift(room: RoomNumericId, user: UserNumericId): Script<void> {
      yield* lift.all({ room, user })
    },
    /** For a user who is no more. */
    *liftAll(user: UserNumericId): Script<void> {
      yield* liftAll.all({ user })
    },
    /** Those in force, who came to the server last first; `before` is where the last page ended. */
    list: (
      room: RoomNumericId,
      page: { readonly now: Instant; readonly before: number; readonly limit: number },
    ): Script<readonly Ban[]> => list.all({ room, ...page }),
  }
}
