import type { Position } from "../protocol/commands"
import type { Actor, Member, Message, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomId, Seq } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { extrasChars } from "../protocol/message-size"
import type { Changes, ReadMark } from "../protocol/replies"
import type { Script } from "../store"
import { isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import type { Rooms } from "./rooms"
import { createReadUnread } from "./unread"

export interface ChangesRequest {
  readonly position: Position | null
  readonly limit: number
  /** About as many characters of JSON may be told; 0: only where the room stands. */
  readonly charsMax?: number
}

interface SyncDeps extends ChatDeps {
  readonly rooms: Rooms
}

/** Catching up: what changed since a client last looked, and what it has read. */
export function createSync({ store, presence, rooms }: SyncDeps) {
  /**
   * What changed after a position, in the order of the last changes, each thing once and in its
   * last state; `until` says up to where, `more` that it goes on. Without a position, or with
   * one that this history does not continue: the newest messages, and `recovered: false`.
   * Errors: `room_not_found`, `banned`.
   */
  async function readChanges(
    actor: Actor,
    id: RoomId,
    { position, limit, charsMax = LIMITS.answerCharsMax }: ChangesRequest,
  ): Promise<Changes> {
    return await store.read(
      (function* () {
        const { room } = yield* rooms.findVisible(actor, id)
        if (position === null || position.epoch !== room.epoch || position.since > room.head) {
          return yield* startAfresh(room, charsMax)
        }
        return yield* continueFrom(room, position.since, { limit, charsMax })
      })(),
    )
  }

  function* startAfresh(room: Room, charsMax: number): Script<Changes> {
    const newest = yield* store.messages.history(room.numericId, { limit: LIMITS.freshMessages })
    // The older ones are left out where they do not fit: history has them.
    const messages = [...fitting([...newest].reverse(), charsMax)].reverse()
    return {
      room,
      userCount: presence.countIn(room.numericId),
      until: room.head,
      recovered: false,
      roomChanged: true,
      messages,
      members: [],
      more: false,
    }
  }

  function* continueFrom(
    room: Room,
    since: Seq,
    { limit, charsMax }: { readonly limit: number; readonly charsMax: number },
  ): Script<Changes> {
    // One more than fits tells whether there is more; of two lists, both must be that long.
    const messages = yield* store.messages.changedSince(room.numericId, since, limit + 1)
    const members = yield* store.members.changedSince(room.numericId, since, limit + 1)
    const changes = [...messages, ...members].sort((a, b) => a.changedSeq - b.changedSeq)
    const page = fitting(changes.slice(0, limit), charsMax)
    const isWhole = page.length === changes.length
    const until = isWhole ? room.head : (page.at(-1)?.changedSeq ?? since)
    const isTold = (change: Message | Member) => change.changedSeq <= until
    return {
      room,
      userCount: presence.countIn(room.numericId),
      until,
      recovered: true,
      roomChanged: room.changedSeq > since && room.changedSeq <= until,
      messages: messages.filter(isTold),
      members: members.filter(isTold),
      more: until < room.head,
    }
  }

  /**
   * Moves the read mark forward and tells the room.
   * Errors: `room_not_found`, `banned`, `invalid_request`.
   */
  async function markRead(actor: Actor, id: RoomId, seq: Seq): Promise<void> {
    await store.write(function* () {
      const { room, member } = yield* rooms.findVisible(actor, id)
      if (!isCurrent(member)) throw noMember()
      if (seq > room.head) {
        throw new ChatError("invalid_request", {
          problems: [{ path: "seq", message: `is beyond the room's head, ${room.head}` }],
        })
      }
      const user = actor.user
      const isMoved = yield* store.members.markRead(room.numericId, user.numericId, seq)
      return { result: undefined, events: isMoved ? [{ type: "read", room, user, seq }] : [] }
    })
  }

  /**
   * How far each member has read. Errors: `room_not_found`, for those who are no members too;
   * `banned`; `conflict` in a room of more than `LIMITS.readsMembersMax` members.
   */
  async function listReads(actor: Actor, id: RoomId): Promise<readonly ReadMark[]> {
    return await store.read(
      (function* () {
        const { room, member } = yield* rooms.findVisible(actor, id)
        if (!isCurrent(member)) throw noMember()
        const max = LIMITS.readsMembersMax
        if (room.memberCount > max) {
          const detail = `only rooms of at most ${max} members tell how far each has read`
          throw new ChatError("conflict", { detail })
        }
        return yield* store.members.readMarks(room.numericId, max)
      })(),
    )
  }

  return { readChanges, markRead, readUnread: createReadUnread({ store }), listReads }
}

const noMember = () =>
  new ChatError("room_not_found", { detail: "you are not a member of this room" })

/** The first ones of a list that fit together; one always does, where anything may be told. */
function fitting<Change extends Message | Member>(
  changes: readonly Change[],
  charsMax: number,
): readonly Change[] {
  let chars = 0
  const end = changes.findIndex((change, index) => {
    chars += answerChars(change)
    return chars > charsMax && (index > 0 || charsMax <= 0)
  })
  return end === -1 ? changes : changes.slice(0, end)
}

/** An upper bound of what a change takes as JSON, where one character may become six. */
function answerChars(change: Message | Member): number {
  if (!("content" in change)) return CHANGE_CHARS
  const metadata = change.metadata === null ? 0 : JSON.stringify(change.metadata).length
  return CHANGE_CHARS + 6 * (change.content.length + metadata) + extrasChars(change.extras)
}

/** What a room's changes take of an answer that tells several rooms. */
export const changesChars = ({ messages, members }: Changes): number =>
  CHANGE_CHARS + [...messages, ...members].reduce((sum, change) => sum + answerChars(change), 0)

/** A message or member without its text, with its names. */
const CHANGE_CHARS = 700

export type Sync = ReturnType<typeof createSync>
