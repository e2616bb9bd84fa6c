import { and, asc, eq, gt, inArray, lt, lte, or, sql } from "drizzle-orm"
import type { Instant, SessionId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** How much one step of a purge looks at and deletes, so that nobody waits long behind it. */
const SESSIONS_PER_STEP = 100
const TOKENS_PER_STEP = 1_000

/** Sessions that ended long ago, which nobody will ask for again. */
export function createEndedSessions({ queries, schema }: Tables) {
  const { refreshTokens, sessions } = schema
  const v = sql.placeholder
  const page = statement(() =>
    queries
      .select({ id: sessions.id })
      .from(sessions)
      .where(gt(sessions.id, v("after")))
      .orderBy(asc(sessions.id))
      .limit(SESSIONS_PER_STEP),
  )
  const isEndedOnPage = and(
    gt(sessions.id, v("after")),
    lte(sessions.id, v("last")),
    or(lt(sessions.expiresAt, v("endedBefore")), lt(sessions.revokedAt, v("endedBefore"))),
  )
  const dropTokens = statement(() =>
    queries
      .delete(refreshTokens)
      .where(
        inArray(
          refreshTokens.hash,
          queries
            .select({ hash: refreshTokens.hash })
            .from(sessions)
            .innerJoin(refreshTokens, eq(refreshTokens.sessionId, sessions.id))
            .where(isEndedOnPage)
            .limit(TOKENS_PER_STEP),
        ),
      )
      .returning({ sessionId: refreshTokens.sessionId }),
  )
  const dropSessions = statement(() =>
    queries.delete(sessions).where(isEndedOnPage).returning({ id: sessions.id }),
  )

  return {
    /** The last of the next sessions after `after` (an id; "" is the start). Null: at the end. */
    *findPageEnd(after: SessionId): Script<SessionId | null> {
      return (yield* page.all({ after })).at(-1)?.id ?? null
    },
    /**
     * Deletes, of a page of sessions, those that ended before the instant, with their refresh
     * tokens. False: there is more of the same page. Walks along the ids, so that no step looks
     * through the whole table.
     */
    *purge(range: {
      readonly after: SessionId
      readonly last: SessionId
      readonly endedBefore: Instant
    }): Script<boolean> {
      // Tokens first: a session that was kept alive for a year has thousands of them.
      if ((yield* dropTokens.all(range)).length === TOKENS_PER_STEP) return false
      yield* dropSessions.all(range)
      return true
    },
  }
}
