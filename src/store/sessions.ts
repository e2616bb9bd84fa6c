import { and, desc, eq, gt, isNull, ne, sql } from "drizzle-orm"
import { type Page, type Session, type User, WHOLE_LIST } from "../protocol/entities"
import type { Instant, SessionId, UserNumericId } from "../protocol/ids"
import type { Schema, Tables } from "./database"
import { type Script, statement } from "./script"
import { userColumns } from "./users"

const sessionColumns = ({ sessions }: Schema) => ({
  id: sessions.id,
  userNumericId: sessions.userNumericId,
  createdAt: sessions.createdAt,
  lastUsedAt: sessions.lastUsedAt,
  expiresAt: sessions.expiresAt,
  revokedAt: sessions.revokedAt,
  userAgent: sessions.userAgent,
  address: sessions.address,
})

export type NewSession = Omit<Session, "revokedAt" | "lastUsedAt"> & {
  /** Null: a session that cannot be prolonged. */
  readonly refreshTokenHash: string | null
}

export interface PresentedToken {
  readonly sessionId: SessionId
  readonly wasUsed: boolean
}

export function createSessions({ queries, schema }: Tables) {
  const { refreshTokens, sessions, users } = schema
  const v = sql.placeholder
  const isLive = and(isNull(sessions.revokedAt), gt(sessions.expiresAt, v("now")))
  const insert = statement(() =>
    queries
      .insert(sessions)
      .values({
        id: v("id"),
        userNumericId: v("userNumericId"),
        createdAt: v("createdAt"),
        lastUsedAt: v("createdAt"),
        expiresAt: v("expiresAt"),
        userAgent: v("userAgent"),
        address: v("address"),
      })
      .returning(sessionColumns(schema)),
  )
  const insertToken = statement(() =>
    queries
      .insert(refreshTokens)
      .values({ hash: v("hash"), sessionId: v("sessionId"), createdAt: v("createdAt") })
      .returning({ sessionId: refreshTokens.sessionId }),
  )
  const userOfLive = statement(() =>
    queries
      .select(userColumns(schema))
      .from(sessions)
      .innerJoin(users, eq(users.numericId, sessions.userNumericId))
      .where(
        and(eq(sessions.id, v("id")), isLive, isNull(users.disabledAt), isNull(users.deletedAt)),
      ),
  )
  const list = statement(() =>
    queries
      .select(sessionColumns(schema))
      .from(sessions)
      .where(and(eq(sessions.userNumericId, v("user")), isLive))
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(v("limit"))
      .offset(v("offset")),
  )
  const deleteAll = statement(() =>
    queries
      .delete(sessions)
      .where(eq(sessions.userNumericId, v("user")))
      .returning({ id: sessions.id }),
  )
  const revokeOthers = statement(() =>
    queries
      .update(sessions)
      .set({ revokedAt: sql`${v("now")}` })
      .where(and(eq(sessions.userNumericId, v("user")), isLive, ne(sessions.id, v("kept"))))
      .returning({ id: sessions.id }),
  )
  const revoke = statement(() =>
    queries
      .update(sessions)
      .set({ revokedAt: sql`${v("now")}` })
      .where(and(eq(sessions.id, v("id")), isNull(sessions.revokedAt)))
      .returning({ id: sessions.id }),
  )
  const touch = statement(() =>
    queries
      .update(sessions)
      .set({ lastUsedAt: sql`${v("now")}`, expiresAt: sql`${v("expiresAt")}` })
      .where(and(eq(sessions.id, v("id")), isLive))
      .returning({ id: sessions.id }),
  )
  const dropTokens = statement(() =>
    queries
      .delete(refreshTokens)
      .where(eq(refreshTokens.sessionId, v("id")))
      .returning({ sessionId: refreshTokens.sessionId }),
  )
  const findToken = statement(() =>
    queries
      .select({ sessionId: refreshTokens.sessionId, usedAt: refreshTokens.usedAt })
      .from(refreshTokens)
      .where(eq(refreshTokens.hash, v("hash"))),
  )
  const useToken = statement(() =>
    queries
      .update(refreshTokens)
      .set({ usedAt: sql`${v("now")}` })
      .where(eq(refreshTokens.hash, v("hash")))
      .returning({ sessionId: refreshTokens.sessionId }),
  )

  return {
    *insert({ refreshTokenHash, ...session }: NewSession): Script<void> {
      yield* insert.first(session)
      if (refreshTokenHash === null) return
      yield* insertToken.first({
        hash: refreshTokenHash,
        sessionId: session.id,
        createdAt: session.createdAt,
      })
    },
    /** The user whose session this is, if it is neither revoked nor expired nor theirs disabled. */
    findUser: (id: SessionId, now: Instant): Script<User | null> => userOfLive.first({ id, now }),
    list: (
      user: UserNumericId,
      now: Instant,
      page: Page = WHOLE_LIST,
    ): Script<readonly Session[]> => list.all({ user, now, ...page }),
    /** Ends a user's sessions but the one that is kept; null: all. Answers which. */
    *revokeOthers(
      user: UserNumericId,
      kept: SessionId | null,
      now: Instant,
    ): Script<readonly SessionId[]> {
      const rows = yield* revokeOthers.all({ user, kept: kept ?? "", now })
      return rows.map(({ id }) => id)
    },
    /** Ends all of a user's, and forgets from where they came. */
    *deleteAll(user: UserNumericId): Script<void> {
      yield* deleteAll.all({ user })
    },
    /** False: it had ended already. Its refresh tokens go with it. */
    *revoke(id: SessionId, now: Instant): Script<boolean> {
      yield* dropTokens.all({ id })
      return (yield* revoke.first({ id, now })) !== null
    },
    *findRefreshToken(hash: string): Script<PresentedToken | null> {
      const row = yield* findToken.first({ hash })
      return row === null ? null : { sessionId: row.sessionId, wasUsed: row.usedAt !== null }
    },
    /** Exchanges one refresh token for the next and prolongs the session. */
    *rotateRefreshToken(rotation: {
      sessionId: SessionId
      usedHash: string
      nextHash: string
      now: Instant
      expiresAt: Instant
    }): Script<void> {
      yield* useToken.first({ hash: rotation.usedHash, now: rotation.now })
      yield* insertToken.first({
        hash: rotation.nextHash,
        sessionId: rotation.sessionId,
        createdAt: rotation.now,
      })
      yield* touch.first({
        id: rotation.sessionId,
        now: rotation.now,
        expiresAt: rotation.expiresAt,
      })
    },
  }
}
