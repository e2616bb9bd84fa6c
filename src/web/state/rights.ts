/**
 * Who may do what, as the server will decide it: what somebody may not do is not offered to them.
 * Pure; the server has the last word (its rules are in `core/access.ts`).
 */
import type { Me } from "../../client/client"
import type { ApiMember, ApiMessage, ApiRoom } from "../../protocol/answers"
import type { Role } from "../../protocol/entities"

/** Somebody in front of a room: all that rights depend on. */
export interface Standing {
  readonly me: Pick<Me, "id" | "role">
  readonly room: Pick<ApiRoom, "type" | "created_by" | "members_can_invite">
  /** Of `me`; null: no member. */
  readonly membership: Pick<ApiMember, "role" | "left_at" | "muted_until"> | null
}

type Member = Pick<ApiMember, "user_id" | "role" | "left_at">

const RANK: Readonly<Record<Role, number>> = { member: 0, moderator: 1, owner: 2 }

const isAdmin = ({ me }: Standing): boolean => me.role === "admin"

/** One's role, null where one is no member any more or never was. */
export function roleIn({ membership }: Standing): Role | null {
  return membership === null || membership.left_at !== null ? null : membership.role
}

export const isMemberOf = (standing: Standing): boolean => roleIn(standing) !== null

/** `now` is epoch milliseconds. */
export function isMuted(
  member: Pick<ApiMember, "muted_until"> | null,
  now: number,
): member is Pick<ApiMember, "muted_until"> & { readonly muted_until: string } {
  const until = member?.muted_until ?? null
  return until !== null && Date.parse(until) > now
}

/** The server says "for ever" of a mute by the last instant that it knows. */
const FOREVER_YEAR = 9000

export const isForever = (until: string | null): boolean =>
  until === null || new Date(until).getUTCFullYear() >= FOREVER_YEAR

/** Public rooms take in whoever writes; the mute is only of this room. */
export const canSend = (standing: Standing, now: number): boolean =>
  !isMuted(standing.membership, now) && (isMemberOf(standing) || standing.room.type === "public")

/** Direct rooms run themselves: nobody has any rights over them, not even an admin. */
const isRunnable = ({ room }: Standing): boolean => room.type !== "direct"

export function canInvite(standing: Standing): boolean {
  if (!isRunnable(standing)) return false
  if (isAdmin(standing)) return true
  const role = roleIn(standing)
  return role !== null && (standing.room.members_can_invite || role !== "member")
}

/** Name, topic, type, limits, roles, and the room's end. */
export const canChangeRoom = (standing: Standing): boolean =>
  isRunnable(standing) && (isAdmin(standing) || roleIn(standing) === "owner")

/** Bans and invites are listed for those who moderate. */
export const canModerate = (standing: Standing): boolean =>
  isRunnable(standing) && (isAdmin(standing) || RANK[roleIn(standing) ?? "member"] > RANK.member)

/** Pins, and deletes what others wrote, whoever they are. */
export const canCurate = canModerate

/** Moderators act on those below them; owners and admins on everybody. */
export function canActOn(standing: Standing, target: Role): boolean {
  if (!canModerate(standing)) return false
  return isAdmin(standing) || roleIn(standing) === "owner" || RANK[target] < RANK.moderator
}

/** Muting, removing and banning are for others: nobody does it to themselves. */
export const canSanction = (standing: Standing, target: Member): boolean =>
  target.left_at === null && target.user_id !== standing.me.id && canActOn(standing, target.role)

/** Only admins unmute themselves. */
export const canUnmute = (standing: Standing, target: Member): boolean =>
  canSanction(standing, target) ||
  (isAdmin(standing) && isRunnable(standing) && target.user_id === standing.me.id)

/**
 * The roles that a member may be given: none where one may not, or where they are the last owner.
 * `owners` counts those of the room. What is nobody's gets no owner.
 */
export function rolesFor(standing: Standing, target: Member, owners: number): readonly Role[] {
  if (!canChangeRoom(standing) || target.left_at !== null) return []
  if (target.role === "owner" && owners <= 1) return []
  const given: readonly Role[] =
    standing.room.created_by === null ? ["member", "moderator"] : ["member", "moderator", "owner"]
  return given
}

/** Conversations are not left. */
export const canLeave = (standing: Standing): boolean =>
  isRunnable(standing) && isMemberOf(standing)

/** What nobody owns stays public. */
export const canBePrivate = ({ room }: Standing): boolean => room.created_by !== null

type Message = Pick<ApiMessage, "user_id" | "deleted_at" | "forwarded_from" | "type">

const isOwn = ({ me }: Standing, message: Message): boolean => message.user_id === me.id

/** What is forwarded is somebody else's words, and stays as it was. */
export const canEditMessage = (standing: Standing, message: Message, now: number): boolean =>
  isOwn(standing, message) &&
  message.deleted_at === null &&
  message.forwarded_from === undefined &&
  (message.type !== "system" || canModerate(standing)) &&
  isMemberOf(standing) &&
  !isMuted(standing.membership, now)

export const canDeleteMessage = (standing: Standing, message: Message): boolean =>
  message.deleted_at === null &&
  ((isOwn(standing, message) && isMemberOf(standing)) || canCurate(standing))

export const canPinMessage = (standing: Standing, message: Message): boolean =>
  message.deleted_at === null && canCurate(standing)

/** Whoever reacts says something, so it is for members that are not muted. */
export const canReact = (standing: Standing, message: Message, now: number): boolean =>
  message.deleted_at === null && isMemberOf(standing) && !isMuted(standing.membership, now)
