import type { Actor, Member, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomId } from "../protocol/ids"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import type { Tally } from "./tally"

interface NamingDeps extends Pick<ChatDeps, "store" | "settings"> {
  readonly rooms: Rooms
  /** Rooms that come about by naming what was none. */
  readonly newNames: RateLimit
}

/** Rooms that come about by being named, for those who may: a name that is free is a room to be. */
export function createNaming({ store, settings, rooms, newNames }: NamingDeps) {
  /**
   * The room that is called so, made if the name is free.
   * Errors: `room_not_found`, `banned`, `unauthorized`, `rate_limited`; `forbidden` for a hidden
   * room, whose name cannot be passed off as free.
   */
  function* findOrMake(
    actor: Actor,
    id: RoomId,
    tally: Tally,
  ): Script<{ readonly room: Room; readonly member: Member | null }> {
    if (!(yield* isFree(id))) return yield* honestly(rooms.findVisible(actor, id))
    tally.take(newNames)
    yield* rooms.refuseEnded(actor.user)
    return { room: yield* rooms.createNobodys({ id, name: id }), member: null }
  }

  /** Whether it would be made. Names of rooms that have ended are not free. */
  function* isFree(id: RoomId): Script<boolean> {
    return settings.autoCreatesRooms && (yield* store.rooms.find(id)) === null
  }

  /** For those who may name rooms: what is hidden from them is no room to be. */
  function* honestly<Found>(find: Script<Found>): Script<Found> {
    try {
      return yield* find
    } catch (error) {
      const isTaken = error instanceof ChatError && error.isHidden && settings.autoCreatesRooms
      throw isTaken ? new ChatError("forbidden", { detail: "Forbidden" }) : error
    }
  }

  return { findOrMake, isFree, honestly }
}

export type Naming = ReturnType<typeof createNaming>
