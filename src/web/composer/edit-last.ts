import type { RoomHandle } from "../../client/client"
import { type Place, startEdit } from "./compose-state"

/** Takes up the last message that I wrote in a place, of those that are loaded. False: none. */
export function editLast(room: RoomHandle, place: Place, myId: string | undefined): boolean {
  const timeline = place.threadId === undefined ? room.timeline : room.thread(place.threadId)
  const last = timeline.state.value.messages.findLast(
    (it) =>
      it.user_id === myId &&
      it.deleted_at === null &&
      it.forwarded_from === undefined &&
      it.type !== "system" &&
      (it.thread_id ?? undefined) === place.threadId,
  )
  if (last === undefined) return false
  startEdit(room.id, last, place.threadId)
  return true
}
