import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { SEQS_PER_ROOM } from "../protocol/message-id"
import type { Unread } from "../protocol/replies"
import type { Tables } from "./database"
import { type Script, statement } from "./script"
import { createUnreadCounts } from "./unread-counts"

// Written into the query: the planner then sees a range of keys, not an unknown number.
const SEQS = sql.raw(String(SEQS_PER_ROOM))
const MAX = sql.raw(String(LIMITS.unreadCountedMax))

/** Rooms that one statement counts in; for the few that have changed since, fewer. */
const MANY = 500
const FEW = 16

/** The number of no room: the first one has 1. */
const NO_ROOM = 0

/** Where somebody stands in one of their rooms. */
export interface UnreadPlace {
  readonly room: RoomNumericId
  /** At most so many rows have to be looked at to count. */
  readonly distance: number
  /** Null: not known, as it is now. */
  readonly known: Unread | null
}

/**
 * What somebody has not read, in all their rooms. Where nothing has happened since the read mark
 * nothing is counted; elsewhere rows are walked from the mark on, until the count is full, and
 * once for each place that the room and the mark have.
 */
export function createUnread({ queries, schema }: Tables) {
  const { members, mentions, messages, rooms } = schema
  const v = sql.placeholder
  const counts = createUnreadCounts()
  const since = sql`${members.roomNumericId} * ${SEQS} + ${members.lastReadSeq}`
  const countOf = (rows: ReturnType<typeof sql>) => sql`(
    select count(*) from (select 1 ${rows} limit ${MAX}) as counted)`
  const unreadRows = sql`
    from ${messages}
    where ${messages.numericId} > ${since}
      and ${messages.numericId} < (${members.roomNumericId} + 1) * ${SEQS}
      and ${messages.userNumericId} <> ${members.userNumericId}
      and ${messages.deletedAt} is null`
  // Every message has taken a seq, so of a short way all are counted, which is a fifth cheaper.
  const unread = sql<number>`case when ${rooms.head} - ${members.lastReadSeq} <= ${MAX}
    then (select count(*) ${unreadRows}) else ${countOf(unreadRows)} end`.mapWith(Number)
  // A message has a row for everybody, or rows for some: none has both.
  const mentioned = sql<number>`${countOf(sql`
    from ${mentions}
    where ${mentions.userNumericId} in (${members.userNumericId}, 0)
      and ${mentions.roomNumericId} = ${members.roomNumericId}
      and ${mentions.seq} > ${members.lastReadSeq}
      and ${mentions.authorNumericId} <> ${members.userNumericId}`)}`.mapWith(Number)
  const standing = {
    room: rooms.numericId,
    roomId: rooms.id,
    epoch: rooms.epoch,
    lastReadSeq: members.lastReadSeq,
    head: rooms.head,
  }
  const isMine = and(
    eq(members.userNumericId, v("user")),
    isNull(members.leftAt),
    isNull(rooms.deletedAt),
  )
  const mine = statement(() =>
    queries
      .select(standing)
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .where(isMine)
      .orderBy(asc(rooms.numericId)),
  )
  const countsOf = (size: number) =>
    statement(() => {
      const places = Array.from({ length: size }, (_, place) => v(`room${place}`))
      return queries
        .select({ ...standing, unread, mentions: mentioned })
        .from(members)
        .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
        .where(and(isMine, inArray(members.roomNumericId, places)))
    })
  const many = countsOf(MANY)
  const few = countsOf(FEW)

  function countIn(user: UserNumericId, some: readonly RoomNumericId[]) {
    const isFew = some.length <= FEW
    const places = Array.from({ length: isFew ? FEW : MANY }, (_, place) => [
      `room${place}`,
      some[place] ?? NO_ROOM,
    ])
    return (isFew ? few : many).all({ user, ...Object.fromEntries(places) })
  }

  return {
    /** All rooms of the user, in the order in which they were made. */
    *places(user: UserNumericId): Script<readonly UnreadPlace[]> {
      return (yield* mine.all({ user })).map((row) => ({
        room: row.room,
        distance: Math.min(row.head - row.lastReadSeq, LIMITS.unreadCountedMax),
        known: counts.find(user, row),
      }))
    },
    /** In some of these; those that the user has left meanwhile are left out. */
    *count(
      user: UserNumericId,
      some: readonly RoomNumericId[],
    ): Script<ReadonlyMap<RoomNumericId, Unread>> {
      const found = new Map<RoomNumericId, Unread>()
      for (let start = 0; start < some.length; start += MANY) {
        for (const row of yield* countIn(user, some.slice(start, start + MANY))) {
          found.set(row.room, counts.remember(user, row))
        }
      }
      return found
    },
  }
}
