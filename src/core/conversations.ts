import { conversationOf } from "../protocol/conversation"
import type { Actor, Profile, Room, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import {
  asRoomId,
  type RoomNumericId,
  SYSTEM_NUMERIC_ID,
  type UserId,
  type UserNumericId,
} from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import { isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import { findUser } from "./find-user"
import type { RateLimit } from "./rate-limit"
import type { Rooms, RoomView } from "./rooms"

interface ConversationsDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly joins: RateLimit
}

export interface ConversationView extends RoomView {
  /** All who take part, the one who asks too. */
  readonly people: readonly Profile[]
}

/** The one name of a set of people, in whatever order they are given. */
export const directKeyOf = (people: readonly UserNumericId[]): string =>
  [...people].sort((a, b) => a - b).join(",")

/** Direct rooms: one for each set of people, whoever of them asks for it first. */
export function createConversations(deps: ConversationsDeps) {
  const { store, now, newId, newEpoch, rooms, joins } = deps

  /**
   * The conversation of the actor with these people, made if there is none.
   * Errors: `invalid_request`, `unauthorized`, `user_not_found`, `forbidden` where one has blocked
   * the other, `rate_limited`.
   */
  const openConversation = (actor: Actor, userIds: readonly UserId[]): Promise<ConversationView> =>
    open(actor, () => findOthers(actor, userIds))

  /** The same with one other, by their number. */
  const openWithOne = (actor: Actor, other: UserNumericId): Promise<ConversationView> =>
    open(actor, () => findOther(actor, other))

  async function open(
    actor: Actor,
    findPeople: () => Script<readonly User[]>,
  ): Promise<ConversationView> {
    joins.take(actor.user.numericId)
    let isMade = false
    try {
      const { view: found, isNew } = await store.write(function* () {
        const others = yield* findPeople()
        const key = directKeyOf([actor.user, ...others].map(({ numericId }) => numericId))
        const known = yield* store.rooms.findDirect(key)
        if (known !== null)
          return { result: { view: yield* view(known), isNew: false }, events: [] }
        yield* rooms.refuseEnded(actor.user)
        yield* refuseBlocked(actor, others)
        const { room, events } = yield* create(actor, others, key)
        return { result: { view: yield* view(room), isNew: true }, events }
      })
      isMade = isNew
      return found
    } finally {
      if (!isMade) joins.giveBack(actor.user.numericId)
    }
  }

  function* findOthers(actor: Actor, userIds: readonly UserId[]): Script<readonly User[]> {
    const others = new Map<UserNumericId, User>()
    for (const id of userIds) {
      const user = yield* findUser(store, id)
      if (user.numericId !== actor.user.numericId) others.set(user.numericId, user)
    }
    if (others.size === 0) {
      throw new ChatError("invalid_request", {
        problems: [{ path: "user_ids", message: "must name somebody else" }],
      })
    }
    const max = LIMITS.conversationPeopleMax
    if (others.size >= max) {
      throw new ChatError("invalid_request", {
        problems: [{ path: "user_ids", message: `must name at most ${max - 1} others` }],
      })
    }
    return [...others.values()]
  }

  function* findOther({ user }: Actor, number: UserNumericId): Script<readonly User[]> {
    if (number === user.numericId) {
      throw new ChatError("invalid_request", {
        problems: [{ path: "receiver_id", message: "must be somebody else" }],
      })
    }
    const other = yield* store.users.findByNumber(number)
    if (other === null || number === SYSTEM_NUMERIC_ID) throw new ChatError("user_not_found")
    return [other]
  }

  /** Nobody is drawn into a conversation by somebody whom they have blocked. */
  function* refuseBlocked({ user }: Actor, others: readonly User[]): Script<void> {
    for (const other of others) {
      const isBlocked =
        (yield* store.blocks.exists(other.numericId, user.numericId)) ||
        (yield* store.blocks.exists(user.numericId, other.numericId))
      if (isBlocked) {
        throw new ChatError("forbidden", { detail: "one of you has blocked the other" })
      }
    }
  }

  function* create(actor: Actor, others: readonly User[], directKey: string) {
    const createdAt = now()
    const numericId = yield* store.rooms.insert({
      id: asRoomId(newId()),
      name: "",
      type: "direct",
      topic: null,
      maxUsers: 0,
      createdBy: actor.user.numericId,
      createdAt,
      epoch: newEpoch(),
      directKey,
      isBlocked: false,
      membersCanInvite: false,
    })
    const people = [actor.user, ...others]
    for (const user of people) {
      const seq = yield* store.rooms.takeSeq(numericId)
      yield* store.members.put({ room: numericId, user, role: "member", seq, now: createdAt })
      yield* store.rooms.addToMemberCount(numericId, 1)
    }
    const room = yield* store.rooms.mustFind(numericId)
    const events = people.map(
      (user): BusMessage => ({ type: "room.added", user: user.numericId, room, userCount: 0 }),
    )
    return { room, events }
  }

  /**
   * A conversation of two that the actor takes part in, by its number.
   * Errors: `room_not_found`, hidden where it is other people's.
   */
  function* findPair(actor: Actor, number: RoomNumericId): Script<Room> {
    const room = yield* store.rooms.findByNumber(number)
    if (room === null || room.deletedAt !== null || conversationOf(room) === null) {
      throw new ChatError("room_not_found")
    }
    const member = yield* store.members.find(room.numericId, actor.user.numericId)
    if (!isCurrent(member)) throw new ChatError("room_not_found", { isHidden: true })
    return room
  }

  /** Errors: as `findPair`. */
  const findConversation = async (actor: Actor, number: RoomNumericId): Promise<Room> =>
    await store.read(findPair(actor, number))

  /** The actor's conversations, newest first. */
  async function listConversations(
    actor: Actor,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly ConversationView[]> {
    return await store.read(
      (function* () {
        const found = yield* store.rooms.listDirect(actor.user.numericId, page)
        const views: ConversationView[] = []
        for (const room of found) views.push(yield* view(room))
        return views
      })(),
    )
  }

  function* view(room: Room): Script<ConversationView> {
    const members = yield* store.members.list(room.numericId, -1, LIMITS.conversationPeopleMax)
    return { ...rooms.view(room), people: members.map(({ user }) => user) }
  }

  return { openConversation, openWithOne, findPair, findConversation, listConversations }
}

export type Conversations = ReturnType<typeof createConversations>
