import type { ApiChanges } from "../../protocol/answers"
import type { Told } from "../connection/connection"

/** A durable change of a room, which has taken a seq. */
export type RoomChange = Extract<Told, { readonly seq: number }>

interface FeedDeps {
  /** Each change once, in the order of their seqs. */
  readonly apply: (change: RoomChange) => void
  /** Something in between has not come: to be asked for from `until` on. */
  readonly onGap: () => void
}

/** Changes that wait for one before them; more of them are asked for again. */
const HELD_MAX = 500

/**
 * Puts into order what is told of a room: twice what comes twice is dropped, and what comes early
 * waits until what is before it was told.
 */
export function createFeed({ apply, onGap }: FeedDeps) {
  let until = -1
  const held = new Map<number, RoomChange>()

  function goOn(): void {
    for (const seq of held.keys()) if (seq <= until) held.delete(seq)
    for (let next = held.get(until + 1); next !== undefined; next = held.get(until + 1)) {
      held.delete(next.seq)
      until = next.seq
      apply(next)
    }
  }

  return {
    /** Everything up to here is known. -1: nothing is. */
    get until() {
      return until
    },
    /** Whether something has come that what is before it is missed of. */
    get isWaiting() {
      return held.size > 0
    },
    begin(at: number): void {
      until = at
      goOn()
    },
    /** Nothing is known any more: what comes waits for the next `begin`. */
    stop(): void {
      until = -1
      held.clear()
    },
    hear(change: RoomChange): void {
      if (change.seq <= until) return
      if (held.size >= HELD_MAX) held.clear()
      held.set(change.seq, change)
      if (until < 0) return
      goOn()
      if (held.size > 0) onGap()
    },
    /** An answer that tells what changed after some seq that was known, up to `upTo`. */
    told(changes: readonly RoomChange[], upTo: number): void {
      for (const change of changes) {
        if (change.seq <= until) continue
        until = change.seq
        apply(change)
      }
      until = Math.max(until, upTo)
      goOn()
    },
  }
}

export type Feed = ReturnType<typeof createFeed>

/** What an answer tells, as it would have been told while it happened. */
export function changesOf(
  roomId: string,
  { messages, members, room, until }: ApiChanges,
  since: number,
): readonly RoomChange[] {
  const changes: RoomChange[] = [
    ...messages.map((data): RoomChange => {
      const type =
        data.deleted_at !== null
          ? "message.deleted"
          : data.seq > since
            ? "message.created"
            : "message.updated"
      return { type, room_id: roomId, seq: data.changed_seq, data }
    }),
    ...members.map((data): RoomChange => {
      const type = data.left_at === null ? "member.updated" : "member.left"
      return { type, room_id: roomId, seq: data.changed_seq, data }
    }),
  ]
  changes.sort((a, b) => a.seq - b.seq)
  // When it changed is not told; nothing in the answer comes after it in meaning.
  if (room !== undefined) {
    changes.push({ type: "room.updated", room_id: roomId, seq: until, data: room })
  }
  return changes
}
