import { type Claim, isNamed, numberOf } from "../protocol/claims"
import type { Actor, User } from "../protocol/entities"
import { ChatError, nameTaken } from "../protocol/errors"
import {
  asUserId,
  asUserNumericId,
  type Instant,
  ROOM_ID_PATTERN,
  type UserId,
  type UserNumericId,
} from "../protocol/ids"
import { Username } from "../protocol/requests"
import type { FoundClaim, Script, Store } from "../store"
import type { NewAccount } from "./new-account"

export interface ClaimsDeps {
  readonly store: Store
  /** `CHAT_TRUST_CLIENT_IDS`: who comes without credentials is who they say. */
  readonly trustsClaims: boolean
  /** Users made by claims, of everybody together: nobody in particular can be counted. */
  readonly makings: { take(key: string): void; giveBack(key: string): void }
  readonly now: () => Instant
  readonly newId: () => string
}

export interface ClaimOptions {
  /** Where the claim stands, to be named where it is refused. */
  readonly field?: string
}

/** Ids of users made later come after the highest one, and must keep room in 32 bits. */
const CLAIMED_NUMBER_MAX = 999_999_999

/** Who reads without saying who they are, where nobody has to. */
const VISITOR = "visitor"

/** Among 2^32 made names, so many tries fail only if something else is wrong. */
const NAME_TRIES_MAX = 10

type Wish = { readonly id: UserId } | { readonly numericId: UserNumericId }

/**
 * Ids by which clients of some protocols say who they are. They are never credentials: whoever
 * has some must name themselves. Where claims are trusted, whoever has none is the user they
 * name, if that user was made by a claim and nothing else leads to them.
 */
