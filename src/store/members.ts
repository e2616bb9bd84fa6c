import { and, asc, count, eq, gt, isNull, lt, sql } from "drizzle-orm"
import type { Member, Profile, Role, Room } from "../protocol/entities"
import type { Instant, RoomNumericId, Seq, UserNumericId } from "../protocol/ids"
import type { ReadMark } from "../protocol/replies"
import type { Schema, Tables } from "./database"
import { roomColumns } from "./rooms"
import { type Script, statement } from "./script"
import { profileColumns } from "./users"

/** What every query that answers with a whole member selects. */
export const memberColumns = ({ rooms, users, members }: Schema) => ({
  roomId: rooms.id,
  user: profileColumns({ users }),
  role: members.role,
  joinedAt: members.joinedAt,
  leftAt: members.leftAt,
  mutedUntil: members.mutedUntil,
  muteReason: members.muteReason,
  lastReadSeq: members.lastReadSeq,
  changedSeq: members.changedSeq,
})

export function createMembers({ queries, schema }: Tables) {
  const { members, rooms, users } = schema
  const v = sql.placeholder
  const select = () =>
    queries
      .select(memberColumns(schema))
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .innerJoin(users, eq(users.numericId, members.userNumericId))
      .$dynamic()
  const inRoom = eq(members.roomNumericId, v("room"))
  const isUser = eq(members.userNumericId, v("user"))
  const one = statement(() => select().where(and(inRoom, isUser)))
  const put = statement(() =>
    queries
      .insert(members)
      .values({
        roomNumericId: v("room"),
        userNumericId: v("user"),
        role: v("role"),
        lastReadSeq: v("seq"),
        joinedAt: v("now"),
        changedSeq: v("seq"),
      })
      .onConflictDoUpdate({
        target: [members.roomNumericId, members.userNumericId],
        set: {
          role: sql`excluded.role`,
          lastReadSeq: sql`excluded.last_read_seq`,
          joinedAt: sql`excluded.joined_at`,
          leftAt: sql`null`,
          changedSeq: sql`excluded.changed_seq`,
        },
      })
      .returning({ changedSeq: members.changedSeq }),
  )
  const end = statement(() =>
    queries
      .update(members)
      .set({ leftAt: sql`${v("now")}`, role: "member", changedSeq: sql`${v("seq")}` })
      .where(and(inRoom, isUser))
      .returning({ changedSeq: members.changedSeq }),
  )
  const setRole = statement(() =>
    queries
      .update(members)
      .set({ role: sql`${v("role")}`, changedSeq: sql`${v("seq")}` })
      .where(and(inRoom, isUser))
      .returning({ changedSeq: members.changedSeq }),
  )
  const setMute = statement(() =>
    queries
      .update(members)
      .set({
        mutedUntil: sql`${v("until")}`,
        muteReason: sql`${v("reason")}`,
        changedSeq: sql`${v("seq")}`,
      })
      .where(and(inRoom, isUser))
      .returning({ changedSeq: members.changedSeq }),
  )
  const forgetReasons = statement(() =>
    queries
      .update(members)
      .set({ muteReason: null })
      .where(isUser)
      .returning({ changedSeq: members.changedSeq }),
  )
  // Never backwards: of two devices the one that has read further wins.
  const setRead = statement(() =>
    queries
      .update(members)
      .set({ lastReadSeq: sql`${v("seq")}` })
      .where(and(inRoom, isUser, isNull(members.leftAt), lt(members.lastReadSeq, v("seq"))))
      .returning({ lastReadSeq: members.lastReadSeq }),
  )
  const current = statement(() =>
    select()
      .where(and(inRoom, isNull(members.leftAt), gt(members.userNumericId, v("after"))))
      .orderBy(asc(members.userNumericId))
      .limit(v("limit")),
  )
  const marks = statement(() =>
    queries
      .select({ userId: users.id, seq: members.lastReadSeq })
      .from(members)
      .innerJoin(users, eq(users.numericId, members.userNumericId))
      .where(and(inRoom, isNull(members.leftAt)))
      .orderBy(asc(members.userNumericId))
      .limit(v("limit")),
  )
  const changed = statement(() =>
    select()
      .where(and(inRoom, gt(members.changedSeq, v("since"))))
      .orderBy(asc(members.changedSeq))
      .limit(v("limit")),
  )
  const owners = statement(() =>
    queries
      .select({ count: count() })
      .from(members)
      .where(and(inRoom, isNull(members.leftAt), eq(members.role, "owner"))),
  )
  const heir = statement(() =>
    select()
      .where(and(inRoom, isNull(members.leftAt)))
      .orderBy(
        // Whoever cannot log in cannot run a room: only if there is nobody else.
        sql`${users.disabledAt} is not null`,
        sql`case ${members.role} when 'owner' then 0 when 'moderator' then 1 else 2 end`,
        asc(members.joinedAt),
        asc(members.userNumericId),
      )
      .limit(1),
  )
  const myRooms = statement(() =>
    queries
      .select(roomColumns(schema))
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .leftJoin(users, eq(users.numericId, rooms.createdBy))
      .where(and(isUser, isNull(members.leftAt), isNull(rooms.deletedAt)))
      .orderBy(asc(rooms.numericId))
      .limit(v("limit")),
  )
  const places = statement(() =>
    queries
      .select({ room: members.roomNumericId })
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .where(and(isUser, isNull(members.leftAt), isNull(rooms.deletedAt))),
  )
  function* mustFind(room: RoomNumericId, user: UserNumericId): Script<Member> {
    const member = yield* one.first({ room, user })
    if (member === null) throw new Error(`member ${user} of room ${room} has vanished`)
    return member
  }

  return {
    /** Former members too: look at `leftAt`. */
    find: (room: RoomNumericId, user: UserNumericId): Script<Member | null> =>
      one.first({ room, user }),
    /** Makes or renews a member. What was said before counts as read. */
    *put(member: {
      room: RoomNumericId
      user: Profile
      role: Role
      seq: Seq
      now: Instant
    }): Script<Member> {
      yield* put.first({ ...member, user: member.user.numericId })
      return yield* mustFind(member.room, member.user.numericId)
    },
    *end(member: {
      room: RoomNumericId
      user: UserNumericId
      seq: Seq
      now: Instant
    }): Script<Member> {
      yield* end.first(member)
      return yield* mustFind(member.room, member.user)
    },
    *setRole(member: {
      room: RoomNumericId
      user: UserNumericId
      role: Role
      seq: Seq
    }): Script<Member> {
      yield* setRole.first(member)
      return yield* mustFind(member.room, member.user)
    },
    /** `until` null: may speak again. */
    *setMute(mute: {
      room: RoomNumericId
      user: UserNumericId
      until: Instant | null
      reason: string | null
      seq: Seq
    }): Script<Member> {
      yield* setMute.first(mute)
      return yield* mustFind(mute.room, mute.user)
    },
    /** Why they were muted, in whatever room: for a user who is no more. */
    *forgetMuteReasons(user: UserNumericId): Script<void> {
      yield* forgetReasons.all({ user })
    },
    /** Moves the read mark forward. False: it was there already. */
    *markRead(room: RoomNumericId, user: UserNumericId, seq: Seq): Script<boolean> {
      return (yield* setRead.first({ room, user, seq })) !== null
    },
    /** Of current members, by numeric id. */
    readMarks: (room: RoomNumericId, limit: number): Script<readonly ReadMark[]> =>
      marks.all({ room, limit }),
    /** Current members by numeric id; `after` is where the last page ended. */
    list: (room: RoomNumericId, after: number, limit: number): Script<readonly Member[]> =>
      current.all({ room, after, limit }),
    changedSince: (room: RoomNumericId, since: Seq, limit: number): Script<readonly Member[]> =>
      changed.all({ room, since, limit }),
    *countOwners(room: RoomNumericId): Script<number> {
      return (yield* owners.first({ room }))?.count ?? 0
    },
    /** Who comes next when the last owner leaves: the longest-serving of the highest role. */
    findHeir: (room: RoomNumericId): Script<Member | null> => heir.first({ room }),
    roomsOf: (user: UserNumericId, limit: number): Script<readonly Room[]> =>
      myRooms.all({ user, limit }),
    /** The rooms that the user is a member of, by their numbers. */
    *placesOf(user: UserNumericId): Script<ReadonlySet<RoomNumericId>> {
      return new Set((yield* places.all({ user })).map(({ room }) => room))
    },
  }
}
