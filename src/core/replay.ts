import type { Member, Message, Room } from "../protocol/entities"
import type { RoomEvent } from "../protocol/events"
import type { RoomNumericId, Seq } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { extrasChars } from "../protocol/message-size"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"

/** What happened in a room after a seq, as those who listen would have been told. */
interface Replayed {
  /** In the order of their seqs, each changed thing once, in its last state. */
  readonly events: readonly RoomEvent[]
  /** Up to here they tell everything. */
  readonly until: Seq
  /** The room goes on after that. */
  readonly more: boolean
}

/** Rooms' events from what is stored: for a node that has not heard of them. */
export function createReplay({ store, presence }: Pick<ChatDeps, "store" | "presence">) {
  /** A part of them; of a room that there is not, none. */
  const readEvents = (room: RoomNumericId, since: Seq): Promise<Replayed> =>
    store.read(eventsSince(room, since))

  function* eventsSince(numericId: RoomNumericId, since: Seq): Script<Replayed> {
    const room = yield* store.rooms.findByNumber(numericId)
    if (room === null) return { events: [], until: since, more: false }
    const limit = LIMITS.changesPerPageMax
    // One more than is told tells whether there is more.
    const messages = yield* store.messages.changedSince(numericId, since, limit + 1)
    const members = yield* store.members.changedSince(numericId, since, limit + 1)
    const all = [
      ...messages.map((message) => ofMessage(room, message, since)),
      ...members.map((member) => ofMember(room, member)),
      ...ofRoom(room, since),
    ].sort((one, other) => one.seq - other.seq)
    const events = all.slice(0, Math.min(limit, countToldAtOnce(all)))
    const isWhole = events.length === all.length
    const until = isWhole ? Math.max(room.head, since) : (events.at(-1)?.seq ?? since)
    return { events, until, more: !isWhole }
  }

  function ofRoom(room: Room, since: Seq): readonly RoomEvent[] {
    if (room.changedSeq <= since) return []
    const type = room.deletedAt === null ? "room.updated" : "room.deleted"
    return [{ type, room, seq: room.changedSeq, userCount: presence.countIn(room.numericId) }]
  }

  return {
    readEvents,
    /** Where these rooms stand. */
    readHeads: (rooms: readonly RoomNumericId[]) => store.read(store.readHeads(rooms)),
  }
}

/** How many of them make up what is told in one turn; one at least, or nobody got any further. */
function countToldAtOnce(events: readonly RoomEvent[]): number {
  let chars = 0
  const end = events.findIndex((event) => {
    if ("message" in event) {
      chars += event.message.content.length + extrasChars(event.message.extras)
    }
    return chars >= LIMITS.toldAtOnceCharsMax
  })
  return end === -1 ? events.length : end + 1
}

/**
 * One that was sent since is told as new, however it has been changed: some protocols have words
 * for new messages alone, and would never tell of it.
 */
function ofMessage(room: Room, message: Message, since: Seq): RoomEvent {
  const { seq, changedSeq, deletedAt } = message
  if (deletedAt !== null) return { type: "message.deleted", room, seq: changedSeq, message }
  const type = seq > since ? "message.created" : "message.updated"
  return { type, room, seq: changedSeq, message }
}

function ofMember(room: Room, member: Member): RoomEvent {
  const { changedSeq, lastReadSeq, leftAt } = member
  if (leftAt !== null) return { type: "member.left", room, seq: changedSeq, member }
  // Who joins counts all before as read. Who has read on since is told of all the same.
  const type = lastReadSeq === changedSeq ? "member.joined" : "member.updated"
  return { type, room, seq: changedSeq, member }
}

export type Replay = ReturnType<typeof createReplay>
