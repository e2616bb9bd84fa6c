import type { User } from "../../protocol/entities"
import { asUserId, type Instant } from "../../protocol/ids"
import type { Script, Store } from "../../store"
import { createAlive } from "../alive"
import type { ExternalProfile } from "./profile"
import type { ExternalClaims } from "./tokens"

export interface ExternalUsersDeps {
  readonly store: Store
  readonly issuer: string
  readonly now: () => Instant
  readonly newId: () => string
}

/** Among 2^32 made names, so many tries fail only if something else is wrong. */
const NAME_TRIES_MAX = 10

/** The users of the app: `(issuer, subject)` is who they are, and nothing else of a token. */
export function createExternalUsers({ store, issuer, now, newId }: ExternalUsersDeps) {
  const alive = createAlive({ find, now })

  /** The user, made at first sight. Null: disabled, or the account was ended. */
  async function findOrMake({ subject, profile }: ExternalClaims): Promise<User | null> {
    const known = await alive.lookUp(subject)
    const user = known ?? (await store.write(() => makeOnce(subject, profile)))
    return user === null || user.disabledAt !== null ? null : user
  }

  async function find(subject: string): Promise<User | null> {
    return store.read(store.identities.find(issuer, subject))
  }

  /** In one transaction: of two first sights the second finds the user of the first. */
  function* makeOnce(subject: string, profile: ExternalProfile) {
    const known = yield* store.identities.find(issuer, subject)
    if (known === null && (yield* store.identities.isEnded(issuer, subject))) {
      return { result: null, events: [] }
    }
    const result = known ?? (yield* make(subject, profile))
    return { result, events: [] }
  }

  function* make(subject: string, profile: ExternalProfile): Script<User | null> {
    const { displayName, avatarUrl, email } = profile
    const username = yield* freeName(profile.usernames)
    // An address that somebody has stays theirs: it never makes two users one.
    const isEmailTaken = (yield* store.users.findTaken(username, email)) !== null
    return yield* store.identities.insert({
      id: asUserId(newId()),
      issuer,
      subject,
      username,
      displayName,
      avatarUrl,
      email: isEmailTaken ? null : email,
      createdAt: now(),
    })
  }

  function* freeName(wishes: readonly string[]): Script<string> {
    for (const wish of wishes) if (yield* isNameFree(wish)) return wish
    for (let tries = 0; tries < NAME_TRIES_MAX; tries++) {
      // The end of such an id is random.
      const name = `user-${newId().slice(-8)}`
      if (yield* isNameFree(name)) return name
    }
    throw new Error("no free username was found")
  }

  function* isNameFree(username: string): Script<boolean> {
    return (yield* store.users.findTaken(username, null)) === null
  }

  return { findOrMake, forget: alive.forgetAll }
}

export type ExternalUsers = ReturnType<typeof createExternalUsers>
