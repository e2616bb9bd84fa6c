import type {
  Actor,
  Member,
  OnlineMember,
  PresenceStatus,
  Profile,
  Room,
  User,
} from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage, RoomPresenceEvent, RoomRef } from "../protocol/events"
import type { RoomId, UserNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import { isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import { isFull } from "./door"
import { createMending } from "./mending"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import type { Typing } from "./typing"
import { createUntold } from "./untold"

interface PresenceDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly typing: Typing
  readonly statuses: RateLimit
  /** Runs what nobody waits for, and logs it if it fails. */
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

/** Members read at a time by who looks for those of them who are online. */
const MEMBERS_PER_READ = 200

/** Coming and going: who is online, and who is in which room just now. */
export function createPresenceRules(deps: PresenceDeps) {
  const { store, presence, publish, rooms, typing, statuses, now, newId, inBackground } = deps
  /** Whose last connection is gone, for as long as they may come back unnoticed. */
  const leaving = new Map<UserNumericId, Timer>()
  let isClosed = false
  presence.tellBy({
    ...createUntold({ store, presence, typing, publish, now, newId, inBackground }),
    mend: createMending(deps),
  })

  /** A connection of this user has opened. */
  function connect({ user }: Actor): void {
    clearTimeout(leaving.get(user.numericId))
    leaving.delete(user.numericId)
    // Back within the grace, on whatever node: was never away, and nobody is told.
    if (!presence.connect(user)) return
    publish({ type: "user.online", user, at: now() })
    inBackground(tell(user, "online", null), "tell who came online")
  }

  /** A connection of this user has closed; its rooms have been left before. */
  function disconnect({ user }: Actor): void {
    if (!presence.disconnect(user.numericId) || isClosed) return
    typing.stopAll(user)
    const timer = setTimeout(() => {
      leaving.delete(user.numericId)
      if (!presence.release(user.numericId)) return
      inBackground(goOffline(user), "tell who went offline")
    }, LIMITS.offlineGraceMs)
    leaving.set(user.numericId, timer)
  }

  async function goOffline(user: User): Promise<void> {
    const lastSeenAt = now()
    try {
      await store.write(function* () {
        yield* store.users.setLastSeen(user.numericId, lastSeenAt)
        return { result: undefined, events: [] }
      })
    } finally {
      // Told also where it cannot be stored: the others would see a user who is not there.
      // Back while it was stored: "online" has been told, and must stay the last word.
      if (presence.statusOf(user.numericId) === "offline") {
        publish({ type: "user.offline", user, at: lastSeenAt })
        await tell(user, "offline", lastSeenAt)
      }
    }
  }

  async function setStatus(
    { user }: Actor,
    status: Exclude<PresenceStatus, "offline">,
  ): Promise<void> {
    if (presence.statusOf(user.numericId) === status) return
    statuses.take(user.numericId)
    presence.setStatus(user.numericId, status)
    await tell(user, status, null)
  }

  /** Tells those who share a room. Large rooms are left out: it would be quadratic. */
  async function tell(
    user: User,
    status: PresenceStatus,
    lastSeenAt: number | null,
  ): Promise<void> {
    const shared = await store.read(store.members.roomsOf(user.numericId, LIMITS.presenceRoomsMax))
    // Changed while it was read: that is told by whoever changed it, and must be the last word.
    if (presence.statusOf(user.numericId) !== status) return
    for (const room of shared) {
      const audience = presence.countIn(room.numericId)
      if (audience === 0 || audience > LIMITS.presenceAudienceMax) continue
      publish({ type: "presence", room, user, status, lastSeenAt })
    }
  }

  /**
   * The members who are online on any connection, by numeric id, at most 500 of them.
   * Errors: `room_not_found`, `banned`.
   */
  function listOnline(actor: Actor, id: RoomId): Promise<readonly OnlineMember[]> {
    return store.read(
      (function* () {
        const { room } = yield* rooms.findVisible(actor, id)
        const users = [...presence.usersOnline()]
        // Whichever are fewer are gone through: of a large room most are asleep.
        return users.length < room.memberCount
          ? yield* findMembers(room, users)
          : yield* findOnline(room)
      })(),
    )
  }

  function* findMembers(room: Room, users: UserNumericId[]): Script<readonly OnlineMember[]> {
    const found: OnlineMember[] = []
    for (const user of users.sort((one, other) => one - other)) {
      if (found.length === LIMITS.presenceAudienceMax) break
      const member = yield* store.members.find(room.numericId, user)
      if (member !== null && isCurrent(member)) found.push(...asOnline(member))
    }
    return found
  }

  function* findOnline(room: Room): Script<readonly OnlineMember[]> {
    const found: OnlineMember[] = []
    let after = -1
    while (found.length < LIMITS.presenceAudienceMax) {
      const page = yield* store.members.list(room.numericId, after, MEMBERS_PER_READ)
      found.push(...page.flatMap(asOnline))
      after = page.at(-1)?.user.numericId ?? after
      if (page.length < MEMBERS_PER_READ) break
    }
    return found.slice(0, LIMITS.presenceAudienceMax)
  }

  /** As the others were last told: who may yet come back unnoticed has not gone. */
  function asOnline({ user }: Member): readonly OnlineMember[] {
    const status = presence.statusOf(user.numericId)
    return status === "offline" ? [] : [{ user, status }]
  }

  /**
   * Whether the actor may be in the room now; asked before a connection subscribes.
   * Errors: `room_not_found`, `banned`, `room_full`.
   */
  async function openRoom(actor: Actor, id: RoomId): Promise<Room> {
    const { room } = await store.read(rooms.findVisible(actor, id))
    if (isFull(presence, room, actor.user.numericId)) throw new ChatError("room_full")
    return room
  }

  /**
   * A connection of the actor comes into the room. Those who are there are told, where it is the
   * user's first; the notice is returned for who comes, who is told of it in any case.
   */
  function enter({ id, numericId }: RoomRef, { user }: Actor): RoomPresenceEvent {
    const isFirst = presence.enter(numericId, user.numericId)
    const notice: RoomPresenceEvent = {
      type: "room.entered",
      room: { id, numericId },
      user,
      at: now(),
      noticeId: newId(),
    }
    if (isFirst) publish(notice)
    return notice
  }

  /** A connection of the actor is no longer in the room. */
  function exit({ id, numericId }: RoomRef, { user }: Actor): void {
    if (!presence.exit(numericId, user.numericId)) return
    typing.stop(id, user)
    publish({
      type: "room.exited",
      room: { id, numericId },
      user,
      at: now(),
      noticeId: newId(),
    })
  }

  /** Who is in the room just now, on any connection; the first `limit` of them. */
  const listPresent = (room: RoomRef, limit: number): readonly Profile[] =>
    presence.profilesIn(room.numericId, limit)

  /** Who is in a room just now that the user is a member of; large rooms are left out. */
  async function findCompany(user: Profile): Promise<ReadonlySet<UserNumericId>> {
    const shared = await store.read(store.members.roomsOf(user.numericId, LIMITS.presenceRoomsMax))
    const found = new Set<UserNumericId>()
    for (const { numericId } of shared) {
      if (presence.countIn(numericId) > LIMITS.presenceAudienceMax) continue
      for (const other of presence.usersIn(numericId)) found.add(other)
    }
    found.delete(user.numericId)
    return found
  }

  /** Names that change are told by their new ones. */
  function heed(message: BusMessage): void {
    if (message.type === "user.updated") presence.renew(message.user)
    else presence.heard(message)
  }

  /** The rooms that a connection which follows all of them is in. */
  const roomsOf = (actor: Actor): Promise<readonly Room[]> =>
    store.read(store.members.roomsOf(actor.user.numericId, Number.MAX_SAFE_INTEGER))

  /**
   * Ends every timer. Whoever is online here alone, or went so lately that nobody has been told,
   * was last seen now: the server that would have noted it is going.
   */
  async function close(): Promise<void> {
    isClosed = true
    const lastSeenAt = now()
    const seen = [...presence.usersOnlyHere()]
    for (const timer of leaving.values()) clearTimeout(timer)
    leaving.clear()
    if (seen.length === 0) return
    await store.write(function* () {
      for (const user of seen) yield* store.users.setLastSeen(user, lastSeenAt)
      return { result: undefined, events: [] }
    })
  }

  return {
    connect,
    disconnect,
    setStatus,
    listOnline,
    openRoom,
    isFull: (room: Room, user: UserNumericId): boolean => isFull(presence, room, user),
    enter,
    exit,
    listPresent,
    findCompany,
    countPresent: (room: RoomRef): number => presence.countIn(room.numericId),
    heed,
    roomsOf,
    close,
  }
}

export type PresenceRules = ReturnType<typeof createPresenceRules>
