import type { Actor, Invite, Member, Profile, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { Instant, InviteCode, RoomId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import { canInvite, canModerate, isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import type { Members } from "./members"
import type { RateLimit } from "./rate-limit"
import type { Rooms, RoomView } from "./rooms"

interface InvitesDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly members: Members
  readonly joins: RateLimit
}

export interface InviteWish {
  /** Null: it is good for ever. */
  readonly expiresAt: Instant | null
  /** Null: as often as one likes. */
  readonly usesMax: number | null
}

/** Codes that let people in: into a private room, and onto a server that takes only invited ones. */
export function createInvites(deps: InvitesDeps) {
  const { store, now, newInviteCode, rooms, members, joins } = deps

  /** Errors: `room_not_found`, `forbidden`, `invalid_request`, `conflict` where there are too many. */
  function createInvite(actor: Actor, id: RoomId, wish: InviteWish): Promise<Invite> {
    return store.write(function* () {
      const createdAt = now()
      if (wish.expiresAt !== null && wish.expiresAt <= createdAt) {
        throw new ChatError("invalid_request", {
          problems: [{ path: "expires_at", message: "must be in the future" }],
        })
      }
      const { room, member } = yield* rooms.findToRun(actor, id)
      if (!canInvite(room, member, actor.user)) throw new ChatError("forbidden")
      yield* store.invites.clearSpent(room.numericId, createdAt)
      yield* refuseTooMany(actor, room, member)
      const code = newInviteCode()
      const createdBy = actor.user.numericId
      const invite = { ...wish, code, room: room.numericId, createdBy, createdAt }
      return { result: yield* store.invites.insert(invite), events: [] }
    })
  }

  /** Bounded for each plain member too, or one could use up all. Errors: `conflict`. */
  function* refuseTooMany({ user }: Actor, room: Room, member: Member | null): Script<void> {
    const { invitesPerRoomMax: max, invitesPerMemberMax: mineMax } = LIMITS
    const good = yield* store.invites.list(room.numericId, now(), max)
    if (good.length >= max) {
      throw new ChatError("conflict", { detail: `the room has ${max} invites already` })
    }
    const mine = good.filter(({ createdBy }) => createdBy === user.id)
    if (mine.length >= mineMax && !canModerate(member, user)) {
      throw new ChatError("conflict", { detail: `you have made ${mineMax} of its invites already` })
    }
  }

  /** Those that are good, newest first. Errors: `room_not_found`, `forbidden`. */
  async function listInvites(actor: Actor, id: RoomId): Promise<readonly Invite[]> {
    return await store.read(
      (function* () {
        const { room, member } = yield* rooms.findToRun(actor, id)
        if (!canModerate(member, actor.user)) throw new ChatError("forbidden")
        return yield* store.invites.list(room.numericId, now(), LIMITS.invitesPerRoomMax)
      })(),
    )
  }

  /** Errors: `room_not_found`, `forbidden`, `invite_not_found`. */
  function revokeInvite(actor: Actor, id: RoomId, code: InviteCode): Promise<void> {
    return store.write(function* () {
      const { room, member } = yield* rooms.findToRun(actor, id)
      if (!canModerate(member, actor.user)) throw new ChatError("forbidden")
      if (!(yield* store.invites.revoke(room.numericId, code))) {
        throw new ChatError("invite_not_found")
      }
      return { result: undefined, events: [] }
    })
  }

  /**
   * Makes the actor a member of the room that the code is for; who is one already uses nothing up.
   * Wrong codes count as joins, so guessing is slow.
   * Errors: `invite_not_found`, `banned`, `unauthorized`, `rate_limited`.
   */
  async function acceptInvite(actor: Actor, code: InviteCode): Promise<RoomView> {
    joins.take(actor.user.numericId)
    return await store.write(function* () {
      const invite = yield* store.invites.findGood(code, now())
      const room = invite?.roomId == null ? null : yield* store.rooms.find(invite.roomId)
      if (room === null || room.deletedAt !== null) throw new ChatError("invite_not_found")
      const member = yield* store.members.find(room.numericId, actor.user.numericId)
      if (isCurrent(member)) return { result: rooms.view(room), events: [] }
      const { events } = yield* redeem(code, actor.user)
      return { result: rooms.view(yield* store.rooms.mustFind(room.numericId)), events }
    })
  }

  /**
   * Uses an invite up for somebody who is no member yet; an invite to the server admits to no
   * room. A step of a write. Errors: `invite_not_found`, `banned`, `unauthorized`.
   */
  function* redeem(
    code: InviteCode,
    user: Profile,
  ): Script<{ readonly events: readonly BusMessage[] }> {
    const invite = yield* store.invites.findGood(code, now())
    if (invite === null) throw new ChatError("invite_not_found")
    const room = invite.roomId === null ? null : yield* store.rooms.find(invite.roomId)
    if (room !== null) {
      // Nobody is let into a room that has ended, or that has nobody left to meet there.
      const isOver = room.deletedAt !== null || room.archivedAt !== null
      if (isOver) throw new ChatError("invite_not_found")
      yield* rooms.refuseBanned(room, user)
    }
    yield* store.invites.use(code)
    return { events: room === null ? [] : (yield* members.admit(room, user, "member")).events }
  }

  return { createInvite, listInvites, revokeInvite, acceptInvite, redeem }
}

export type Invites = ReturnType<typeof createInvites>
