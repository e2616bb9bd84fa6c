import { and, count, desc, eq, exists, isNull, lt, ne, notLike, or, sql } from "drizzle-orm"
import type { Room, RoomType } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant, RoomId, RoomNumericId, Seq, UserNumericId } from "../protocol/ids"
import { ROOMS_MAX, SEQS_PER_ROOM } from "../protocol/message-id"
import type { Schema, SendingMember, SendingRoom, Tables } from "./database"
import { type Script, statement } from "./script"

/** What every query that answers with a whole room selects. */
export const roomColumns = ({ rooms, users }: Pick<Schema, "rooms" | "users">) => ({
  id: rooms.id,
  numericId: rooms.numericId,
  name: rooms.name,
  type: rooms.type,
  topic: rooms.topic,
  maxUsers: rooms.maxUsers,
  membersCanInvite: rooms.membersCanInvite,
  memberCount: rooms.memberCount,
  createdBy: users.id,
  creatorNumericId: rooms.createdBy,
  directKey: rooms.directKey,
  createdAt: rooms.createdAt,
  updatedAt: rooms.updatedAt,
  epoch: rooms.epoch,
  head: rooms.head,
  changedSeq: rooms.changedSeq,
  isBlocked: rooms.isBlocked,
  archivedAt: rooms.archivedAt,
  deletedAt: rooms.deletedAt,
})

/** Of a room that a query looks at: whether the user of the placeholder `user` is a member of it. */
export const isRoomOfUser = ({ queries, schema }: Tables) => {
  const { members, rooms } = schema
  return exists(
    queries
      .select({ one: sql`1` })
      .from(members)
      .where(
        and(
          eq(members.roomNumericId, rooms.numericId),
          eq(members.userNumericId, sql.placeholder("user")),
          isNull(members.leftAt),
        ),
      ),
  )
}

export interface NewRoom {
  readonly id: RoomId
  readonly name: string
  readonly type: RoomType
  readonly topic: string | null
  readonly maxUsers: number
  readonly membersCanInvite: boolean
  readonly createdBy: UserNumericId | null
  readonly createdAt: Instant
  readonly epoch: string
  /** Of a conversation: whose it is. */
  readonly directKey: string | null
  readonly isBlocked: boolean
}

export type RoomPatch = Pick<Room, "name" | "type" | "topic" | "maxUsers" | "membersCanInvite">

export interface RoomAndMember {
  readonly room: SendingRoom
  readonly member: SendingMember | null
}

export interface RoomsPage {
  readonly user: UserNumericId
  readonly mine: boolean
  readonly type: "public" | "private" | undefined
  readonly query: string | undefined
  readonly before: number
  readonly limit: number
}

