import type { RoomRef } from "../protocol/events"
import type { Instant, RoomId, RoomNumericId, Seq } from "../protocol/ids"

interface Head {
  seq: Seq
  movedAt: Instant
}

/**
 * Where rooms stand that changed lately. Heartbeats carry it, so that a client notices even the
 * loss of the last event of a quiet room, which no gap in seqs would show.
 */
export function createHeads(now: () => Instant) {
  const heads = new Map<RoomNumericId, Head>()

  return {
    moved(room: RoomRef, seq: Seq): void {
      const head = heads.get(room.numericId)
      if (head === undefined) {
        heads.set(room.numericId, { seq, movedAt: now() })
        return
      }
      head.seq = Math.max(head.seq, seq)
      head.movedAt = now()
    },
    /** The last change that has been told, if it was lately; 0: none was. */
    toldOf: (room: RoomRef): Seq => heads.get(room.numericId)?.seq ?? 0,
    forget: (room: RoomRef) => heads.delete(room.numericId),
    /** Those of the rooms that moved at or after the instant. */
    movedSince(
      audiences: Iterable<{ readonly room: RoomRef }>,
      instant: Instant,
    ): ReadonlyMap<RoomId, Seq> {
      const moved = new Map<RoomId, Seq>()
      for (const { room } of audiences) {
        const head = heads.get(room.numericId)
        if (head !== undefined && head.movedAt >= instant) moved.set(room.id, head.seq)
      }
      return moved
    },
    /** Drops what every heartbeat has told. */
    forgetBefore(instant: Instant): void {
      for (const [room, head] of heads) if (head.movedAt < instant) heads.delete(room)
    },
  }
}

export type Heads = ReturnType<typeof createHeads>
