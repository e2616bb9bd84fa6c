import { and, count, desc, eq, isNull, lt, ne, type SQLWrapper, sql } from "drizzle-orm"
import type { Room, User } from "../protocol/entities"
import type { Tables } from "./database"
import { roomColumns } from "./rooms"
import { type Script, statement } from "./script"
import { userColumns } from "./users"

export interface OverviewPage {
  /** What a name holds, anywhere in it. */
  readonly query: string | undefined
  /** The numeric id where the last page ended. */
  readonly before: number
  readonly limit: number
}

/** What those who run the server look through. Conversations are their members' alone. */
export function createOverview({ queries, schema }: Tables) {
  const { rooms, users } = schema
  const v = sql.placeholder
  const isRun = and(isNull(rooms.deletedAt), ne(rooms.type, "direct"))
  const isSomebody = and(isNull(users.deletedAt), sql`${users.numericId} > 0`)
  const like = (text: SQLWrapper) => sql`lower(${text}) like lower(${v("like")}) escape '\\'`
  const noQuery = sql`cast(${v("like")} as text) is null`
  const userPage = statement(() =>
    queries
      .select(userColumns(schema))
      .from(users)
      .where(
        and(
          isSomebody,
          lt(users.numericId, v("before")),
          sql`(${noQuery} or ${like(users.username)} or ${like(users.displayName)} or ${like(users.email)})`,
        ),
      )
      .orderBy(desc(users.numericId))
      .limit(v("limit")),
  )
  const roomPage = statement(() =>
    queries
      .select(roomColumns(schema))
      .from(rooms)
      .leftJoin(users, eq(users.numericId, rooms.createdBy))
      .where(and(isRun, lt(rooms.numericId, v("before")), sql`(${noQuery} or ${like(rooms.name)})`))
      .orderBy(desc(rooms.numericId))
      .limit(v("limit")),
  )
  const userCount = statement(() =>
    queries.select({ count: count() }).from(users).where(isSomebody),
  )
  const roomCount = statement(() => queries.select({ count: count() }).from(rooms).where(isRun))
  const asked = ({ query, before, limit }: OverviewPage) => ({
    before,
    limit,
    like: query === undefined ? null : patternOf(query),
  })

  return {
    /** Accounts, disabled ones too, newest first: by username, display name or address. */
    listUsers: (page: OverviewPage): Script<readonly User[]> => userPage.all(asked(page)),
    /** All rooms but conversations, newest first: by name. */
    listRooms: (page: OverviewPage): Script<readonly Room[]> => roomPage.all(asked(page)),
    *count(): Script<{ readonly users: number; readonly rooms: number }> {
      return {
        users: (yield* userCount.first())?.count ?? 0,
        rooms: (yield* roomCount.first())?.count ?? 0,
      }
    },
  }
}

/** SQLite reads a pattern up to the first NUL, and `%` would be everybody; no name has one. */
const patternOf = (query: string): string =>
  query.includes("\0") ? "" : `%${query.replace(/[\\%_]/g, "\\$&")}%`
