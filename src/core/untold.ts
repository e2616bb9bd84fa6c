import type { Tellers, Untold } from "../cluster/presence"
import type { PresenceStatus, Profile, Room } from "../protocol/entities"
import type { RoomRef } from "../protocol/events"
import type { Instant, RoomNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { ChatDeps } from "./deps"
import type { Typing } from "./typing"

interface UntoldDeps extends Pick<ChatDeps, "store" | "presence" | "publish" | "now" | "newId"> {
  readonly typing: Pick<Typing, "stop">
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

/** What is read to tell of some users: the rooms that they share, and those that they were in. */
interface Places {
  readonly shared: ReadonlyMap<Untold, readonly Room[]>
  readonly rooms: ReadonlyMap<RoomNumericId, RoomRef>
}

/**
 * Tells for a node that cannot, because it is lost, what it would have told: of some users at a
 * time, with one read and one write for all of them. Nothing here rejects.
 */
export function createUntold(deps: UntoldDeps): Pick<Tellers, "gone" | "back"> {
  const { store, presence, publish, typing, now, newId, inBackground } = deps

  /** Their rooms first, as of everybody who goes. */
  async function tellGone(people: readonly Untold[]): Promise<void> {
    const lastSeenAt = now()
    const isGone = (it: Untold) => it.isWhole && presence.statusOf(it.user.numericId) === "offline"
    try {
      await noteLastSeen(people.filter(isGone), lastSeenAt)
    } finally {
      // Told also where it cannot be stored, of those who have not come back meanwhile.
      const { shared, rooms } = await readPlaces(people)
      for (const it of people) {
        for (const number of it.rooms) tellExited(it.user, rooms.get(number))
        if (!isGone(it)) continue
        publish({ type: "user.offline", user: it.user, at: lastSeenAt })
        tellStatus(it.user, shared.get(it) ?? [], { status: "offline", lastSeenAt })
      }
    }
  }

  async function tellBack(people: readonly Untold[]): Promise<void> {
    const { shared, rooms } = await readPlaces(people)
    for (const it of people) {
      const status = presence.statusOf(it.user.numericId)
      if (it.isWhole && status !== "offline") {
        publish({ type: "user.online", user: it.user, at: now() })
        tellStatus(it.user, shared.get(it) ?? [], { status, lastSeenAt: null })
      }
      for (const number of it.rooms) tellEntered(it.user, rooms.get(number))
    }
  }

  async function noteLastSeen(people: readonly Untold[], lastSeenAt: Instant): Promise<void> {
    if (people.length === 0) return
    await store.write(function* () {
      for (const { user } of people) yield* store.users.setLastSeen(user.numericId, lastSeenAt)
      return { result: undefined, events: [] }
    })
  }

  const readPlaces = (people: readonly Untold[]): Promise<Places> =>
    store.read(
      (function* () {
        const shared = new Map<Untold, readonly Room[]>()
        const rooms = new Map<RoomNumericId, RoomRef>()
        for (const it of people) {
          if (it.isWhole) {
            const mine = store.members.roomsOf(it.user.numericId, LIMITS.presenceRoomsMax)
            shared.set(it, yield* mine)
          }
          for (const number of it.rooms) {
            const room = rooms.has(number) ? null : yield* store.rooms.findByNumber(number)
            if (room !== null && room.deletedAt === null) {
              rooms.set(number, { id: room.id, numericId: number })
            }
          }
        }
        return { shared, rooms }
      })(),
    )

  function tellExited(user: Profile, room: RoomRef | undefined): void {
    if (room === undefined || presence.isIn(room.numericId, user.numericId)) return
    typing.stop(room.id, user)
    publish({ type: "room.exited", room, user, at: now(), noticeId: newId() })
  }

  function tellEntered(user: Profile, room: RoomRef | undefined): void {
    if (room === undefined || !presence.isIn(room.numericId, user.numericId)) return
    publish({ type: "room.entered", room, user, at: now(), noticeId: newId() })
  }

  /** Large rooms are left out, as of everybody who comes and goes. */
  function tellStatus(
    user: Profile,
    shared: readonly Room[],
    told: { readonly status: PresenceStatus; readonly lastSeenAt: Instant | null },
  ): void {
    for (const room of shared) {
      const audience = presence.countIn(room.numericId)
      if (audience === 0 || audience > LIMITS.presenceAudienceMax) continue
      publish({ type: "presence", room, user, ...told })
    }
  }

  /** Resolves when it has been told, or has failed and been logged. */
  async function carryOut(task: Promise<void>, name: string): Promise<void> {
    inBackground(task, name)
    await Promise.allSettled([task])
  }

  return {
    gone: (people) => carryOut(tellGone(people), "tell who was on a lost node"),
    back: (people) => carryOut(tellBack(people), "tell who is back with their node"),
  }
}
