import type { Room } from "../protocol/entities"
import type { RoomRef } from "../protocol/events"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Script } from "../store"
import { canSee } from "./access"
import type { ChatDeps } from "./deps"

/** What a user's connections hear. */
export interface Hearer {
  readonly user: UserNumericId
  readonly heard: readonly RoomRef[]
  /** Of these: those that only a member may hear, because the user came in as one. */
  readonly asMember: ReadonlySet<RoomNumericId>
  /**
   * Where there are connections that hear every room of the user's: what all of these hear, or do
   * not want to. Null: there are none.
   */
  readonly settled: ReadonlySet<RoomNumericId> | null
}

/** What of it is no longer, or not yet, as the database has it. */
export interface Misplaced {
  readonly user: UserNumericId
  /** Heard, and no longer the user's to hear. */
  readonly ended: readonly RoomRef[]
  /** Rooms of a user who follows all of theirs, which they do not hear. */
  readonly begun: readonly Room[]
}

/** Compares who hears what with the database, for a node that may not have been told. */
export function createPlaces({ store, now }: Pick<ChatDeps, "store" | "now">) {
  /** Of these users, those with whom something is not as it should be. */
  const findMisplaced = (hearers: readonly Hearer[]): Promise<readonly Misplaced[]> =>
    store.read(compareAll(hearers))

  function* compareAll(hearers: readonly Hearer[]): Script<readonly Misplaced[]> {
    const found: Misplaced[] = []
    for (const hearer of hearers) {
      const misplaced = yield* compare(hearer)
      if (misplaced.ended.length > 0 || misplaced.begun.length > 0) found.push(misplaced)
    }
    return found
  }

  function* compare({ user, heard, asMember, settled }: Hearer): Script<Misplaced> {
    const places = yield* store.members.placesOf(user)
    const ended: RoomRef[] = []
    for (const room of heard) {
      if (places.has(room.numericId)) continue
      const isEnded = asMember.has(room.numericId) || !(yield* mayListen(user, room))
      if (isEnded) ended.push(room)
    }
    if (settled === null) return { user, ended, begun: [] }
    const begun: Room[] = []
    for (const place of places) {
      if (!settled.has(place)) begun.push(yield* store.rooms.mustFind(place))
    }
    return { user, ended, begun }
  }

  /** A stranger may, where the room is public and they are not banned. */
  function* mayListen(user: UserNumericId, { numericId }: RoomRef): Script<boolean> {
    const room = yield* store.rooms.findByNumber(numericId)
    if (room === null || !canSee(room, null)) return false
    return (yield* store.bans.find(numericId, user, now())) === null
  }

  return { findMisplaced }
}

export type PlaceRules = ReturnType<typeof createPlaces>
