import type { Member, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { INSTANT_MAX, type Instant } from "../protocol/ids"
import { isMuted } from "./access"

/** For whoever is about to say something. Errors: `forbidden`, `muted`. */
export function refuseSilenced(
  room: Pick<Room, "isBlocked">,
  member: Pick<Member, "mutedUntil"> & { readonly muteReason?: string | null },
  now: Instant,
): void {
  if (room.isBlocked) {
    throw new ChatError("forbidden", { detail: "one of you has blocked the other" })
  }
  if (!isMuted(member, now)) return
  const end = member.mutedUntil ?? INSTANT_MAX
  const until = end < INSTANT_MAX ? ` until ${new Date(end).toISOString()}` : ""
  const why = member.muteReason ? `: ${member.muteReason}` : ""
  throw new ChatError("muted", { detail: `you are muted in this room${until}${why}` })
}
