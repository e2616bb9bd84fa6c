import type { RoomHandle, RoomView } from "../../client/client"
import { useSelected } from "./client"

/** Of a room what does not change with each message. */
export type RoomFrame = Pick<RoomView, "people" | "membership"> & {
  readonly room: Omit<RoomView["room"], "head">
}

/** A busy room changes with each message: who shows no messages is not drawn again for them. */
export const useRoomFrame = (room: RoomHandle): RoomFrame | null =>
  useSelected<RoomView | null, RoomFrame | null>(room.view, (view) => view, isSameFrame)

function isSameFrame(one: RoomFrame | null, other: RoomFrame | null): boolean {
  if (one === null || other === null) return one === other
  return (
    one.people === other.people &&
    one.membership === other.membership &&
    isSameRoom(one.room, other.room)
  )
}

function isSameRoom(one: RoomFrame["room"], other: RoomFrame["room"]): boolean {
  if (one === other) return true
  const { head: _, ...before } = { head: 0, ...one }
  const { head: __, ...after } = { head: 0, ...other }
  return JSON.stringify(before) === JSON.stringify(after)
}
