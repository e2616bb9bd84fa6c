import type { Actor, Profile, Room, User } from "../protocol/entities"
import { ChatError, nameTaken } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { RoomNumericId, UserId, UserNumericId } from "../protocol/ids"
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

interface ChangedProfile {
  readonly after: User
  readonly isChanged: boolean
  /** The rooms behind this one are still to be told. */
  readonly further: RoomNumericId | null
}

/** Leaving a room takes some steps, and whoever writes to one waits for them all. */
const ROOMS_LEFT_PER_WRITE = 8

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
    const { after, isChanged, further } = await store.write(() => changeProfile(user, change))
    await store.touchFurther(after, further)
    if (!isChanged) changes.giveBack(user.numericId)
    return after
  }

  function* changeProfile(
    { numericId }: Profile,
    change: ProfileChange,
  ): Script<Written<ChangedProfile>> {
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
    if (isSame) return { result: { after: user, isChanged: false, further: null }, events: [] }
    const taken = yield* store.users.findTaken(username, email, numericId)
    if (taken !== null) throw nameTaken(taken)
    const after = yield* store.users.updateProfile(numericId, { ...next, now: now() })
    // First what remembers the user learns of it, then every room in which they are shown.
    const { events, next: further } = yield* store.touchMemberships(after)
    return {
      result: { after, isChanged: true, further },
      events: [{ type: "user.updated", user: after }, ...events],
    }
  }

  /**
   * Ends the account for good. What the user wrote stays in its place, by nobody in particular;
   * names and addresses are free again; log-ins and keys end, and every membership.
   * Errors: `forbidden` for a key, which could take revenge for its owner.
   */
  async function deleteAccount({ user, via }: Actor): Promise<void> {
    if (via.type === "key") {
      throw new ChatError("forbidden", { detail: "a key cannot end an account" })
    }
    let isEnded = false
    while (!isEnded) isEnded = await store.write(() => endAccount(user.numericId))
  }

  /**
   * False: the user has left some rooms, and is in too many yet for the end of the account to take
   * all with it. Where a further write fails, trying again does the rest.
   */
  function* endAccount(user: UserNumericId): Script<Written<boolean>> {
    const some = yield* store.members.roomsOf(user, ROOMS_LEFT_PER_WRITE + 1)
    if (some.length > ROOMS_LEFT_PER_WRITE) {
      return { result: false, events: yield* leave(user, some.slice(0, ROOMS_LEFT_PER_WRITE)) }
    }
    const instant = now()
    const nobody = yield* store.users.anonymise(user, instant)
    yield* store.sessions.deleteAll(user)
    yield* store.apiKeys.deleteAll(user)
    yield* store.scheduledMessages.deleteAll(user)
    yield* store.blocks.endAll(user)
    yield* store.bans.liftAll(user)
    yield* store.members.forgetMuteReasons(user)
    const events: BusMessage[] = [{ type: "user.updated", user: nobody }]
    events.push(...(yield* leave(user, some)).map(withEndOfAccount))
    events.push({ type: "user.disabled", user })
    return { result: true, events }
  }

  function* leave(user: UserNumericId, some: readonly Room[]): Script<BusMessage[]> {
    const events: BusMessage[] = []
    for (const room of some) {
      const member = yield* store.members.find(room.numericId, user)
      if (member !== null) events.push(...(yield* members.dismiss(room, member)).events)
    }
    return events
  }

  return { getUser, listUsers, updateProfile, deleteAccount }
}

const withEndOfAccount = (event: BusMessage): BusMessage =>
  event.type === "member.left" ? { ...event, accountEnds: true } : event

export type Users = ReturnType<typeof createUsers>
