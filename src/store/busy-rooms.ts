import type { RoomId } from "../protocol/ids"

/** So long the messages of a room that somebody else keeps locked wait for the next try. */
const RETRY_MS = 50

/** Messages that wait apart, so that nobody else waits for the rooms that they are for. */
export function createBusyRooms<Waiting>(retry: () => void) {
  let byRoom = new Map<RoomId, Waiting[]>()
  let isDue = false

  return {
    has: (room: RoomId): boolean => byRoom.has(room),
    /** Behind those of its room that wait already. */
    put(room: RoomId, waiting: Waiting): void {
      const before = byRoom.get(room)
      if (before !== undefined) {
        before.push(waiting)
        return
      }
      byRoom.set(room, [waiting])
      if (byRoom.size > 1) return
      setTimeout(() => {
        isDue = true
        retry()
      }, RETRY_MS)
    },
    /** All that are to be tried again, if it is time. Those that cannot be stored are put again. */
    takeDue(): Waiting[] {
      if (!isDue) return []
      isDue = false
      const all = [...byRoom.values()].flat()
      byRoom = new Map()
      return all
    },
  }
}
