import { type Actor, type Page, type Session, type User, WHOLE_LIST } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { asSessionId, type Instant, type SessionId } from "../protocol/ids"
import type { Script, Store, Written } from "../store"
import { createDoubtfulRefreshes } from "./doubtful-refreshes"
import { hashSecret, newSecret } from "./secrets"
import type { Tokens } from "./tokens"

export interface SessionsDeps {
  readonly store: Store
  readonly tokens: Tokens
  readonly refreshTokenMs: number
  readonly now: () => Instant
  readonly newId: () => string
}

/** Where a log-in comes from, kept to be shown in the list of sessions. */
export interface LoginOrigin {
  readonly userAgent: string | null
  readonly address: string | null
}

export interface TokenPair {
  readonly accessToken: string
  readonly expiresInSeconds: number
  readonly refreshToken: string
  readonly user: User
}

export interface BegunSession {
  readonly user: User
  readonly id: SessionId
  readonly refreshToken: string
}

const USER_AGENT_CHARS_MAX = 200

/** Log-ins: how they begin, go on and end. */
export function createSessions(deps: SessionsDeps) {
  const { store, tokens, refreshTokenMs, now, newId } = deps
  const doubtful = createDoubtfulRefreshes(now)

  /** Stores a session, in the transaction that has decided that there may be one. */
  function* begin(user: User, origin: LoginOrigin): Script<BegunSession> {
    const refreshToken = newSecret("prt")
    const id = asSessionId(newId())
    const createdAt = now()
    yield* store.sessions.insert({
      id,
      userNumericId: user.numericId,
      createdAt,
      expiresAt: createdAt + refreshTokenMs,
      userAgent: origin.userAgent?.slice(0, USER_AGENT_CHARS_MAX) ?? null,
      address: origin.address,
      refreshTokenHash: hashSecret(refreshToken),
    })
    return { user, id, refreshToken }
  }

  /** The tokens of a session that is stored. */
  async function issue({ user, id, refreshToken }: BegunSession): Promise<TokenPair> {
    const { token, expiresInSeconds } = await tokens.issue(user.id, id)
    return { accessToken: token, expiresInSeconds, refreshToken, user }
  }

  /**
   * Exchanges a refresh token for the next one. A token that was used before is a copy in other
   * hands, or the thief was first: either way the whole session ends. But for one that this server
   * used itself and could not say so, for the database did not answer: nobody was given the next
   * one, so that one is exchanged in its place, once. Errors: `unauthorized`.
   */
  async function refresh(refreshToken: string): Promise<TokenPair> {
    const usedHash = hashSecret(refreshToken)
    const nextToken = newSecret("prt")
    const outcome = await exchange(usedHash, hashSecret(nextToken))
    if (outcome === null) {
      throw new ChatError("unauthorized", { detail: "the refresh token is not valid" })
    }
    return issue({ user: outcome.user, id: outcome.sessionId, refreshToken: nextToken })
  }

  async function exchange(usedHash: string, nextHash: string) {
    try {
      const exchanged = await store.write(() => rotate(usedHash, nextHash))
      doubtful.forget(usedHash)
      return exchanged
    } catch (error) {
      const isUnknown = error instanceof ChatError && error.code === "overloaded"
      if (isUnknown) doubtful.note(usedHash, nextHash)
      throw error
    }
  }

  function* rotate(
    usedHash: string,
    nextHash: string,
  ): Script<Written<{ readonly user: User; readonly sessionId: SessionId } | null>> {
    const presented = yield* store.sessions.findRefreshToken(usedHash)
    if (presented === null) return { result: null, events: [] }
    const { sessionId } = presented
    const instant = now()
    const goodHash = presented.wasUsed ? yield* findNeverGiven(usedHash) : usedHash
    if (goodHash === null) {
      yield* store.sessions.revoke(sessionId, instant)
      return { result: null, events: [{ type: "session.revoked", sessionId }] }
    }
    const user = yield* store.sessions.findUser(sessionId, instant)
    if (user === null) return { result: null, events: [] }
    yield* store.sessions.rotateRefreshToken({
      sessionId,
      usedHash: goodHash,
      nextHash,
      now: instant,
      expiresAt: instant + refreshTokenMs,
    })
    return { result: { user, sessionId }, events: [] }
  }

  /** The next token of a try whose outcome is unknown: of several tries at most one is good. */
  function* findNeverGiven(usedHash: string): Script<string | null> {
    for (const hash of doubtful.find(usedHash)) {
      const next = yield* store.sessions.findRefreshToken(hash)
      if (next !== null && !next.wasUsed) return hash
    }
    return null
  }

  /**
   * Ends the session that the actor came by: its tokens, its refresh tokens, its sockets.
   * Errors: `forbidden` for who came by something else.
   */
  async function logout({ via }: Actor): Promise<void> {
    if (via.type !== "session") {
      throw new ChatError("forbidden", { detail: "only a session can log out" })
    }
    await store.write(() => endSession(via.sessionId))
  }

  /** Told again where it had ended: whoever tries again may not know that it was told. */
  function* endSession(sessionId: SessionId) {
    yield* store.sessions.revoke(sessionId, now())
    const events: BusMessage[] = [{ type: "session.revoked", sessionId }]
    return { result: undefined, events }
  }

  const listSessions = ({ user }: Actor, page: Page = WHOLE_LIST): Promise<readonly Session[]> =>
    store.read(store.sessions.list(user.numericId, now(), page))

  /** Ends one of the actor's own sessions. Errors: `not_found`. */
  async function endOwnSession({ user }: Actor, id: SessionId): Promise<void> {
    await store.write(function* () {
      const mine = yield* store.sessions.list(user.numericId, now())
      if (!mine.some((session) => session.id === id)) throw new ChatError("not_found")
      return yield* endSession(id)
    })
  }

  return { begin, issue, refresh, logout, listSessions, endOwnSession }
}

export type Sessions = ReturnType<typeof createSessions>
