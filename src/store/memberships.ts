import { and, asc, eq, gt, inArray, isNull, lt, lte, sql } from "drizzle-orm"
import type { User } from "../protocol/entities"
import type { RoomEvent } from "../protocol/events"
import { asRoomNumericId, type RoomNumericId } from "../protocol/ids"
import { SEQS_PER_ROOM } from "../protocol/message-id"
import type { Tables } from "./database"
import { memberColumns } from "./members"
import { roomColumns } from "./rooms"
import { type Script, statement } from "./script"

/** So many rooms are held at once, for as long as a few statements take. */
const ROOMS_PER_WRITE = 64

export interface TouchedMemberships {
  readonly events: readonly RoomEvent[]
  /** Behind this room there may be more, for further writes; null: there are none. */
  readonly next: RoomNumericId | null
}

/** No room's number. */
const FROM_THE_FIRST = 0

/**
 * A member is shown with their profile, so a new one is a change of each of the user's places,
 * with a seq: who resumes learns of it as well. Some rooms at a time, however many there are:
 * whoever writes to a room waits until it is done. Answers what the rooms are to be told.
 */
export function createTouchMemberships({ queries, schema }: Tables) {
  const { members, rooms, users } = schema
  const v = sql.placeholder
  const isTheirs = and(
    eq(members.userNumericId, v("user")),
    isNull(members.leftAt),
    gt(members.roomNumericId, v("after")),
  )
  const isTouched = and(isTheirs, lte(members.roomNumericId, v("last")))
  const takeSeqs = statement(() => {
    const some = queries
      .select({ room: members.roomNumericId })
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      // A room whose history is full can be told of nothing more.
      .where(and(isTheirs, isNull(rooms.deletedAt), lt(rooms.head, SEQS_PER_ROOM - 1)))
      .orderBy(asc(members.roomNumericId))
      .limit(v("limit"))
    return queries
      .update(rooms)
      .set({ head: sql`${rooms.head} + 1` })
      .where(inArray(rooms.numericId, some))
      .returning({ room: rooms.numericId, seq: rooms.head })
  })
  const touch = statement(() =>
    queries
      .update(members)
      .set({
        changedSeq: sql`(select ${rooms.head} from ${rooms} where ${rooms.numericId} = ${members.roomNumericId})`,
      })
      .where(isTouched)
      .returning({ room: members.roomNumericId }),
  )
  const findRooms = statement(() =>
    queries
      .select(roomColumns(schema))
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .leftJoin(users, eq(users.numericId, rooms.createdBy))
      .where(isTouched)
      .orderBy(asc(rooms.numericId)),
  )
  const findMembers = statement(() =>
    queries
      .select(memberColumns(schema))
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .innerJoin(users, eq(users.numericId, members.userNumericId))
      .where(isTouched),
  )

  return function* touchMemberships(
    { numericId: user }: Pick<User, "numericId">,
    after: RoomNumericId | typeof FROM_THE_FIRST = FROM_THE_FIRST,
  ): Script<TouchedMemberships> {
    const taken = yield* takeSeqs.all({ user, after, limit: ROOMS_PER_WRITE })
    const seqs = new Map(taken.map(({ room, seq }) => [room, seq]))
    if (taken.length === 0) return { events: [], next: null }
    const last = asRoomNumericId(Math.max(...taken.map(({ room }) => room)))
    const range = { user, after, last }
    yield* touch.all(range)
    const found = new Map((yield* findMembers.all(range)).map((it) => [it.roomId, it]))
    const events: RoomEvent[] = []
    for (const room of yield* findRooms.all(range)) {
      const seq = seqs.get(room.numericId)
      const member = found.get(room.id)
      if (seq !== undefined && member !== undefined) {
        events.push({ type: "member.updated", room, seq, member })
      }
    }
    return { events, next: taken.length < ROOMS_PER_WRITE ? null : last }
  }
}
