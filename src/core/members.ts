import type { Actor, Member, Profile, Role, Room, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import type { RoomId, UserId } from "../protocol/ids"
import type { Script, Written } from "../store"
import {
  canActOn,
  canInvite,
  canJoin,
  canModerate,
  canSetRoles,
  isCurrent,
  isNobodys,
} from "./access"
import type { ChatDeps } from "./deps"
import { findUser } from "./find-user"
import type { RateLimit } from "./rate-limit"
import type { Rooms, RoomView } from "./rooms"

interface MembersDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly joins: RateLimit
}

export function createMembers(deps: MembersDeps) {
  const { store, presence, settings, now, rooms, joins } = deps
  const userCount = (room: Room) => presence.countIn(room.numericId)

  /**
   * Makes somebody a member. The steps that joining and being added have in common. Whoever comes
   * into an empty room is its owner, whatever they own already: a room with people in it has
   * somebody to run it. But nobody comes to own what is nobody's.
   * Errors: `unauthorized` for a user who is no more; `conflict` when the room's history is full, as
   * for all that takes a seq (`takeSeq`), which is not said again elsewhere.
   */
  function* admit(
    room: Room,
    user: Profile,
    role: Role,
  ): Script<Written<{ member: Member; room: Room }>> {
    yield* rooms.refuseEnded(user)
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const member = yield* store.members.put({
      room: room.numericId,
      user,
      role: room.memberCount === 0 && !isNobodys(room) ? "owner" : role,
      seq,
      now: now(),
    })
    yield* store.rooms.addToMemberCount(room.numericId, 1)
    if (room.archivedAt !== null) yield* store.rooms.setArchived(room.numericId, null)
    const after = yield* store.rooms.mustFind(room.numericId)
    // First the room, to which open sockets subscribe on hearing of it; then the event in it.
    const events: BusMessage[] = [
      { type: "room.added", user: user.numericId, room: after, userCount: userCount(after) },
      { type: "member.joined", room: after, seq, member },
    ]
    return { result: { member, room: after }, events }
  }

  /** Ends a membership. The steps that leaving and being removed have in common. */
  function* dismiss(room: Room, leaving: Member): Script<Written<Member>> {
    const { user } = leaving
    const wasOwner = leaving.role === "owner"
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const member = yield* store.members.end({
      room: room.numericId,
      user: user.numericId,
      seq,
      now: now(),
    })
    yield* store.rooms.addToMemberCount(room.numericId, -1)
    const events: BusMessage[] = [{ type: "member.left", room, seq, member }]
    const heir = wasOwner ? yield* store.members.findHeir(room.numericId) : null
    if (heir !== null && heir.role !== "owner" && room.type !== "direct") {
      events.push(yield* changeRole(room, heir.user, "owner"))
    }
    const after = yield* store.rooms.mustFind(room.numericId)
    if (after.memberCount === 0 && after.type === "private") {
      yield* store.rooms.setArchived(room.numericId, now())
    }
    events.push({
      type: "room.removed",
      user: user.numericId,
      room: after,
      userCount: userCount(after),
    })
    return { result: member, events }
  }

  function* changeRole(room: Room, user: Profile, role: Role): Script<BusMessage> {
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const member = yield* store.members.setRole({
      room: room.numericId,
      user: user.numericId,
      role,
      seq,
    })
    return { type: "member.updated", room, seq, member }
  }

  /**
   * Joining again changes nothing.
   * Errors: `room_not_found`, `banned`, `unauthorized`, `rate_limited`.
   */
  async function joinRoom(actor: Actor, id: RoomId): Promise<RoomView> {
    joins.take(actor.user.numericId)
    try {
      return await store.write(function* () {
        const { room, member } = yield* rooms.findVisible(actor, id)
        if (isCurrent(member)) {
          return { result: { room, userCount: userCount(room) }, events: [] }
        }
        if (!canJoin(room)) throw new ChatError("room_not_found")
        const { result, events } = yield* admit(room, actor.user, "member")
        return { result: { room: result.room, userCount: userCount(room) }, events }
      })
    } catch (error) {
      joins.giveBack(actor.user.numericId)
      throw error
    }
  }

  /**
   * Errors: `room_not_found`, also for a public room that one is no member of; `banned`;
   * `forbidden` for a direct room.
   */
  function leaveRoom(actor: Actor, id: RoomId): Promise<void> {
    return store.write(function* () {
      const { room, member } = yield* rooms.findVisible(actor, id)
      if (member === null || !isCurrent(member)) {
        throw new ChatError("room_not_found", { detail: "you are not a member of this room" })
      }
      if (room.type === "direct") throw new ChatError("forbidden")
      const { events } = yield* dismiss(room, member)
      return { result: undefined, events }
    })
  }

  /** Current members, by numeric id. Errors: `room_not_found`, `banned`. */
  async function listMembers(
    actor: Actor,
    id: RoomId,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly Member[]> {
    return await store.read(
      (function* () {
        const { room } = yield* rooms.findVisible(actor, id)
        return yield* store.members.list(room.numericId, page.after, page.limit)
      })(),
    )
  }

  /**
   * Adds a user to the room, or gives a member another role.
   * Errors: `room_not_found`, `user_not_found`, `unauthorized`, `forbidden`, also where the added
   * user has blocked the actor; `room_limit`; `conflict` for the last owner, for an owner who is no
   * member yet and for who is banned.
   */
  function putMember(
    actor: Actor,
    id: RoomId,
    target: { readonly userId: UserId; readonly role: Role | undefined },
  ): Promise<Member> {
    return store.write(function* () {
      const { room, member } = yield* rooms.findToRun(actor, id)
      // Asked first, as everywhere: to whom this is no business, no name is confirmed. Whoever
      // sets roles may invite as well.
      if (!canInvite(room, member, actor.user)) throw new ChatError("forbidden")
      if (target.role === "owner" && isNobodys(room)) {
        throw new ChatError("forbidden", { detail: "this room is nobody's" })
      }
      const user = yield* findUser(store, target.userId)
      const present = yield* store.members.find(room.numericId, user.numericId)
      if (present !== null && isCurrent(present)) {
        const role = target.role ?? present.role
        if (role === present.role) return { result: present, events: [] }
        if (!canSetRoles(member, actor.user)) throw new ChatError("forbidden")
        return yield* giveRole(room, present, role)
      }
      const role = target.role ?? "member"
      if (role !== "member" && !canSetRoles(member, actor.user)) throw new ChatError("forbidden")
      yield* refuseAdding(actor, room, user)
      if (role === "owner") yield* refuseStrangeOwner(room, user)
      const { result, events } = yield* admit(room, user, role)
      return { result: result.member, events }
    })
  }

  function* giveRole(room: Room, member: Member, role: Role): Script<Written<Member>> {
    const { user } = member
    if (role === "owner") yield* refuseFullOwner(user)
    // A room that has owners keeps one: the role is handed on before it is given up.
    if (member.role === "owner" && (yield* store.members.countOwners(room.numericId)) === 1) {
      throw new ChatError("conflict", { detail: "the room would have no owner" })
    }
    const event = yield* changeRole(room, user, role)
    const changed = yield* store.members.find(room.numericId, user.numericId)
    return { result: changed ?? member, events: [event] }
  }

  /** Who is banned or has blocked whoever adds them stays out. */
  function* refuseAdding({ user }: Actor, room: Room, added: User): Script<void> {
    if ((yield* store.bans.find(room.numericId, added.numericId, now())) !== null) {
      throw new ChatError("conflict", { detail: "this user is banned from the room" })
    }
    if (yield* store.blocks.exists(added.numericId, user.numericId)) {
      throw new ChatError("forbidden", { detail: "this user has blocked you" })
    }
  }

  function* refuseFullOwner({ numericId }: Profile): Script<void> {
    const max = settings.roomsPerUserMax
    if (max > 0 && (yield* store.rooms.countOwned(numericId)) >= max) {
      throw new ChatError("room_limit", { detail: `this user owns ${max} rooms already` })
    }
  }

  /** Rooms that one owns count: nobody is made an owner without having joined, but of none. */
  function* refuseStrangeOwner(room: Room, user: Profile): Script<void> {
    if ((yield* store.members.countOwners(room.numericId)) > 0) {
      throw new ChatError("conflict", { detail: "an owner must be a member first" })
    }
    yield* refuseFullOwner(user)
  }

  /** Errors: `room_not_found`, `user_not_found`, `forbidden`. */
  function removeMember(actor: Actor, id: RoomId, userId: UserId): Promise<void> {
    return store.write(function* () {
      const { room, member } = yield* rooms.findToRun(actor, id)
      const isSelf = userId === actor.user.id
      if (!isSelf && !canModerate(member, actor.user)) throw new ChatError("forbidden")
      const user = yield* store.users.find(userId)
      const target =
        user === null ? null : yield* store.members.find(room.numericId, user.numericId)
      if (target === null || !isCurrent(target)) throw new ChatError("user_not_found")
      if (!isSelf && !canActOn(target.role, member, actor.user)) throw new ChatError("forbidden")
      const { events } = yield* dismiss(room, target)
      return { result: undefined, events }
    })
  }

  return { admit, dismiss, joinRoom, leaveRoom, listMembers, putMember, removeMember }
}

export type Members = ReturnType<typeof createMembers>
