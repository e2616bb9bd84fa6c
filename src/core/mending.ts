import type { ToldPerson, ToldPlace, WordsToMend } from "../cluster/presence"
import type { PresenceStatus, Room, User } from "../protocol/entities"
import type { RoomNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { ChatDeps } from "./deps"

interface MendingDeps extends Pick<ChatDeps, "store" | "presence" | "tellHere" | "now" | "newId"> {
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

/** What is read of a user to tell of them: as they are now, and the rooms that they share. */
interface Known {
  readonly told: ToldPerson
  readonly user: User
  readonly shared: readonly Room[]
}

/**
 * Tells those who watch on this node how it is with users of whom they were told otherwise, or
 * should have been told something: events of other nodes were lost. By the rules of every coming
 * and going, but to nobody else, as each node does it for itself; and nothing that was told.
 */
export function createMending(deps: MendingDeps) {
  const { store, presence, tellHere, now, newId, inBackground } = deps

  async function mend(words: WordsToMend): Promise<void> {
    const { people, rooms } = await store.read(readAll(words))
    // Exits first and entries last, as of everybody who goes and comes.
    for (const place of words.places) tellPlace(place, rooms.get(place.room), false)
    for (const known of people) tellPerson(known)
    for (const place of words.places) tellPlace(place, rooms.get(place.room), true)
  }

  function* readAll({ people, places }: WordsToMend) {
    const known: Known[] = []
    for (const told of people) {
      const { numericId } = told.profile
      const user = yield* store.users.findByNumber(numericId)
      if (user === null) continue
      const shared = yield* store.members.roomsOf(numericId, LIMITS.presenceRoomsMax)
      known.push({ told, user, shared })
    }
    const rooms = new Map<RoomNumericId, Room | null>()
    for (const { room } of places) {
      if (!rooms.has(room)) rooms.set(room, yield* store.rooms.findByNumber(room))
    }
    return { people: known, rooms }
  }

  function tellPerson({ told, user, shared }: Known): void {
    const status = presence.statusOf(user.numericId)
    const isOnline = status !== "offline"
    if ((told.isToldOnline ?? told.before !== "offline") !== isOnline) {
      tellHere({ type: isOnline ? "user.online" : "user.offline", user, at: now() })
    }
    for (const room of shared) tellStatus({ told, user, room, status })
  }

  /** Large rooms are left out, as of everybody who comes and goes. */
  function tellStatus({ told, user, room, status }: Saying): void {
    if ((told.rooms.get(room.numericId) ?? told.before) === status) return
    const audience = presence.countIn(room.numericId)
    if (audience === 0 || audience > LIMITS.presenceAudienceMax) return
    const lastSeenAt = status === "offline" ? user.lastSeenAt : null
    tellHere({ type: "presence", room, user, status, lastSeenAt })
  }

  function tellPlace(place: ToldPlace, room: Room | null | undefined, isIn: boolean): void {
    const { profile: user, told, before } = place
    if (room === null || room === undefined || room.deletedAt !== null) return
    if (presence.isIn(room.numericId, user.numericId) !== isIn || (told ?? before) === isIn) return
    const { id, numericId } = room
    tellHere({
      type: isIn ? "room.entered" : "room.exited",
      room: { id, numericId },
      user,
      at: now(),
      noticeId: newId(),
    })
  }

  return async (words: WordsToMend): Promise<void> => {
    const task = mend(words)
    inBackground(task, "tell what was lost of who came and went")
    await task
  }
}

interface Saying extends Pick<Known, "told" | "user"> {
  readonly room: Room
  readonly status: PresenceStatus
}
