import type { Presence } from "../cluster/presence"
import type { Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { UserNumericId } from "../protocol/ids"

/** There is no place in the room for this user, who is not there yet. */
export function isFull(
  presence: Pick<Presence, "countIn" | "isIn">,
  { maxUsers, numericId }: Pick<Room, "maxUsers" | "numericId">,
  user: UserNumericId,
): boolean {
  if (maxUsers === 0 || presence.countIn(numericId) < maxUsers) return false
  return !presence.isIn(numericId, user)
}

/** For who was in the room when they asked, and is no member of it by the time it is done. */
export const shownOut = () =>
  new ChatError("forbidden", { detail: "you are no longer in this room" })
