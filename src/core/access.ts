/**
 * Who may do what: pure predicates, asked by core for every command of every edge. They look at
 * rows that were read in the transaction that acts on them; the user's own role is that of when
 * they were identified (docs/decisions/0007).
 */
import type { Actor, Member, MessageType, Operator, Role, Room, User } from "../protocol/entities"
import type { Instant } from "../protocol/ids"

type RoomFacts = Pick<Room, "type" | "deletedAt">
type MemberFacts = Pick<Member, "leftAt" | "role" | "mutedUntil">

const RANK: Record<Role, number> = { member: 0, moderator: 1, owner: 2 }

export const isCurrent = (member: Pick<Member, "leftAt"> | null): boolean =>
  member !== null && member.leftAt === null

/** Private and direct rooms exist only for their members; public ones for every user. */
export function canSee(room: RoomFacts, member: MemberFacts | null): boolean {
  if (room.deletedAt !== null) return false
  return room.type === "public" || isCurrent(member)
}

/** It came about when somebody joined a room of that name: it has no owner, and nobody gets it. */
export const isNobodys = (room: Pick<Room, "creatorNumericId">): boolean =>
  room.creatorNumericId === null

/**
 * Believed on nothing but their word (`CHAT_TRUST_CLIENT_IDS`): anybody can be this user, so no
 * room can be theirs. Rooms come about as they name them.
 */
export const isAnybody = ({ via }: Actor): boolean => via.type === "claim"

/** Joining needs no invite only where the room is public. */
export const canJoin = (room: RoomFacts): boolean =>
  room.deletedAt === null && room.type === "public"

export const isMuted = (member: Pick<Member, "mutedUntil">, now: Instant): boolean =>
  member.mutedUntil !== null && member.mutedUntil > now

/** System messages speak for the room, so they are for those who run it. */
export const canSendType = (type: MessageType, member: MemberFacts, user: User): boolean =>
  type !== "system" || user.role === "admin" || RANK[member.role] >= RANK.moderator

/** The server itself speaks wherever people meet, but for conversations: they run themselves. */
export const canAnnounceIn = (room: RoomFacts, { via }: Operator): boolean =>
  via.type === "internal" && room.deletedAt === null && room.type !== "direct"

/** Looks at all of the server, but for what is said in it. */
export const canOversee = ({ user }: Actor): boolean => user.role === "admin"

export const canInvite = (room: Room, member: Member | null, user: User): boolean =>
  user.role === "admin" ||
  (member !== null &&
    isCurrent(member) &&
    (room.membersCanInvite || RANK[member.role] >= RANK.moderator))

export const canChangeRoom = (member: Member | null, user: User): boolean =>
  user.role === "admin" || (isCurrent(member) && member?.role === "owner")

export const canSetRoles = canChangeRoom

/** Moderators act on those below them only; owners and admins on everybody. */
export function canActOn(target: Role, member: Member | null, user: User): boolean {
  if (user.role === "admin") return true
  if (member === null || !isCurrent(member)) return false
  if (member.role === "owner") return true
  return member.role === "moderator" && RANK[target] < RANK.moderator
}

/** Whether there is anybody at all on whom they might act: strangers rank as members do. */
export const canModerate = (member: Member | null, user: User): boolean =>
  canActOn("member", member, user)

/**
 * Deletes what others wrote, whoever they are, and pins; but in direct rooms, which nobody runs,
 * not even an admin who takes part.
 */
export const canCurate = (room: Pick<Room, "type">, member: Member | null, user: User): boolean =>
  room.type !== "direct" && canModerate(member, user)

/** A chosen id could pass for somebody else's room, so it is a right of its own. */
export function mayChooseIds({ user, via }: Actor): boolean {
  return user.role === "admin" || (via.type === "key" && via.scopes.includes("rooms"))
}
