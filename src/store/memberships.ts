import type { User } from "../protocol/entities"
import type { RoomEvent } from "../protocol/events"
import type { createMembers } from "./members"
import type { createRooms } from "./rooms"
import type { Script } from "./script"

interface Nouns {
  readonly rooms: ReturnType<typeof createRooms>
  readonly members: ReturnType<typeof createMembers>
}

/**
 * A member is shown with their profile, so a new one is a change of each of the user's places,
 * with a seq: who resumes learns of it as well. Answers what the rooms are to be told.
 */
export function createTouchMemberships({ rooms, members }: Nouns) {
  return function* touchMemberships({ numericId }: User): Script<readonly RoomEvent[]> {
    const events: RoomEvent[] = []
    for (const room of yield* members.roomsOf(numericId, Number.MAX_SAFE_INTEGER)) {
      const seq = yield* rooms.takeSeq(room.numericId)
      const member = yield* members.touch(room.numericId, numericId, seq)
      events.push({ type: "member.updated", room, seq, member })
    }
    return events
  }
}
