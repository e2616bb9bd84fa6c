import type { User } from "../protocol/entities"
import { nameTaken } from "../protocol/errors"
import { asUserId, type Instant } from "../protocol/ids"
import type { Script, Store } from "../store"
import type { Passwords } from "./passwords"

export interface NewAccount {
  readonly username: string
  /** Null: nobody can log in to it; it is used by keys, tokens and gateways. */
  readonly password: string | null
  readonly email: string | null
  readonly displayName: string | null
}

export interface NewAccountDeps {
  readonly store: Store
  readonly passwords: Passwords
  readonly now: () => Instant
  readonly newId: () => string
}

/**
 * How accounts are made, by whomever: what takes long is done first, and what it answers is the
 * step of a write that then makes the account. Errors of both: `conflict`.
 */
export function createNewAccounts({ store, passwords, now, newId }: NewAccountDeps) {
  return async function prepareAccount(wish: NewAccount): Promise<() => Script<User>> {
    const { username, password, email, displayName } = wish
    const taken = await store.read(store.users.findTaken(username, email))
    if (taken !== null) throw nameTaken(taken)
    const passwordHash = password === null ? null : await passwords.hash(password)
    return function* () {
      const takenNow = yield* store.users.findTaken(username, email)
      if (takenNow !== null) throw nameTaken(takenNow)
      const profile = { id: asUserId(newId()), username, displayName, email }
      return yield* store.users.insert({ ...profile, passwordHash, createdAt: now() })
    }
  }
}
