import type { Position } from "../protocol/commands"
import type { Actor, Member, Room } from "../protocol/entities"
import type { Instant, RoomId, RoomNumericId, Seq } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import { isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import type { Rooms } from "./rooms"

interface ResumingDeps extends ChatDeps {
  readonly rooms: Rooms
}

/**
 * How much earlier than the instant a message must have been written to be taken for told by then:
 * between the two are the wait for the commit, the way to the listener, and clocks that differ.
 */
const SURELY_TOLD_MS = 60_000

/** Going on where a client stopped that knows less than the seq of each of its rooms. */
export function createResuming({ store, rooms }: ResumingDeps) {
  /**
   * A position of somebody who has been told everything of the room up to an instant: theirs, or an
   * earlier one, so that some is told again and nothing is missed. Null: there is none, because
   * they were no member then, or too much has happened since. Errors: `room_not_found`, `banned`.
   */
  function positionAt(actor: Actor, id: RoomId, toldAt: Instant): Promise<Position | null> {
    return store.read(
      (function* () {
        const { room, member } = yield* rooms.findVisible(actor, id)
        if (!wasMemberAt(member, toldAt)) return null
        const since = yield* seqBefore(room, toldAt - SURELY_TOLD_MS)
        return since === null ? null : { epoch: room.epoch, since }
      })(),
    )
  }

  /** Of most rooms the newest message tells; only of those that are busy a page is read. */
  function* seqBefore(room: Room, instant: Instant): Script<Seq | null> {
    for (const limit of [1, LIMITS.changesPerPageMax]) {
      const newest = yield* store.messages.history(room.numericId, { limit })
      const before = newest.findLast(({ createdAt }) => createdAt < instant)
      if (before !== undefined) return before.seq
    }
    return room.head <= LIMITS.changesPerPageMax ? 0 : null
  }

  /** Of these rooms, those that the actor was in once and is no more: nobody learns of others. */
  function findLeft(actor: Actor, some: readonly RoomNumericId[]): Promise<readonly RoomId[]> {
    return store.read(
      (function* () {
        const left: RoomId[] = []
        for (const number of some) {
          const member = yield* store.members.find(number, actor.user.numericId)
          if (member === null || isCurrent(member)) continue
          const room = yield* store.rooms.findByNumber(number)
          if (room !== null) left.push(room.id)
        }
        return left
      })(),
    )
  }

  return { positionAt, findLeft }
}

const wasMemberAt = (member: Member | null, instant: Instant): boolean =>
  member !== null && isCurrent(member) && member.joinedAt <= instant

export type Resuming = ReturnType<typeof createResuming>
