import { and, asc, eq, isNull, sql } from "drizzle-orm"
import type { RoomId, Seq, UserNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { SEQS_PER_ROOM } from "../protocol/message-id"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

// Written into the query: the planner then sees a range of keys, not an unknown number.
const SEQS = sql.raw(String(SEQS_PER_ROOM))
const MAX = sql.raw(String(LIMITS.unreadCountedMax))

/** `unread` and `mentions` are counted up to `LIMITS.unreadCountedMax`. */
export interface UnreadRow {
  readonly roomId: RoomId
  readonly lastReadSeq: Seq
  readonly head: Seq
  readonly unread: number
  readonly mentions: number
}

/**
 * What somebody has not read, in all their rooms, by one query. Rows are walked from the read
 * mark on until the counts are full, so a room costs the same however much is unread in it; where
 * nothing has happened since the mark, nothing is walked at all.
 */
export function createReadUnread({ queries, schema }: Tables) {
  const { members, mentions, messages, rooms } = schema
  const since = sql`${members.roomNumericId} * ${SEQS} + ${members.lastReadSeq}`
  const countOf = (rows: ReturnType<typeof sql>) =>
    sql<number>`case when ${rooms.head} > ${members.lastReadSeq}
      then (select count(*) from (${rows} limit ${MAX}) as counted) else 0 end`.mapWith(Number)
  const unread = countOf(sql`
    select 1 from ${messages}
    where ${messages.numericId} > ${since}
      and ${messages.numericId} < (${members.roomNumericId} + 1) * ${SEQS}
      and ${messages.userNumericId} <> ${members.userNumericId}
      and ${messages.deletedAt} is null`)
  // A message has a row for everybody, or rows for some: none has both.
  const mentioned = countOf(sql`
    select 1 from ${mentions}
    where ${mentions.userNumericId} in (${members.userNumericId}, 0)
      and ${mentions.roomNumericId} = ${members.roomNumericId}
      and ${mentions.seq} > ${members.lastReadSeq}
      and ${mentions.authorNumericId} <> ${members.userNumericId}`)
  const rows = statement(() =>
    queries
      .select({
        roomId: rooms.id,
        lastReadSeq: members.lastReadSeq,
        head: rooms.head,
        unread,
        mentions: mentioned,
      })
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .where(
        and(
          eq(members.userNumericId, sql.placeholder("user")),
          isNull(members.leftAt),
          isNull(rooms.deletedAt),
        ),
      )
      .orderBy(asc(rooms.numericId)),
  )

  return (user: UserNumericId): Script<readonly UnreadRow[]> => rows.all({ user })
}
