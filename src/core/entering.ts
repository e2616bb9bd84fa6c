import type { JoinWish } from "../protocol/commands"
import type { Actor, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { RoomId } from "../protocol/ids"
import type { Script, Written } from "../store"
import { canJoin, isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import type { Members } from "./members"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"

interface EnteringDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly members: Members
  readonly joins: RateLimit
  /** Rooms that come about by joining a name that was none. */
  readonly newNames: RateLimit
}

type Wish = Pick<JoinWish, "roomId" | "createsMissing" | "countsReturns">

/** Coming into a room as protocols do whose connections join rooms: it makes a member, once. */
export function createEntering(deps: EnteringDeps) {
  const { store, presence, settings, rooms, members, joins, newNames } = deps

  /**
   * The room that the actor may now be present in, and is a member of.
   * Errors: `room_not_found`, `forbidden` for a hidden room whose name could have been free,
   * `banned`, `room_full`, `unauthorized`, `rate_limited`.
   */
  async function enterRoom(actor: Actor, wish: Wish): Promise<Room> {
    const known = await store.read(findMine(actor, wish.roomId))
    if (known !== null) {
      refuseFull(known, actor)
      if (wish.countsReturns) joins.take(actor.user.numericId)
      return known
    }
    joins.take(actor.user.numericId)
    let isNew = false
    const countNew = () => {
      if (!isNew) newNames.take(actor.user.numericId)
      isNew = true
    }
    try {
      return await store.write(() => join(actor, wish, countNew))
    } catch (error) {
      joins.giveBack(actor.user.numericId)
      if (isNew) newNames.giveBack(actor.user.numericId)
      throw error
    }
  }

  /** Null: the actor is no member of such a room. */
  function* findMine({ user }: Actor, id: RoomId): Script<Room | null> {
    const room = yield* store.rooms.find(id)
    if (room === null || room.deletedAt !== null) return null
    const member = yield* store.members.find(room.numericId, user.numericId)
    return isCurrent(member) ? room : null
  }

  function* join(actor: Actor, wish: Wish, countNew: () => void): Script<Written<Room>> {
    const mayCreate = wish.createsMissing && settings.autoCreatesRooms
    const { room, isMember } = yield* findOrMake(actor, wish.roomId, { mayCreate, countNew })
    refuseFull(room, actor)
    if (isMember) return { result: room, events: [] as BusMessage[] }
    const { result, events } = yield* members.admit(room, actor.user, "member")
    return { result: result.room, events }
  }

  function* findOrMake(
    actor: Actor,
    id: RoomId,
    { mayCreate, countNew }: { readonly mayCreate: boolean; readonly countNew: () => void },
  ): Script<{ readonly room: Room; readonly isMember: boolean }> {
    const known = yield* store.rooms.find(id)
    if (known === null && mayCreate) {
      countNew()
      yield* rooms.refuseEnded(actor.user)
      return { room: yield* rooms.createNobodys(id), isMember: false }
    }
    try {
      const { room, member } = yield* rooms.findVisible(actor, id)
      if (!isCurrent(member) && !canJoin(room)) throw new ChatError("room_not_found")
      return { room, isMember: isCurrent(member) }
    } catch (error) {
      // A name that is not free cannot be passed off as one that is nobody's.
      const isTaken = error instanceof ChatError && error.isHidden && mayCreate
      throw isTaken ? new ChatError("forbidden", { detail: "Forbidden" }) : error
    }
  }

  function refuseFull({ maxUsers, numericId }: Room, { user }: Actor): void {
    if (maxUsers === 0 || presence.countIn(numericId) < maxUsers) return
    if (!presence.isIn(numericId, user.numericId)) throw new ChatError("room_full")
  }

  return { enterRoom }
}

export type Entering = ReturnType<typeof createEntering>
