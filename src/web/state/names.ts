import type { ApiProfile } from "../../protocol/answers"
import { t } from "../strings"
import { legible } from "./legible"
import type { RoomFrame } from "./room-frame"

/** As others call somebody. */
export const personName = (profile: Pick<ApiProfile, "username" | "display_name">): string =>
  legible(profile.display_name ?? "", profile.username)

/** A room's name; of a conversation, who else is in it. */
export function roomName({ room, people }: Pick<RoomFrame, "room" | "people">): string {
  if (room.type !== "direct") return legible(room.name, room.id)
  return people.length === 0 ? t().rooms.you : people.map(personName).join(", ")
}
