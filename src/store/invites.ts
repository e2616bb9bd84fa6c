import { and, desc, eq, gt, isNull, lt, not, or, sql } from "drizzle-orm"
import type { Invite } from "../protocol/entities"
import type { Instant, InviteCode, RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

export interface NewInvite {
  readonly code: InviteCode
  /** Null: to the server, into no room. */
  readonly room: RoomNumericId | null
  readonly createdBy: UserNumericId
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly usesMax: number | null
}

export function createInvites({ queries, schema }: Tables) {
  const { invites, rooms, users } = schema
  const v = sql.placeholder
  const isCode = eq(invites.code, v("code"))
  // Null means the invites to the server, which are in no room.
  const isOfRoom = sql`${invites.roomNumericId} is not distinct from ${v("room")}`
  const isGood = sql`(${or(isNull(invites.expiresAt), gt(invites.expiresAt, v("now")))}
    and ${or(isNull(invites.usesMax), lt(invites.uses, invites.usesMax))})`
  const select = () =>
    queries
      .select({
        code: invites.code,
        roomId: rooms.id,
        createdBy: users.id,
        createdAt: invites.createdAt,
        expiresAt: invites.expiresAt,
        usesMax: invites.usesMax,
        uses: invites.uses,
      })
      .from(invites)
      .innerJoin(users, eq(users.numericId, invites.createdBy))
      .leftJoin(rooms, eq(rooms.numericId, invites.roomNumericId))
      .$dynamic()
  const good = statement(() => select().where(and(isCode, isGood)))
  const ofRoom = statement(() =>
    select()
      .where(and(isOfRoom, isGood))
      .orderBy(desc(invites.createdAt), desc(invites.code))
      .limit(v("limit")),
  )
  const insert = statement(() =>
    queries
      .insert(invites)
      .values({
        code: v("code"),
        roomNumericId: v("room"),
        createdBy: v("createdBy"),
        createdAt: v("createdAt"),
        expiresAt: v("expiresAt"),
        usesMax: v("usesMax"),
      })
      .returning({ code: invites.code }),
  )
  const use = statement(() =>
    queries
      .update(invites)
      .set({ uses: sql`${invites.uses} + 1` })
      .where(isCode)
      .returning({ uses: invites.uses }),
  )
  const clearSpent = statement(() =>
    queries
      .delete(invites)
      .where(and(isOfRoom, not(isGood)))
      .returning({ code: invites.code }),
  )
  const revokeOf = statement(() =>
    queries
      .delete(invites)
      .where(and(isOfRoom, eq(invites.createdBy, v("createdBy"))))
      .returning({ code: invites.code }),
  )
  const revoke = statement(() =>
    queries.delete(invites).where(and(isCode, isOfRoom)).returning({ code: invites.code }),
  )

  return {
    /** Null: unknown, expired or used up. */
    findGood: (code: InviteCode, now: Instant): Script<Invite | null> => good.first({ code, now }),
    /** Those that are good, newest first; of a room, or (null) to the server. */
    list: (room: RoomNumericId | null, now: Instant, limit: number): Script<readonly Invite[]> =>
      ofRoom.all({ room, now, limit }),
    *insert(invite: NewInvite): Script<Invite> {
      yield* insert.first({ ...invite })
      const stored = yield* good.first({ code: invite.code, now: invite.createdAt })
      if (stored === null) throw new Error("an invite has vanished")
      return stored
    },
    /** Counts one use; whether it is good was asked in the same transaction. */
    *use(code: InviteCode): Script<void> {
      yield* use.first({ code })
    },
    /** Those that let nobody in any more: what is bounded is not only how many are good. */
    *clearSpent(room: RoomNumericId | null, now: Instant): Script<void> {
      yield* clearSpent.all({ room, now })
    },
    /** What somebody made lets nobody into the room any more. */
    *revokeOf(room: RoomNumericId, createdBy: UserNumericId): Script<void> {
      yield* revokeOf.all({ room, createdBy })
    },
    /** False: the room, or (null) the server, has no such invite. */
    *revoke(room: RoomNumericId | null, code: InviteCode): Script<boolean> {
      return (yield* revoke.first({ room, code })) !== null
    },
  }
}
