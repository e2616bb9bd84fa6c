import type { Actor, Ban, Member, Profile, Room, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { INSTANT_MAX, type Instant, type RoomId, type UserId } from "../protocol/ids"
import type { Script } from "../store"
import { canActOn, canModerate, isCurrent, isMuted } from "./access"
import type { ChatDeps } from "./deps"
import { findUser } from "./find-user"
import type { Members } from "./members"
import type { Rooms } from "./rooms"

interface ModerationDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly rooms: Rooms
  readonly members: Members
}

/** For how long, and why. Null: for ever, and for no reason that was given. */
export interface Sanction {
  readonly until: Instant | null
  readonly reason: string | null
}

/** A mute without an end, in a field where null means that there is none. */
export const FOREVER: Instant = INSTANT_MAX

/** What moderators may do to those below them. */
export function createModeration({ store, now, rooms, members }: ModerationDeps) {
  /** Whom it is about, if the actor may act on them. Errors: `user_not_found`, `forbidden`. */
  function* findTarget(
    actor: Actor,
    id: RoomId,
    userId: UserId,
  ): Script<{ readonly room: Room; readonly user: User; readonly member: Member | null }> {
    const { room, member } = yield* rooms.findToRun(actor, id)
    // Asked first: to whom this is no business, no name is confirmed.
    if (!canModerate(member, actor.user)) throw new ChatError("forbidden")
    const user = yield* findUser(store, userId)
    const found = yield* store.members.find(room.numericId, user.numericId)
    const target = isCurrent(found) ? found : null
    if (!canActOn(target?.role ?? "member", member, actor.user)) {
      throw new ChatError("forbidden")
    }
    return { room, user, member: target }
  }

  function refuseSelf(actor: Actor, user: Profile): void {
    if (user.numericId !== actor.user.numericId) return
    throw new ChatError("forbidden", { detail: "you cannot do this to yourself" })
  }

  function checkEnd({ until }: Sanction): void {
    if (until !== null && until <= now()) {
      throw new ChatError("invalid_request", {
        problems: [{ path: "until", message: "must be in the future" }],
      })
    }
  }

  /**
   * Ends somebody's membership, and their invites, and keeps them out; of a public room they hear and read no more.
   * Who is banned already is banned as said now.
   * Errors: `room_not_found`, `user_not_found`, `forbidden`, `invalid_request`.
   */
  function banUser(actor: Actor, id: RoomId, userId: UserId, sanction: Sanction): Promise<Ban> {
    return store.write(function* () {
      checkEnd(sanction)
      const { room, user, member } = yield* findTarget(actor, id, userId)
      refuseSelf(actor, user)
      const events: BusMessage[] = []
      if (member === null) events.push({ type: "access.ended", user: user.numericId, room })
      else events.push(...(yield* members.dismiss(room, member)).events)
      yield* store.invites.revokeOf(room.numericId, user.numericId)
      const result = yield* store.bans.put({
        room: room.numericId,
        user: user.numericId,
        by: actor.user.numericId,
        ...sanction,
        now: now(),
      })
      return { result, events }
    })
  }

  /** Who is not banned stays so. Errors: `room_not_found`, `user_not_found`, `forbidden`. */
  function unbanUser(actor: Actor, id: RoomId, userId: UserId): Promise<void> {
    return store.write(function* () {
      const { room, user } = yield* findTarget(actor, id, userId)
      yield* store.bans.lift(room.numericId, user.numericId)
      return { result: undefined, events: [] }
    })
  }

  /** The bans in force. Errors: `room_not_found`, `forbidden`. */
  async function listBans(
    actor: Actor,
    id: RoomId,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly Ban[]> {
    return await store.read(
      (function* () {
        const { room, member } = yield* rooms.findToRun(actor, id)
        if (!canModerate(member, actor.user)) throw new ChatError("forbidden")
        return yield* store.bans.list(room.numericId, { ...page, now: now() })
      })(),
    )
  }

  /**
   * A muted member hears and cannot speak. It ends by itself, or with `unmuteUser`; leaving and
   * coming back does not end it.
   * Errors: `room_not_found`, `user_not_found`, `forbidden`, `invalid_request`.
   */
  function muteUser(actor: Actor, id: RoomId, userId: UserId, sanction: Sanction): Promise<Member> {
    return store.write(function* () {
      checkEnd(sanction)
      const target = yield* findTarget(actor, id, userId)
      refuseSelf(actor, target.user)
      return yield* setMute(target, { ...sanction, until: sanction.until ?? FOREVER })
    })
  }

  /** Only admins unmute themselves. Errors: `room_not_found`, `user_not_found`, `forbidden`. */
  function unmuteUser(actor: Actor, id: RoomId, userId: UserId): Promise<Member> {
    return store.write(function* () {
      const target = yield* findTarget(actor, id, userId)
      if (actor.user.role !== "admin") refuseSelf(actor, target.user)
      return yield* setMute(target, { until: null, reason: null })
    })
  }

  function* setMute(
    { room, member }: { readonly room: Room; readonly member: Member | null },
    { until, reason }: Sanction,
  ) {
    if (member === null) throw new ChatError("user_not_found")
    const isSame =
      until === null
        ? !isMuted(member, now())
        : member.mutedUntil === until && member.muteReason === reason
    if (isSame) return { result: member, events: [] }
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const muted = yield* store.members.setMute({
      room: room.numericId,
      user: member.user.numericId,
      until,
      reason,
      seq,
    })
    const event: BusMessage = { type: "member.updated", room, seq, member: muted }
    return { result: muted, events: [event] }
  }

  return { banUser, unbanUser, listBans, muteUser, unmuteUser }
}

export type Moderation = ReturnType<typeof createModeration>
