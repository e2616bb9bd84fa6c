import type { Room } from "../protocol/entities"
import type { Instant, RoomNumericId } from "../protocol/ids"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"
import type { Typing } from "./typing"

/** A room that somebody is in just now. */
export interface LivelyRoom {
  readonly room: Room
  readonly userCount: number
  readonly typistCount: number
  /** When it was changed or something was said in it last. */
  readonly lastActiveAt: Instant
}

interface StatisticsDeps extends Pick<ChatDeps, "store" | "presence"> {
  readonly typing: Typing
}

/** How much is going on, for those who run the server. */
export function createStatistics({ store, presence, typing }: StatisticsDeps) {
  /** Public rooms that somebody is in, at most so many of them; who runs a server is no member. */
  function* findLively(limit: number): Script<readonly LivelyRoom[]> {
    const found: LivelyRoom[] = []
    for (const numericId of presence.roomsOccupied()) {
      if (found.length === limit) break
      const lively = yield* look(numericId)
      if (lively !== null) found.push(lively)
    }
    return found
  }

  function* look(numericId: RoomNumericId): Script<LivelyRoom | null> {
    const room = yield* store.rooms.findByNumber(numericId)
    if (room === null || room.type !== "public" || room.deletedAt !== null) return null
    const [last] = yield* store.messages.history(numericId, { limit: 1 })
    return {
      room,
      userCount: presence.countIn(numericId),
      typistCount: typing.typistsIn(room.id).length,
      lastActiveAt: Math.max(room.updatedAt, last?.createdAt ?? 0),
    }
  }

  return {
    /** Of all protocols together. */
    countNow() {
      const { users, rooms } = presence.count()
      return { users, rooms, typists: typing.countTypists() }
    },
    /** `totalRooms`: all that were ever made. */
    readRooms: (limit: number) =>
      store.read(
        (function* () {
          return { totalRooms: yield* store.rooms.count(), lively: yield* findLively(limit) }
        })(),
      ),
  }
}

export type Statistics = ReturnType<typeof createStatistics>
