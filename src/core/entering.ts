import type { JoinWish } from "../protocol/commands"
import type { Actor, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { RoomId } from "../protocol/ids"
import type { Script, Written } from "../store"
import { canJoin, isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import { isFull, shownOut } from "./door"
import type { Members } from "./members"
import type { Naming } from "./naming"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import { createTally, type Tally } from "./tally"

interface EnteringDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly members: Members
  readonly naming: Naming
  readonly joins: RateLimit
}

type Wish = Pick<JoinWish, "roomId" | "createsMissing" | "countsReturns">

/** Coming into a room as protocols do whose connections join rooms: it makes a member, once. */
export function createEntering(deps: EnteringDeps) {
  const { store, presence, rooms, members, naming, joins } = deps

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
    const tally = createTally(actor.user.numericId)
    joins.take(actor.user.numericId)
    try {
      await store.write(tally.counting(() => join(actor, wish, tally)))
    } catch (error) {
      joins.giveBack(actor.user.numericId)
      tally.giveBack()
      throw error
    }
    return await store.read(findStillMine(actor, wish.roomId))
  }

  /**
   * What the same commit did after it has been told by now, to connections that were not in the
   * room yet: who was shown out again must not come in.
   */
  function* findStillMine(actor: Actor, id: RoomId): Script<Room> {
    const room = yield* findMine(actor, id)
    if (room !== null) return room
    yield* rooms.findVisible(actor, id)
    throw shownOut()
  }

  /** Null: the actor is no member of such a room. */
  function* findMine({ user }: Actor, id: RoomId): Script<Room | null> {
    const room = yield* store.rooms.find(id)
    if (room === null || room.deletedAt !== null) return null
    const member = yield* store.members.find(room.numericId, user.numericId)
    return isCurrent(member) ? room : null
  }

  function* join(actor: Actor, wish: Wish, tally: Tally): Script<Written<void>> {
    const { room, member } = wish.createsMissing
      ? yield* naming.findOrMake(actor, wish.roomId, tally)
      : yield* rooms.findVisible(actor, wish.roomId)
    refuseFull(room, actor)
    if (isCurrent(member)) return { result: undefined, events: [] as BusMessage[] }
    if (!canJoin(room)) throw new ChatError("room_not_found")
    const { events } = yield* members.admit(room, actor.user, "member")
    return { result: undefined, events }
  }

  function refuseFull(room: Room, { user }: Actor): void {
    if (isFull(presence, room, user.numericId)) throw new ChatError("room_full")
  }

  return { enterRoom }
}

export type Entering = ReturnType<typeof createEntering>
