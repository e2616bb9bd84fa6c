import type { Actor, Message, Page } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId, RoomId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import { canCurate } from "./access"
import { type Changing, type Found, unchanged } from "./changing"
import type { ChatDeps } from "./deps"
import type { Rooms } from "./rooms"

interface PinsDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly rooms: Rooms
  readonly changing: Changing
}

/** What those who run a room hold up for everybody in it. */
export function createPins({ store, now, rooms, changing }: PinsDeps) {
  function* findToPin(actor: Actor, id: MessageId): Script<Found> {
    const found = yield* changing.findToRun(actor, id)
    if (!canCurate(found.room, found.member, actor.user)) throw new ChatError("forbidden")
    if (found.message.deletedAt !== null) throw new ChatError("message_not_found")
    return found
  }

  /**
   * Errors: `message_not_found`, also for a deleted one, `forbidden`, `banned`, `conflict` where
   * the room has as many as it may, `rate_limited`.
   */
  const pinMessage = (actor: Actor, id: MessageId): Promise<Message> =>
    changing.change(actor, function* (tally) {
      const { room, message } = yield* findToPin(actor, id)
      if (message.pinnedAt !== null) return unchanged(message)
      const max = LIMITS.pinsPerRoomMax
      if ((yield* store.messages.countPinned(room.numericId)) >= max) {
        throw new ChatError("conflict", { detail: `${max} messages are pinned already` })
      }
      return yield* changing.save(room, { ...message, pinnedAt: now() }, tally)
    })

  /** Errors: as of `pinMessage`, but for `conflict`. */
  const unpinMessage = (actor: Actor, id: MessageId): Promise<Message> =>
    changing.change(actor, function* (tally) {
      const { room, message } = yield* findToPin(actor, id)
      if (message.pinnedAt === null) return unchanged(message)
      return yield* changing.save(room, { ...message, pinnedAt: null }, tally)
    })

  /** What was pinned last first. Errors: `room_not_found`, `banned`. */
  async function listPins(actor: Actor, id: RoomId, page: Page): Promise<readonly Message[]> {
    return await store.read(
      (function* () {
        const { room } = yield* rooms.findReadable(actor, id)
        return yield* store.messages.listPinned(room.numericId, page)
      })(),
    )
  }

  return { pinMessage, unpinMessage, listPins }
}

export type Pins = ReturnType<typeof createPins>
