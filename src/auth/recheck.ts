import type { Actor, User } from "../protocol/entities"
import type { BusMessage } from "../protocol/events"
import type { Instant, KeyId, SessionId, UserNumericId } from "../protocol/ids"
import type { Script, Store } from "../store"

export interface RecheckDeps {
  readonly store: Store
  /** Those of all open connections. */
  readonly actors: () => Iterable<Actor>
  readonly publish: (message: BusMessage) => void
  /** How often rights have ended or users have changed, as connections were told. */
  readonly changes: () => number
  readonly now: () => Instant
}

/** So many take a moment to read; then others have their turn. */
const CHECKED_PER_TURN = 200

/** So often what is read is read again because something was told meanwhile. */
const READS_MAX = 10

/** What of a user an open connection acts and speaks by. */
const NOTICED = ["role", "username", "displayName", "avatarUrl", "email"] as const

/**
 * Looks again at the rights by which connections are open, after another process (the command
 * line) has changed the database: that process has no bus to tell us by. What has ended or changed
 * is told here as it would have been told there. Rows that were read before something else was
 * told are read again, or the older would be the last word.
 */
export function createRecheck({ store, actors, publish, changes, now }: RecheckDeps) {
  return async function recheck(): Promise<void> {
    const users = new Map<UserNumericId, User>()
    const sessions = new Map<SessionId, UserNumericId>()
    const keys = new Map<KeyId, UserNumericId>()
    for (const { user, via } of actors()) {
      users.set(user.numericId, user)
      if (via.type === "session") sessions.set(via.sessionId, user.numericId)
      if (via.type === "key") keys.set(via.keyId, user.numericId)
    }
    // Users first: whoever is disabled is told so, and not that their session has ended.
    const disabled = new Set<UserNumericId>()
    await check(users, function* ([numericId, known]) {
      const user = yield* store.users.findByNumber(numericId)
      if (user === null || user.disabledAt !== null) {
        disabled.add(numericId)
        return { type: "user.disabled", user: numericId }
      }
      const isSame = NOTICED.every((field) => user[field] === known[field])
      return isSame ? null : { type: "user.updated", user }
    })
    await check(sessions, function* ([sessionId, user]) {
      if (disabled.has(user) || (yield* store.sessions.findUser(sessionId, now())) !== null) {
        return null
      }
      return { type: "session.revoked", sessionId }
    })
    await check(keys, function* ([keyId, user]) {
      if (disabled.has(user) || (yield* store.apiKeys.findOwner(keyId, now())) !== null) {
        return null
      }
      return { type: "key.revoked", keyId }
    })
  }

  async function check<T>(all: Iterable<T>, look: (one: T) => Script<BusMessage | null>) {
    const waiting = [...all]
    while (waiting.length > 0) {
      const some = waiting.splice(0, CHECKED_PER_TURN)
      let messages: readonly BusMessage[]
      let before: number
      let reads = 0
      do {
        before = changes()
        messages = await store.read(lookAtEach(some, look))
      } while (changes() !== before && ++reads < READS_MAX)
      for (const message of messages) publish(message)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
}

function* lookAtEach<T>(
  some: readonly T[],
  look: (one: T) => Script<BusMessage | null>,
): Script<BusMessage[]> {
  const messages: BusMessage[] = []
  for (const one of some) {
    const message = yield* look(one)
    if (message !== null) messages.push(message)
  }
  return messages
}
