import type { Actor, Member, Profile, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { asRoomId, type RoomId, type UserNumericId } from "../protocol/ids"
import type { RoomAndMember, Script } from "../store"
import { canChangeRoom, canSee, isAnybody, isCurrent, isNobodys, mayChooseIds } from "./access"
import type { ChatDeps } from "./deps"

export interface RoomWish {
  readonly name: string
  readonly type: "public" | "private"
  readonly topic: string | null
  readonly maxUsers: number
  /** Without it, they cannot. */
  readonly membersCanInvite?: boolean | undefined
  /** Chosen by a caller who may; otherwise the room gets a UUID. */
  readonly id: RoomId | null
}

/** Of a room without an owner: it is public, and what is left out is as in any other. */
type NobodysWish = Pick<RoomWish, "name" | "membersCanInvite"> & {
  readonly id: RoomId
  readonly topic?: string | null
  readonly maxUsers?: number
}

export interface RoomChange {
  readonly name?: string | undefined
  readonly type?: "public" | "private" | undefined
  readonly topic?: string | null | undefined
  readonly maxUsers?: number | undefined
  readonly membersCanInvite?: boolean | undefined
}

export interface RoomsQuery {
  readonly mine: boolean
  readonly type: "public" | "private" | undefined
  readonly query: string | undefined
  /** Numeric id where the last page ended. */
  readonly before: number
  readonly limit: number
}

/** A room and how many users are present in it. */
export interface RoomView {
  readonly room: Room
  readonly userCount: number
}

export function createRooms({ store, presence, settings, now, newId, newEpoch }: ChatDeps) {
  const view = (room: Room): RoomView => ({ room, userCount: presence.countIn(room.numericId) })

  /**
   * The room and the actor's place in it, where the actor may know of it.
   * Errors: `room_not_found`, for rooms that exist and those that do not alike; `banned`.
   */
  function* findVisible(
    actor: Actor,
    id: RoomId,
  ): Script<{ readonly room: Room; readonly member: Member | null }> {
    const room = yield* store.rooms.find(id)
    if (room === null) throw new ChatError("room_not_found")
    const member = yield* store.members.find(room.numericId, actor.user.numericId)
    if (!canSee(room, member)) throw unseen(room)
    if (!isCurrent(member)) yield* refuseBanned(room, actor.user)
    return { room, member }
  }

  /** Whoever is a member is not banned, so only strangers need be asked. Errors: `banned`. */
  function* refuseBanned(room: Pick<Room, "numericId">, user: Profile): Script<void> {
    const ban = yield* store.bans.find(room.numericId, user.numericId, now())
    if (ban === null) return
    const why = ban.reason === null ? "" : `: ${ban.reason}`
    throw new ChatError("banned", { detail: `you are banned from this room${why}` })
  }

  /**
   * An account may have ended since its request was let in, even in the same commit: it must not
   * come to own or to be in anything. Errors: `unauthorized`.
   */
  function* refuseEnded(user: Profile): Script<void> {
    const account = yield* store.users.findByNumber(user.numericId)
    if (account === null) throw new ChatError("unauthorized")
  }

  /** Like `findVisible`, for those who need no more of the room than to know that they may. */
  function* findReadable(actor: Actor, id: RoomId): Script<RoomAndMember> {
    const found = yield* store.rooms.findWithMember(id, actor.user.numericId)
    if (found === null) throw new ChatError("room_not_found")
    if (!canSee(found.room, found.member)) throw unseen(found.room)
    if (!isCurrent(found.member)) yield* refuseBanned(found.room, actor.user)
    return found
  }

  /** Like `findVisible`, but admins see every room but direct ones, which are nobody's to run. */
  function* findToRun(
    actor: Actor,
    id: RoomId,
  ): Script<{ readonly room: Room; readonly member: Member | null }> {
    const room = yield* store.rooms.find(id)
    if (room === null || room.deletedAt !== null) throw new ChatError("room_not_found")
    const found = yield* store.members.find(room.numericId, actor.user.numericId)
    const maySee = actor.user.role === "admin" && room.type !== "direct"
    if (!maySee && !canSee(room, found)) throw new ChatError("room_not_found")
    if (room.type === "direct") throw new ChatError("forbidden")
    return { room, member: isCurrent(found) ? found : null }
  }

  /**
   * Makes a room, its maker the owner; or nobody's, where anybody could be its maker.
   * Errors: `unauthorized`, `forbidden`, `conflict`, `room_limit`.
   */
  function createRoom(actor: Actor, wish: RoomWish): Promise<RoomView> {
    if (wish.id !== null && !mayChooseIds(actor)) {
      return Promise.reject(
        new ChatError("forbidden", { detail: "you may not choose a room's id" }),
      )
    }
    return store.write(function* () {
      yield* refuseEnded(actor.user)
      if (wish.id !== null && (yield* store.rooms.find(wish.id)) !== null) {
        throw new ChatError("conflict", { detail: "this room id is or was in use" })
      }
      if (isAnybody(actor)) return { result: view(yield* createAnybodys(wish)), events: [] }
      const max = settings.roomsPerUserMax
      if (max > 0 && (yield* store.rooms.countOwned(actor.user.numericId)) >= max) {
        throw new ChatError("room_limit", { detail: `you own ${max} rooms already` })
      }
      const createdAt = now()
      const numericId = yield* store.rooms.insert({
        ...wish,
        membersCanInvite: wish.membersCanInvite ?? false,
        id: wish.id ?? asRoomId(newId()),
        createdBy: actor.user.numericId,
        createdAt,
        epoch: newEpoch(),
        directKey: null,
        isBlocked: false,
      })
      const seq = yield* store.rooms.takeSeq(numericId)
      yield* store.members.put({
        room: numericId,
        user: actor.user,
        role: "owner",
        seq,
        now: createdAt,
      })
      yield* store.rooms.addToMemberCount(numericId, 1)
      const room = yield* store.rooms.mustFind(numericId)
      const user = actor.user.numericId
      return {
        result: { room, userCount: 0 },
        events: [{ type: "room.added", user, room, userCount: 0 }],
      }
    })
  }

  /** Errors: `room_not_found`, `banned`. */
  async function getRoom(actor: Actor, id: RoomId): Promise<RoomView> {
    const { room } = await store.read(findVisible(actor, id))
    return view(room)
  }

  async function listRooms(actor: Actor, query: RoomsQuery): Promise<readonly RoomView[]> {
    const rooms = await store.read(
      store.rooms.listVisible({ ...query, user: actor.user.numericId }),
    )
    return rooms.map(view)
  }

  /** Who listens without being a member: a public room allows it, a private one does not. */
  function* strangersIn(room: Room): Script<readonly UserNumericId[]> {
    const strangers: UserNumericId[] = []
    for (const user of presence.usersIn(room.numericId)) {
      const member = yield* store.members.find(room.numericId, user)
      if (!isCurrent(member)) strangers.push(user)
    }
    return strangers
  }

  /** Errors: `room_not_found`, `forbidden`. A change that changes nothing takes no seq. */
  function updateRoom(actor: Actor, id: RoomId, change: RoomChange): Promise<RoomView> {
    return store.write(function* () {
      const { room, member } = yield* findToRun(actor, id)
      if (!canChangeRoom(member, actor.user)) throw new ChatError("forbidden")
      if (change.type === "private" && isNobodys(room)) {
        throw new ChatError("forbidden", { detail: "this room is nobody's, and stays public" })
      }
      const next = {
        name: change.name ?? room.name,
        type: change.type ?? room.type,
        topic: change.topic === undefined ? room.topic : change.topic,
        maxUsers: change.maxUsers ?? room.maxUsers,
        membersCanInvite: change.membersCanInvite ?? room.membersCanInvite,
      }
      const isSame =
        next.name === room.name &&
        next.type === room.type &&
        next.topic === room.topic &&
        next.maxUsers === room.maxUsers &&
        next.membersCanInvite === room.membersCanInvite
      if (isSame) return { result: view(room), events: [] }
      const seq = yield* store.rooms.takeSeq(room.numericId)
      yield* store.rooms.update(room.numericId, { ...next, seq, now: now() })
      const isArchived = next.type === "private" && room.memberCount === 0
      if (isArchived !== (room.archivedAt !== null)) {
        yield* store.rooms.setArchived(room.numericId, isArchived ? now() : null)
      }
      const updated = view(yield* store.rooms.mustFind(room.numericId))
      const events: BusMessage[] = []
      if (room.type === "public" && next.type === "private") {
        // First they hear no more of it, then it changes: its new name is not for them.
        for (const user of yield* strangersIn(room)) {
          events.push({ type: "access.ended", user, room: updated.room })
        }
      }
      events.push({ type: "room.updated", seq, ...updated })
      return { result: updated, events }
    })
  }

  /** Ends the room for everybody. Its id stays taken. Errors: `room_not_found`, `forbidden`. */
  function deleteRoom(actor: Actor, id: RoomId): Promise<void> {
    return store.write(function* () {
      const { room, member } = yield* findToRun(actor, id)
      if (!canChangeRoom(member, actor.user)) throw new ChatError("forbidden")
      const seq = yield* store.rooms.takeSeq(room.numericId)
      yield* store.rooms.markDeleted(room.numericId, seq, now())
      const deleted = view(yield* store.rooms.mustFind(room.numericId))
      return { result: undefined, events: [{ type: "room.deleted", seq, ...deleted }] }
    })
  }

  /** Errors: `forbidden` for one that would be there for nobody at all. */
  function* createAnybodys({ type, ...wish }: RoomWish): Script<Room> {
    if (type !== "public") {
      throw new ChatError("forbidden", { detail: "without credentials only public rooms are made" })
    }
    return yield* createNobodys({ ...wish, id: asRoomId(newId()) })
  }

  /**
   * Makes a public room of an id that nobody has taken yet: without an owner, and without
   * members.
   */
  function* createNobodys(wish: NobodysWish): Script<Room> {
    const numericId = yield* store.rooms.insert({
      topic: null,
      maxUsers: 0,
      ...wish,
      type: "public",
      membersCanInvite: wish.membersCanInvite ?? false,
      createdBy: null,
      createdAt: now(),
      epoch: newEpoch(),
      directKey: null,
      isBlocked: false,
    })
    return yield* store.rooms.mustFind(numericId)
  }

  return {
    view,
    createNobodys,
    refuseBanned,
    refuseEnded,
    findVisible,
    findReadable,
    findToRun,
    createRoom,
    getRoom,
    listRooms,
    updateRoom,
    deleteRoom,
  }
}

/** Not to be told from a room that does not exist, but by protocols that may. */
const unseen = ({ deletedAt }: Pick<Room, "deletedAt">): ChatError =>
  new ChatError("room_not_found", { isHidden: deletedAt === null })

export type Rooms = ReturnType<typeof createRooms>
