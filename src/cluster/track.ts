import type { RoomEvent } from "../protocol/events"
import type { RoomNumericId, Seq } from "../protocol/ids"

/** Waits for a room to be told so far. */
export interface Waiter {
  readonly seq: Seq
  end(isTold: boolean): void
}

/** How far one room has been told on this node. */
export interface Track {
  readonly room: RoomNumericId
  told: Seq
  /** The furthest seq that is known to exist. */
  known: Seq
  /** What came before an earlier event. */
  readonly held: Map<Seq, RoomEvent>
  /** Runs while it is waited for that what is missing comes by itself. */
  timer: Timer | null
  isReading: boolean
  /** While pages are read: how an event is told, see `newSince`. */
  asNew: ((event: RoomEvent) => RoomEvent) | null
  waiters: Waiter[]
}

export const startTrack = (room: RoomNumericId, head: Seq): Track => ({
  room,
  told: head,
  known: head,
  held: new Map(),
  timer: null,
  isReading: false,
  asNew: null,
  waiters: [],
})

export const hasFallenBehind = ({ told, known }: Track): boolean => told < known

/** Drops what is held up to there, and returns how many that were. */
export function dropHeld({ held }: Track, until: Seq): number {
  const before = held.size
  for (const seq of held.keys()) if (seq <= until) held.delete(seq)
  return before - held.size
}

/** Ends the wait of those whose seq has been told. */
export function endWaits(track: Track): void {
  for (const waiter of [...track.waiters]) if (waiter.seq <= track.told) waiter.end(true)
}

/**
 * What is told first of a message that was sent since is its being new, whatever has become of it:
 * some protocols have words for new messages alone. All else that is told of it is a change.
 */
export function newSince(since: Seq): (event: RoomEvent) => RoomEvent {
  const known = new Set<Seq>()
  return (event) => {
    if (event.type !== "message.created" && event.type !== "message.updated") return event
    const { seq } = event.message
    const isNew = seq > since && !known.has(seq)
    known.add(seq)
    return { ...event, type: isNew ? "message.created" : "message.updated" }
  }
}
