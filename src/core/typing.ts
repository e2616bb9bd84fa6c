import type { Actor, Profile } from "../protocol/entities"
import type { BusMessage, RoomRef } from "../protocol/events"
import type { RoomId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { isMuted } from "./access"
import type { ChatDeps } from "./deps"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import { refuseSilenced } from "./silence"

interface TypingDeps extends Pick<ChatDeps, "store" | "publish" | "now"> {
  readonly rooms: Rooms
  readonly notices: RateLimit
}

interface Typist {
  readonly room: RoomRef
  readonly user: Profile
  readonly timer: Timer
  /** False: they type on another node, which ends it if it lives. */
  readonly isHere: boolean
}

/** What another node ends by itself has ended there by then, and been heard of, unless it is lost. */
const HEARD_LATE_MS = 1_000

/**
 * Who is typing where, here and on other nodes. A notice ends by itself 10 s after its last
 * renewal, and when its author sends, leaves, is muted or disconnects; so there is never one
 * without a living timer.
 */
export function createTyping({ store, publish, now, rooms, notices }: TypingDeps) {
  const typists = new Map<string, Typist>()
  const keyOf = (roomId: RoomId, user: Pick<Profile, "numericId">) => `${user.numericId}:${roomId}`

  /** Errors: `room_not_found`, `banned`, `muted`, `forbidden`, `rate_limited`. */
  async function setTyping(actor: Actor, id: RoomId, isTyping: boolean): Promise<void> {
    const { room, member } = await store.read(rooms.findReadable(actor, id))
    if (!isTyping) return stop(room.id, actor.user)
    refuseSilenced(room, member ?? { mutedUntil: null }, now())
    notices.take(actor.user.numericId)
    const key = keyOf(room.id, actor.user)
    const known = typists.get(key)
    if (known !== undefined) clearTimeout(known.timer)
    const ref = { id: room.id, numericId: room.numericId }
    const timer = setTimeout(() => stop(ref.id, actor.user), LIMITS.typingMs)
    typists.set(key, { room: ref, user: actor.user, timer, isHere: true })
    // Renewals are told too: who subscribed meanwhile learns of it.
    publish({ type: "typing", room: ref, user: actor.user, isTyping: true, at: now() })
  }

  /** Ends a notice, if there is one. */
  function stop(roomId: RoomId, user: Pick<Profile, "numericId">): void {
    // On the path of every message, where nobody is typing far more often than not.
    if (typists.size === 0) return
    const key = keyOf(roomId, user)
    const typist = typists.get(key)
    if (typist === undefined) return
    clearTimeout(typist.timer)
    typists.delete(key)
    publish({ type: "typing", room: typist.room, user: typist.user, isTyping: false, at: now() })
  }

  /** What another node tells of its typists; what this one tells has been noted before. */
  function note({ room, user, isTyping }: Extract<BusMessage, { type: "typing" }>): void {
    const key = keyOf(room.id, user)
    const known = typists.get(key)
    if (isTyping && known?.isHere === true) return
    clearTimeout(known?.timer)
    typists.delete(key)
    if (!isTyping) return
    // Told by whichever node is the first to miss the end; the others hear it from there.
    const timer = setTimeout(() => stop(room.id, user), LIMITS.typingMs + HEARD_LATE_MS)
    typists.set(key, { room, user, timer, isHere: false })
  }

  /** Told by the node where they type: each one that knows of it would tell it again. */
  function end(roomId: RoomId, user: Pick<Profile, "numericId">): void {
    const key = keyOf(roomId, user)
    const typist = typists.get(key)
    if (typist === undefined || typist.isHere) {
      stop(roomId, user)
      return
    }
    clearTimeout(typist.timer)
    typists.delete(key)
  }

  /** Who is out of the room, or may say nothing more in it, is not typing there either. */
  function heed(message: BusMessage): void {
    if (message.type === "typing") note(message)
    if (typists.size === 0) return
    if (message.type === "access.ended") end(message.room.id, { numericId: message.user })
    if (message.type !== "member.left" && message.type !== "member.updated") return
    const { room, member } = message
    if (member.leftAt !== null || isMuted(member, now())) end(room.id, member.user)
  }

  /** Ends all notices of a user: their last connection is gone. */
  function stopAll(user: Profile): void {
    for (const typist of [...typists.values()]) {
      if (typist.user.numericId === user.numericId) stop(typist.room.id, user)
    }
  }

  /** Who is typing in a room just now. */
  function typistsIn(roomId: RoomId): readonly Profile[] {
    const found: Profile[] = []
    for (const { room, user } of typists.values()) if (room.id === roomId) found.push(user)
    return found
  }

  return {
    setTyping,
    typistsIn,
    countTypists: (): number => typists.size,
    stop,
    heed,
    stopAll,
    close: () => {
      for (const { timer } of typists.values()) clearTimeout(timer)
      typists.clear()
    },
  }
}

export type Typing = ReturnType<typeof createTyping>
