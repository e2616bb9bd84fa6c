import type { Session, User } from "../protocol/entities"
import { ChatError, nameTaken } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import {
  asSessionId,
  type Instant,
  type RoomNumericId,
  type SessionId,
  SYSTEM_NUMERIC_ID,
  type UserNumericId,
} from "../protocol/ids"
import type { Script, Store } from "../store"
import { findClaimed } from "./find-claimed"
import { createNewAccounts, type NewAccount } from "./new-account"
import type { Passwords } from "./passwords"
import { refuseClaimed } from "./refuse-claimed"

export interface AdministrationDeps {
  readonly store: Store
  readonly passwords: Passwords
  readonly now: () => Instant
  readonly newId: () => string
}

export interface AccountWish extends NewAccount {
  readonly role: User["role"]
}

export interface AccountChanges {
  readonly role?: User["role"] | undefined
  readonly email?: string | undefined
  readonly displayName?: string | undefined
}

/** Of a session that is made and not logged in to. */
export interface SessionWish {
  readonly lengthMs: number
  readonly userAgent: string
}

/**
 * What those who run the server do with accounts. Whether somebody may is asked by whoever calls.
 * Users are named by public id, username or numeric id. Errors of all that name one:
 * `user_not_found`, and `forbidden` for the server's own user, whom nobody can be or change.
 */
export function createAdministration(deps: AdministrationDeps) {
  const { store, passwords, now, newId } = deps
  const prepareAccount = createNewAccounts(deps)

  function* findUser(claim: string): Script<User> {
    const user = yield* findClaimed(store, claim)
    if (user === null) throw new ChatError("user_not_found")
    if (user.numericId === SYSTEM_NUMERIC_ID) {
      throw new ChatError("forbidden", { detail: "nobody can be or change the server's own user" })
    }
    return user
  }

  const getUser = (claim: string): Promise<User> => store.read(findUser(claim))

  /** Newest first; `query` is what usernames begin with. */
  const listUsers = (page: { readonly query: string | undefined; readonly limit: number }) =>
    store.read(store.users.list({ ...page, before: Number.MAX_SAFE_INTEGER }))

  /** Errors: `conflict`. */
  async function addUser(wish: AccountWish): Promise<User> {
    const insertUser = await prepareAccount(wish)
    return store.write(function* () {
      const user = yield* insertUser()
      if (wish.role === user.role) return { result: user, events: [] }
      const result = yield* store.accountChanges.setRole(user.numericId, wish.role, now())
      return { result: found(result), events: [] }
    })
  }

  /**
   * Open connections go on as the user who they now are. Errors: `conflict`; `forbidden` for an
   * admin whom anybody could claim to be.
   */
  async function changeUser(claim: string, wish: AccountChanges): Promise<User> {
    const { changed: result, next: further } = await store.write(function* () {
      const user = yield* findUser(claim)
      if (wish.role === "admin") yield* refuseClaimed(store, user.numericId)
      const events: BusMessage[] = []
      let changed = user
      let next: RoomNumericId | null = null
      const { email = user.email, displayName = user.displayName } = wish
      if (email !== user.email || displayName !== user.displayName) {
        const { numericId, username, avatarUrl } = user
        const taken = yield* store.users.findTaken(username, email, numericId)
        if (taken !== null) throw nameTaken(taken)
        const profile = { username, displayName, avatarUrl, email, now: now() }
        changed = yield* store.users.updateProfile(numericId, profile)
        const touched = yield* store.touchMemberships(changed)
        events.push(...touched.events)
        next = touched.next
      }
      if (wish.role === "user" && user.role === "admin") {
        // What they gave their keys as an admin is no longer theirs to give.
        yield* store.apiKeys.clearScopes(user.numericId)
      }
      if (wish.role !== undefined) {
        changed = found(yield* store.accountChanges.setRole(user.numericId, wish.role, now()))
      }
      return {
        result: { changed, next },
        events: [{ type: "user.updated", user: changed }, ...events],
      }
    })
    await store.touchFurther(result, further)
    return result
  }

  /**
   * Sockets close; log-ins, sessions and keys are refused for as long as it lasts. Told again where
   * it is so: whoever tries again may not know that it was told.
   */
  const disableUser = (claim: string): Promise<User> =>
    store.write(function* () {
      const user = yield* findUser(claim)
      const { numericId } = user
      const result =
        user.disabledAt === null
          ? found(yield* store.accountChanges.setDisabledAt(numericId, now(), now()))
          : user
      return { result, events: [{ type: "user.disabled", user: numericId }] }
    })

  /** Sessions and keys that have not ended meanwhile are good again. */
  const enableUser = (claim: string): Promise<User> =>
    store.write(function* () {
      const { numericId } = yield* findUser(claim)
      const user = found(yield* store.accountChanges.setDisabledAt(numericId, null, now()))
      return { result: user, events: [{ type: "user.updated", user }] }
    })

  /** Ends all sessions of the user: whoever knew the old password is out. Errors: `forbidden`. */
  async function setPassword(claim: string, password: string): Promise<User> {
    await getUser(claim)
    const hash = await passwords.hash(password)
    return store.write(function* () {
      const { numericId } = yield* findUser(claim)
      yield* refuseClaimed(store, numericId)
      const result = yield* store.accountChanges.setPasswordHash(numericId, hash, now())
      if (result === null) {
        throw new ChatError("forbidden", { detail: "this user logs in elsewhere, not here" })
      }
      return { result, events: yield* endAllSessions(numericId) }
    })
  }

  /** How many there were. API keys stay. */
  const endSessions = (claim: string): Promise<number> =>
    store.write(function* () {
      const events = yield* endAllSessions((yield* findUser(claim)).numericId)
      return { result: events.length, events }
    })

  function* endAllSessions(user: UserNumericId): Script<BusMessage[]> {
    const ended = yield* store.sessions.revokeOthers(user, null, now())
    return ended.map((sessionId) => ({ type: "session.revoked", sessionId }))
  }

  /** Ends one session, whosever it is. Errors: `not_found`. */
  const endSession = (sessionId: SessionId): Promise<void> =>
    store.write(function* () {
      if (!(yield* store.sessions.revoke(sessionId, now()))) {
        throw new ChatError("not_found", { detail: "there is no such session" })
      }
      return { result: undefined, events: [{ type: "session.revoked", sessionId }] }
    })

  /** A session without a log-in, which cannot be prolonged. Errors: `forbidden` if disabled. */
  const openSession = (claim: string, { lengthMs, userAgent }: SessionWish) =>
    store.write(function* () {
      const user = yield* findUser(claim)
      if (user.disabledAt !== null) {
        throw new ChatError("forbidden", { detail: "this account is disabled" })
      }
      const createdAt = now()
      const session = {
        id: asSessionId(newId()),
        userNumericId: user.numericId,
        createdAt,
        expiresAt: createdAt + lengthMs,
        userAgent,
        address: null,
      }
      yield* store.sessions.insert({ ...session, refreshTokenHash: null })
      return { result: { user, ...session }, events: [] }
    })

  const listSessions = ({ numericId }: User): Promise<readonly Session[]> =>
    store.read(store.sessions.list(numericId, now()))

  return {
    getUser,
    listUsers,
    addUser,
    changeUser,
    disableUser,
    enableUser,
    setPassword,
    endSession,
    endSessions,
    openSession,
    listSessions,
  }
}

export type Administration = ReturnType<typeof createAdministration>

/** A user who was there a step ago, in the same transaction. */
function found(user: User | null): User {
  if (user === null) throw new ChatError("user_not_found")
  return user
}