export function createClaims(deps: ClaimsDeps) {
  const { store, trustsClaims, makings, now, newId } = deps

  /**
   * Who it is, of whom credentials (null: there are none) and a claim are known.
   * Errors: `forbidden` for another user's id; without credentials `unauthorized` where claims
   * are not trusted or the user has ended, `invalid_request` for what can be nobody's id,
   * `rate_limited`.
   */
  async function checkClaim(
    actor: Actor | null,
    claim: Claim,
    { field = "user_id" }: ClaimOptions = {},
  ): Promise<Actor> {
    if (actor !== null) {
      if (isNamed(actor.user, claim)) return actor
      throw new ChatError("forbidden", { detail: `${field} is another user's id` })
    }
    if (!trustsClaims) throw new ChatError("unauthorized")
    const number = numberOf(claim)
    if (number !== null) {
      const wish = { numericId: asUserNumericId(number) }
      return become(() => store.claimedUsers.findByNumber(wish.numericId), { wish, field })
    }
    const id = asUserId(String(claim))
    if (!ROOM_ID_PATTERN.test(id)) {
      throw wrongClaim(field, "must be a number, or 1 to 100 letters, digits or _ - .")
    }
    return become(() => findNamed(id), { wish: { id }, field })
  }

  /**
   * Who has neither credentials nor a claim: all of them are one user, `visitor`.
   * Errors: as of `checkClaim`.
   */
  async function identifyVisitor(): Promise<Actor> {
    if (!trustsClaims) throw new ChatError("unauthorized")
    const id = asUserId(VISITOR)
    // By their id alone: somebody may have registered by this name.
    return become(() => store.claimedUsers.find(id), { wish: { id }, field: VISITOR })
  }

  /** Read first: a user who is there costs no write. Then both again, in one transaction. */
  async function become(
    find: () => Script<FoundClaim | null>,
    { wish, field }: { readonly wish: Wish; readonly field: string },
  ): Promise<Actor> {
    const known = await store.read(find())
    if (known !== null) return asActor(accept(known))
    if ("numericId" in wish && !(wish.numericId >= 1 && wish.numericId <= CLAIMED_NUMBER_MAX)) {
      throw wrongClaim(field, `must be a number from 1 to ${CLAIMED_NUMBER_MAX}`)
    }
    const user = await writeMaking(function* (count) {
      const knownNow = yield* find()
      if (knownNow !== null) return accept(knownNow)
      count()
      return yield* make(wish)
    })
    return asActor(user)
  }

  function* findNamed(id: UserId): Script<FoundClaim | null> {
    const { claimedUsers } = store
    return (yield* claimedUsers.find(id)) ?? (yield* claimedUsers.findByUsername(id))
  }

  /** Its script may run more than once, and its commit may fail: what is made is counted, once. */
  async function writeMaking(script: (count: () => void) => Script<User>): Promise<User> {
    let isCounted = false
    function count(): void {
      makings.take("all")
      isCounted = true
    }
    function giveBack(): void {
      if (isCounted) makings.giveBack("all")
      isCounted = false
    }
    try {
      return await store.write(function* () {
        giveBack()
        return { result: yield* script(count), events: [] }
      })
    } catch (error) {
      giveBack()
      throw error
    }
  }

  function* make(wish: Wish): Script<User> {
    const instant = now()
    const made = yield* store.claimedUsers.insert({
      id: "id" in wish ? wish.id : asUserId(newId()),
      numericId: "id" in wish ? null : wish.numericId,
      // Their number may come of this very step, so they are called by it in the next.
      username: newId(),
      displayName: null,
      createdAt: instant,
    })
    const username = yield* freeName([
      ...("id" in wish && Username.safeParse(wish.id).success ? [wish.id] : []),
      `user-${made.numericId}`,
    ])
    const { numericId, displayName, avatarUrl, email } = made
    const profile = { username, displayName, avatarUrl, email, now: instant }
    return yield* store.users.updateProfile(numericId, profile)
  }

  function* freeName(wishes: readonly string[]): Script<string> {
    for (const wish of wishes) if (yield* isNameFree(wish)) return wish
    for (let tries = 0; tries < NAME_TRIES_MAX; tries++) {
      // The end of such an id is random.
      const name = `${wishes.at(-1)}-${newId().slice(-8)}`
      if (yield* isNameFree(name)) return name
    }
    throw new Error("no free username was found")
  }

  function* isNameFree(username: string): Script<boolean> {
    return (yield* store.users.findTaken(username, null)) === null
  }

  /**
   * Makes a user whom anybody can claim to be; where claims are trusted, everybody may.
   * Errors: `forbidden` elsewhere, and for what would lead to the user besides; `conflict`,
   * `rate_limited`.
   */
  async function addUser({ username, displayName, ...rest }: NewAccount): Promise<User> {
    if (!trustsClaims) {
      throw new ChatError("forbidden", { detail: "accounts are made by admins, or registered" })
    }
    if (rest.password !== null || rest.email !== null) {
      throw new ChatError("forbidden", {
        detail: "accounts with a password or an e-mail address are made by admins, or registered",
      })
    }
    return writeMaking(function* (count) {
      const taken = yield* store.users.findTaken(username, null)
      if (taken !== null) throw nameTaken(taken)
      count()
      const user = { username, displayName, id: asUserId(newId()), numericId: null }
      return yield* store.claimedUsers.insert({ ...user, createdAt: now() })
    })
  }

  return { trustsClaims, checkClaim, identifyVisitor, addUser }
}

export type Claims = ReturnType<typeof createClaims>

const wrongClaim = (field: string, message: string): ChatError =>
  new ChatError("invalid_request", { problems: [{ path: field, message }] })

/** Errors: `unauthorized` for who has ended, `forbidden` for who comes by something better. */
function accept({ user, isDeleted, isClaimable }: FoundClaim): User {
  if (isDeleted || user.disabledAt !== null) {
    throw new ChatError("unauthorized", { detail: "this account is disabled or has ended" })
  }
  if (isClaimable) return user
  throw new ChatError("forbidden", { detail: "only who has credentials can be this user" })
}

const asActor = (user: User): Actor => ({ user, via: { type: "claim" } })