export function createRooms({ queries, schema }: Tables) {
  const { members, rooms, users } = schema
  const v = sql.placeholder
  const select = () =>
    queries
      .select(roomColumns(schema))
      .from(rooms)
      .leftJoin(users, eq(users.numericId, rooms.createdBy))
      .$dynamic()
  const byId = statement(() => select().where(eq(rooms.id, v("id"))))
  const byDirectKey = statement(() => select().where(eq(rooms.directKey, v("directKey"))))
  const byNumber = statement(() => select().where(eq(rooms.numericId, v("numericId"))))
  // As little as decides what somebody may do: every column that is read costs.
  const withMember = statement(() =>
    queries
      .select({
        room: {
          id: rooms.id,
          numericId: rooms.numericId,
          type: rooms.type,
          isBlocked: rooms.isBlocked,
          deletedAt: rooms.deletedAt,
          directKey: rooms.directKey,
          creatorNumericId: rooms.createdBy,
        },
        role: members.role,
        leftAt: members.leftAt,
        mutedUntil: members.mutedUntil,
      })
      .from(rooms)
      .leftJoin(
        members,
        and(eq(members.roomNumericId, rooms.numericId), eq(members.userNumericId, v("user"))),
      )
      .where(eq(rooms.id, v("id"))),
  )
  const insert = statement(() =>
    queries
      .insert(rooms)
      .values({
        id: v("id"),
        name: v("name"),
        type: v("type"),
        topic: v("topic"),
        maxUsers: v("maxUsers"),
        membersCanInvite: v("membersCanInvite"),
        createdBy: v("createdBy"),
        createdAt: v("createdAt"),
        updatedAt: v("createdAt"),
        epoch: v("epoch"),
        directKey: v("directKey"),
        isBlocked: v("isBlocked"),
      })
      .returning({ numericId: rooms.numericId }),
  )
  const takeSeq = statement(() =>
    queries
      .update(rooms)
      .set({ head: sql`${rooms.head} + 1` })
      .where(eq(rooms.numericId, v("room")))
      .returning({ seq: rooms.head }),
  )
  const update = statement(() =>
    queries
      .update(rooms)
      .set({
        name: sql`${v("name")}`,
        type: sql`${v("type")}`,
        topic: sql`${v("topic")}`,
        maxUsers: sql`${v("maxUsers")}`,
        membersCanInvite: sql`${sql.param(v("membersCanInvite"), rooms.membersCanInvite)}`,
        updatedAt: sql`${v("now")}`,
        changedSeq: sql`${v("seq")}`,
      })
      .where(eq(rooms.numericId, v("room")))
      .returning({ id: rooms.id }),
  )
  const markDeleted = statement(() =>
    queries
      .update(rooms)
      .set({ deletedAt: sql`${v("now")}`, changedSeq: sql`${v("seq")}` })
      .where(eq(rooms.numericId, v("room")))
      .returning({ id: rooms.id }),
  )
  const setBlocked = statement(() =>
    queries
      .update(rooms)
      .set({ isBlocked: sql`${sql.param(v("isBlocked"), rooms.isBlocked)}` })
      .where(eq(rooms.directKey, v("directKey")))
      .returning({ id: rooms.id }),
  )
  const setArchived = statement(() =>
    queries
      .update(rooms)
      .set({ archivedAt: sql`${v("archivedAt")}` })
      .where(eq(rooms.numericId, v("room")))
      .returning({ id: rooms.id }),
  )
  const addToMemberCount = statement(() =>
    queries
      .update(rooms)
      .set({ memberCount: sql`${rooms.memberCount} + ${v("difference")}` })
      .where(eq(rooms.numericId, v("room")))
      .returning({ memberCount: rooms.memberCount }),
  )
  const isMine = isRoomOfUser({ queries, schema })
  const visible = statement(() =>
    select()
      .where(
        and(
          isNull(rooms.deletedAt),
          ne(rooms.type, "direct"),
          or(and(eq(rooms.type, "public"), sql`${v("mine")} = 0`), isMine),
          lt(rooms.numericId, v("before")),
          sql`(cast(${v("type")} as text) is null or ${rooms.type} = ${v("type")})`,
          sql`(cast(${v("like")} as text) is null or lower(${rooms.name}) like lower(${v("like")}) escape '\\')`,
        ),
      )
      .orderBy(desc(rooms.numericId))
      .limit(v("limit")),
  )
  const conversations = statement(() =>
    select()
      .where(and(eq(rooms.type, "direct"), lt(rooms.numericId, v("before")), isMine))
      .orderBy(desc(rooms.numericId))
      .limit(v("limit")),
  )
  const pairs = statement(() =>
    select()
      .where(
        and(
          eq(rooms.type, "direct"),
          lt(rooms.numericId, v("before")),
          notLike(rooms.directKey, "%,%,%"),
          isNull(rooms.deletedAt),
          isMine,
        ),
      )
      .orderBy(desc(rooms.numericId))
      .limit(v("limit")),
  )
  const ownedCount = statement(() =>
    queries
      .select({ count: count() })
      .from(members)
      .innerJoin(rooms, eq(rooms.numericId, members.roomNumericId))
      .where(
        and(
          eq(members.userNumericId, v("user")),
          isNull(members.leftAt),
          eq(members.role, "owner"),
          isNull(rooms.deletedAt),
          ne(rooms.type, "direct"),
        ),
      ),
  )

  const total = statement(() => queries.select({ count: count() }).from(rooms))

  function* mustFind(numericId: RoomNumericId): Script<Room> {
    const room = yield* byNumber.first({ numericId })
    if (room === null) throw new Error(`room ${numericId} has vanished`)
    return room
  }

  return {
    /** Deleted ones too: an id is never used twice, and a rule tells them apart. */
    find: (id: RoomId): Script<Room | null> => byId.first({ id }),
    findByNumber: (numericId: RoomNumericId): Script<Room | null> => byNumber.first({ numericId }),
    mustFind,
    /** A room and a user's place in it, as far as permission depends on them. */
    *findWithMember(id: RoomId, user: UserNumericId): Script<RoomAndMember | null> {
      const row = yield* withMember.first({ id, user })
      if (row === null) return null
      const { room, role, leftAt, mutedUntil } = row
      return { room, member: role === null ? null : { role, leftAt, mutedUntil } }
    },
    *insert(room: NewRoom): Script<RoomNumericId> {
      const row = yield* insert.first({ ...room })
      if (row === null) throw new Error("an insert returned no row")
      if (row.numericId >= ROOMS_MAX) {
        throw new ChatError("overloaded", { detail: "this server can hold no more rooms" })
      }
      return row.numericId
    },
    /**
     * The room's next seq. The row stays locked until the transaction ends, so seqs have neither
     * gaps nor doubles; call it before anything else of the room is written.
     */
    *takeSeq(room: RoomNumericId): Script<Seq> {
      const row = yield* takeSeq.first({ room })
      if (row === null) throw new Error(`room ${room} has vanished`)
      if (row.seq >= SEQS_PER_ROOM) {
        throw new ChatError("conflict", { detail: "the history of this room is full" })
      }
      return row.seq
    },
    *update(
      room: RoomNumericId,
      change: RoomPatch & { readonly seq: Seq; readonly now: Instant },
    ): Script<void> {
      yield* update.first({ ...change, room })
    },
    *markDeleted(room: RoomNumericId, seq: Seq, now: Instant): Script<void> {
      yield* markDeleted.first({ room, seq, now })
    },
    *addToMemberCount(room: RoomNumericId, difference: 1 | -1): Script<void> {
      yield* addToMemberCount.first({ room, difference })
    },
    /** The conversation of these people, whoever began it. */
    findDirect: (directKey: string): Script<Room | null> => byDirectKey.first({ directKey }),
    /** Nothing happens where the two have no conversation. */
    *setBlocked(directKey: string, isBlocked: boolean): Script<void> {
      yield* setBlocked.all({ directKey, isBlocked })
    },
    /** Null: it is in use again. */
    *setArchived(room: RoomNumericId, archivedAt: Instant | null): Script<void> {
      yield* setArchived.first({ room, archivedAt })
    },
    /** The user's conversations, newest first. */
    listDirect: (
      user: UserNumericId,
      page: { readonly before: number; readonly limit: number },
    ): Script<readonly Room[]> => conversations.all({ user, ...page }),
    /** Those of the user with one other, newest first. */
    listPairs: (
      user: UserNumericId,
      page: { readonly before: number; readonly limit: number },
    ): Script<readonly Room[]> => pairs.all({ user, ...page }),
    /** Public rooms and the user's own, newest first; direct ones never. */
    listVisible: (page: RoomsPage): Script<readonly Room[]> =>
      visible.all({
        user: page.user,
        mine: Number(page.mine),
        before: page.before,
        type: page.type ?? null,
        like: page.query === undefined ? null : `%${page.query.replace(/[\\%_]/g, "\\$&")}%`,
        limit: page.limit,
      }),
    /** All that were ever made: deleted ones too. */
    *count(): Script<number> {
      return (yield* total.first())?.count ?? 0
    },
    *countOwned(user: UserNumericId): Script<number> {
      return (yield* ownedCount.first({ user }))?.count ?? 0
    },
  }
}
