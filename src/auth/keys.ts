import {
  type Actor,
  type ApiKey,
  type KeyScope,
  type Page,
  type User,
  WHOLE_LIST,
} from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { asKeyId, type Instant, type KeyId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Store } from "../store"
import { refuseClaimed } from "./refuse-claimed"
import { hashSecret, newSecret } from "./secrets"

export interface KeysDeps {
  readonly store: Store
  readonly now: () => Instant
  readonly newId: () => string
}

export interface KeyWish {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly expiresAt: Instant | null
}

/** API keys: secrets that stand for their owner, for programs. */
export function createKeys({ store, now, newId }: KeysDeps) {
  /** What is wrong with the request itself is told before what its sender may not do. */
  function refusePast({ expiresAt }: KeyWish): void {
    if (expiresAt === null || expiresAt > now()) return
    throw new ChatError("invalid_request", {
      problems: [{ path: "expires_at", message: "must be in the future" }],
    })
  }

  /**
   * Answers the key itself, this once.
   * Errors: `unauthorized`, `forbidden`, `invalid_request`, `conflict` where there are too many.
   */
  async function createKey(
    actor: Actor,
    wish: KeyWish,
  ): Promise<{ readonly id: KeyId; readonly key: string }> {
    refusePast(wish)
    if (actor.via.type === "key") {
      throw new ChatError("forbidden", { detail: "a key cannot make keys" })
    }
    if (actor.via.type === "claim") {
      throw new ChatError("forbidden", { detail: "keys are for those who have credentials" })
    }
    if (actor.user.role !== "admin" && wish.scopes.length > 0) {
      throw new ChatError("forbidden", { detail: "scopes are for admins to give" })
    }
    return makeKey(actor.user, wish)
  }

  /**
   * A key of this user, whatever its scopes; for those who run the server.
   * Errors: `unauthorized` for who is no more, `forbidden` for who is disabled or whom anybody
   * can claim to be,
   * `invalid_request`, `conflict` where there are too many.
   */
  async function makeKey(
    { numericId, disabledAt }: User,
    wish: KeyWish,
  ): Promise<{ readonly id: KeyId; readonly key: string }> {
    if (disabledAt !== null) {
      throw new ChatError("forbidden", { detail: "this account is disabled" })
    }
    refusePast(wish)
    const createdAt = now()
    const id = asKeyId(newId())
    const key = newSecret("prk")
    await store.write(function* () {
      // Ended while this was on its way: nothing of the user may be left behind.
      if ((yield* store.users.findByNumber(numericId)) === null) {
        throw new ChatError("unauthorized")
      }
      yield* refuseClaimed(store, numericId)
      const max = LIMITS.keysPerUserMax
      if ((yield* store.apiKeys.countGood(numericId, createdAt)) >= max) {
        throw new ChatError("conflict", { detail: `there are ${max} keys already` })
      }
      yield* store.apiKeys.insert({
        ...wish,
        id,
        userNumericId: numericId,
        hash: hashSecret(key),
        createdAt,
      })
      return { result: undefined, events: [] }
    })
    return { id, key }
  }

  const listKeys = (
    { user }: Pick<Actor, "user">,
    page: Page = WHOLE_LIST,
  ): Promise<readonly ApiKey[]> => store.read(store.apiKeys.list(user.numericId, page))

  /** Ends a key and closes its sockets. Errors: `not_found`. */
  async function endKey({ user }: Actor, keyId: KeyId): Promise<void> {
    await store.write(function* () {
      if (!(yield* store.apiKeys.revoke(keyId, user.numericId, now()))) {
        throw new ChatError("not_found")
      }
      return { result: undefined, events: [{ type: "key.revoked", keyId }] }
    })
  }

  /** Ends a key, whosever it is. Errors: `not_found`. */
  async function endAnyKey(keyId: KeyId): Promise<void> {
    await store.write(function* () {
      const owner = yield* store.apiKeys.findOwner(keyId, now())
      if (owner === null || !(yield* store.apiKeys.revoke(keyId, owner, now()))) {
        throw new ChatError("not_found", { detail: "there is no such key" })
      }
      return { result: undefined, events: [{ type: "key.revoked", keyId }] }
    })
  }

  return { createKey, makeKey, listKeys, endKey, endAnyKey }
}

export type Keys = ReturnType<typeof createKeys>
