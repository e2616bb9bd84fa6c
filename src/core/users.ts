import type { Actor, Profile, User } from "../protocol/entities"
import { ChatError, nameTaken } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { UserId } from "../protocol/ids"
import type { Script, Written } from "../store"
import type { ChatDeps } from "./deps"
import type { Members } from "./members"
import type { RateLimit } from "./rate-limit"

export interface UsersQuery {
  /** What usernames begin with. */
  readonly query: string | undefined
  readonly before: number
  readonly limit: number
}

/** What is undefined stays as it is. */
export interface ProfileChange {
  readonly username?: string | undefined
  readonly displayName?: string | null | undefined
  readonly avatarUrl?: string | null | undefined
  readonly email?: string | null | undefined
}

interface UsersDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly members: Members
  readonly changes: RateLimit
}

export function createUsers({ store, now, members, changes }: UsersDeps) {
  /** Errors: `user_not_found`. */
  async function getUser(id: UserId): Promise<User> {
    const user = await store.read(store.users.find(id))
    if (user === null) throw new ChatError("user_not_found")
    return user
  }

  /** Newest first. */
  const listUsers = (query: UsersQuery): Promise<readonly User[]> =>
    store.read(store.users.list(query))

  /**
   * A member is shown with their profile, so a new one is told to every room of the user.
   * What changes nothing does not count; what is refused does, or addresses could be guessed.
   * Errors: `conflict` for a name or an address that is taken, `rate_limited`.
   */
  async function updateProfile({ user }: Actor, change: ProfileChange): Promise<User> {
    changes.take(user.numericId)
    const { after, isChanged } = await store.write(() => changeProfile(user, change))
    if (!isChanged) changes.giveBack(user.numericId)
    return after
  }

  function* changeProfile(
    { numericId }: Profile,
    change: ProfileChange,
  ): Script<Written<{ readonly after: User; readonly isChanged: boolean }>> {
    const user = yield* store.users.findByNumber(numericId)
    if (user === null) throw new ChatError("unauthorized")
    const next = {
      username: change.username ?? user.username,
      displayName: change.displayName === undefined ? user.displayName : change.displayName,
      avatarUrl: change.avatarUrl === undefined ? user.avatarUrl : change.avatarUrl,
      email: change.email === undefined ? user.email : change.email,
    }
    const { username, displayName, avatarUrl, email } = next
    const isSame =
      username === user.username &&
      displayName === user.displayName &&
      avatarUrl === user.avatarUrl &&
      email === user.email
    if (isSame) return { result: { after: user, isChanged: false }, events: [] }
    const taken = yield* store.users.findTaken(username, email, numericId)
    if (taken !== null) throw nameTaken(taken)
    const after = yield* store.users.updateProfile(numericId, { ...next, now: now() })
    // First what remembers the user learns of it, then every room in which they are shown.
    const events: BusMessage[] = [{ type: "user.updated", user: after }]
    events.push(...(yield* store.touchMemberships(after)))
    return { result: { after, isChanged: true }, events }
  }

  /**
   * Ends the account for good. What the user wrote stays in its place, by nobody in particular;
   * names and addresses are free again; log-ins and keys end, and every membership.
   * Errors: `forbidden` for a key, which could take revenge for its owner.
   */
  function deleteAccount({ user, via }: Actor): Promise<void> {
    if (via.type === "key") {
      return Promise.reject(new ChatError("forbidden", { detail: "a key cannot end an account" }))
    }
    return store.write(function* () {
      const instant = now()
      const nobody = yield* store.users.anonymise(user.numericId, instant)
      yield* store.sessions.deleteAll(user.numericId)
      yield* store.apiKeys.deleteAll(user.numericId)
      yield* store.blocks.endAll(user.numericId)
      yield* store.bans.liftAll(user.numericId)
      yield* store.members.forgetMuteReasons(user.numericId)
      const events: BusMessage[] = [{ type: "user.updated", user: nobody }]
      for (const room of yield* store.members.roomsOf(user.numericId, Number.MAX_SAFE_INTEGER)) {
        const member = yield* store.members.find(room.numericId, user.numericId)
        if (member === null) continue
        const { events: told } = yield* members.dismiss(room, member)
        events.push(...told.map(withEndOfAccount))
      }
      events.push({ type: "user.disabled", user: user.numericId })
      return { result: undefined, events }
    })
  }

  return { getUser, listUsers, updateProfile, deleteAccount }
}

const withEndOfAccount = (event: BusMessage): BusMessage =>
  event.type === "member.left" ? { ...event, accountEnds: true } : event

export type Users = ReturnType<typeof createUsers>
