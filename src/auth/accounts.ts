import type { Actor, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { Instant, InviteCode } from "../protocol/ids"
import type { Script, Store } from "../store"
import { networkOf } from "./address"
import type { Claims } from "./claims"
import { createNewAccounts, type NewAccount } from "./new-account"
import type { Passwords } from "./passwords"
import { hashSecret } from "./secrets"
import type { LoginOrigin, Sessions, TokenPair } from "./sessions"

export interface AccountsDeps {
  readonly store: Store
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly claims: Pick<Claims, "addUser">
  readonly registration: "open" | "invite" | "closed"
  /** Log-ins, registrations and changes of a password, by address and by account. */
  readonly attempts: { take(key: string): void }
  /** Uses an invite up, in the transaction that makes the account. Errors: `invite_not_found`. */
  readonly redeemInvite: (
    code: InviteCode,
    user: User,
  ) => Script<{ readonly events: readonly BusMessage[] }>
  readonly now: () => Instant
  readonly newId: () => string
}

export interface Registration extends NewAccount {
  readonly password: string
  readonly inviteCode: InviteCode | null
}

/** Accounts with a password. */
export function createAccounts(deps: AccountsDeps) {
  const { store, sessions, passwords, claims, registration, attempts, redeemInvite, now } = deps
  const prepareAccount = createNewAccounts(deps)

  /**
   * Counted before a password is looked at, so guessing is slow for whoever guesses. By what is
   * typed and not by whose it is: a limit that an address shared with its owner's name would tell
   * which two belong together. Registering and changing the password have budgets of their own,
   * or whoever registers a name that is taken could keep its owner from logging in. Hashed, for
   * nodes tell each other what they count, and people type passwords where names belong.
   */
  function countAttempt({ address }: LoginOrigin, what: string): void {
    attempts.take(`address ${address === null ? "unknown" : networkOf(address)}`)
    attempts.take(hashSecret(what))
  }

  /**
   * Makes an account and logs it in. An invite into a room makes a member of it, whether or not
   * registration needs one.
   * Errors: `rate_limited`, `forbidden`, `invite_not_found`, `banned`, `conflict`.
   */
  async function register(wish: Registration, origin: LoginOrigin): Promise<TokenPair> {
    const { inviteCode, username } = wish
    countAttempt(origin, `registration ${username.toLowerCase()}`)
    if (registration === "closed") {
      throw new ChatError("forbidden", { detail: "registration is closed" })
    }
    if (registration === "invite" && inviteCode === null) {
      throw new ChatError("forbidden", { detail: "registration needs an invite_code" })
    }
    if (inviteCode !== null) await refuseBadInvite(inviteCode)
    const insertUser = await prepareAccount(wish)
    // Nobody's name, so nobody is kept out by it: it is the first attempt at the new account.
    attempts.take(hashSecret(`username ${username.toLowerCase()}`))
    // All together or not at all: half of it could not be tried again.
    const begun = await store.write(function* () {
      const user = yield* insertUser()
      const events = inviteCode === null ? [] : (yield* redeemInvite(inviteCode, user)).events
      return { result: yield* sessions.begin(user, origin), events }
    })
    return sessions.issue(begun)
  }

  /** Asked before the costly hash, and again in the transaction that decides. */
  async function refuseBadInvite(code: InviteCode): Promise<void> {
    const invite = await store.read(store.invites.findGood(code, now()))
    if (invite === null) throw new ChatError("invite_not_found")
  }

  /**
   * Makes an account for somebody else. Where claims are trusted, everybody may make a user whom
   * anybody can be. Errors: `forbidden`, `conflict`; for such a user also `rate_limited`.
   */
  async function createUser(actor: Actor, wish: NewAccount): Promise<User> {
    if (!mayMakeUsers(actor)) return claims.addUser(wish)
    const insertUser = await prepareAccount(wish)
    return store.write(function* () {
      return { result: yield* insertUser(), events: [] }
    })
  }

  /** Errors: `rate_limited`; `unauthorized`, the same for a wrong name and a wrong password. */
  async function login(
    name: { readonly username: string } | { readonly email: string },
    password: string,
    origin: LoginOrigin,
  ): Promise<TokenPair> {
    const typed = "username" in name ? `username ${name.username}` : `email ${name.email}`
    countAttempt(origin, typed.toLowerCase())
    const found = await store.read(store.users.findForLogin(name))
    const isRight = await passwords.verify(password, found?.passwordHash ?? null)
    if (found === null || !isRight) {
      throw new ChatError("unauthorized", { detail: WRONG_LOGIN })
    }
    if (found.user.disabledAt !== null) {
      throw new ChatError("unauthorized", { detail: "this account is disabled" })
    }
    const begun = await store.write(function* () {
      // Looking at a password takes long: the account may have ended meanwhile, or the password
      // may have been changed, which ends all sessions that came by the old one.
      const stored = yield* store.users.findPasswordHash(found.user.numericId)
      if (stored !== found.passwordHash) {
        throw new ChatError("unauthorized", { detail: WRONG_LOGIN })
      }
      return { result: yield* sessions.begin(found.user, origin), events: [] }
    })
    return sessions.issue(begun)
  }

  /**
   * Changes the actor's own password. Every other session ends: whoever had the old one is out.
   * Keys go on, for they were never made of it.
   * Counted as a log-in: whoever took over a session must not get to guess the password by it.
   * Errors: `forbidden` where the current one is wrong, or there is none, or a key asks;
   * `rate_limited`.
   */
  async function changePassword(
    { user, via }: Actor,
    { current, next }: { readonly current: string; readonly next: string },
    origin: LoginOrigin,
  ): Promise<void> {
    if (via.type === "key") {
      throw new ChatError("forbidden", { detail: "a key cannot change its owner's password" })
    }
    countAttempt(origin, `password ${user.numericId}`)
    const stored = await store.read(store.users.findPasswordHash(user.numericId))
    if (stored === null) throw new ChatError("forbidden", { detail: "you have no password here" })
    if (!(await passwords.verify(current, stored))) {
      throw new ChatError("forbidden", { detail: "the current password is wrong" })
    }
    const passwordHash = await passwords.hash(next)
    await store.write(function* () {
      // Compared with what was verified: of two changes at once only one can be right.
      if ((yield* store.users.findPasswordHash(user.numericId)) !== stored) {
        throw new ChatError("forbidden", { detail: "the current password is wrong" })
      }
      const instant = now()
      yield* store.users.setPassword(user.numericId, passwordHash, instant)
      const kept = via.type === "session" ? via.sessionId : null
      const ended = yield* store.sessions.revokeOthers(user.numericId, kept, instant)
      return {
        result: undefined,
        events: ended.map((sessionId): BusMessage => ({ type: "session.revoked", sessionId })),
      }
    })
  }

  return { register, createUser, login, changePassword }
}

const WRONG_LOGIN = "the name or the password is wrong"

export type Accounts = ReturnType<typeof createAccounts>

function mayMakeUsers({ user, via }: Actor): boolean {
  return user.role === "admin" || (via.type === "key" && via.scopes.includes("users"))
}
