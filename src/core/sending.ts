import type { MessageDraft } from "../protocol/commands"
import type { Member, Room, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import { canJoin, canSendType, isCurrent } from "./access"
import { shownOut } from "./door"
import { refuseSilenced } from "./silence"

interface Sending {
  readonly room: Room
  /** The sender's place in the room, as it is or was; null: they have never been there. */
  readonly member: Member | null
  /** From a connection that is in the room. */
  readonly fromInside: boolean
  readonly at: Instant
}

/**
 * Whether somebody who sees the room may say this there.
 * Errors: `room_not_found`, `forbidden`, `muted`.
 */
export function refuseSending(
  user: User,
  { type }: Pick<MessageDraft, "type">,
  { room, member, fromInside, at }: Sending,
): void {
  const isMember = isCurrent(member)
  if (!isMember && !canJoin(room)) throw new ChatError("room_not_found")
  // Asked of the connection, it was inside; the same commit may have shown its user out before.
  if (!isMember && fromInside) throw shownOut()
  refuseSilenced(room, member ?? NEWCOMER, at)
  if (!canSendType(type, member ?? NEWCOMER, user)) {
    throw new ChatError("forbidden", { detail: "system messages are for moderators" })
  }
}

/** Who has never been in the room. Former members are told apart by their row, and rank alike. */
const NEWCOMER = { role: "member", mutedUntil: null, leftAt: null } as const
