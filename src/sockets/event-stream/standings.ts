import type { Room } from "../../protocol/entities"
import type { Instant, RoomId, RoomNumericId, Seq } from "../../protocol/ids"
import { type Cursor, encodeCursor, epochMark, type Place } from "./cursor"

interface Standing {
  readonly mark: number
  seq: Seq
  /** What comes late and was read before: told up to here by a snapshot. */
  readUntil: Seq
  /** It is yet to be told what it missed, and stands where its cursor said. */
  isOwed: boolean
}

export interface StandingsDeps {
  /** From where the client goes on; null: it begins. */
  readonly cursor: Cursor | null
  readonly openedAt: Instant
  /** Undefined: the client does not hear the room. */
  readonly numberOf: (room: RoomId) => RoomNumericId | undefined
  readonly now: () => Instant
}

/** Of so few rooms a cursor is short: each change brings a new one. */
const FEW_ROOMS = 16

/** Of more, so much time is between two of them, but for heartbeats. */
const CURSOR_EVERY_MS = 1_000

/** Up to where one listener has been told each of its rooms, which becomes its cursor. */
export class Standings {
  /** Who moved last is last: of a cursor that cannot hold all it is of use to name those. */
  private readonly byRoom = new Map<RoomId, Standing>()
  private readonly owed = new Map<RoomId, RoomNumericId>()
  private isCaughtUp = false
  private hasMoved = false
  private writtenAt: Instant = 0

  constructor(private readonly deps: StandingsDeps) {}

  /** The client is to be told what it missed of the room since then. */
  owe({ id, numericId }: Room, { seq, mark }: Pick<Place, "seq" | "mark">): void {
    this.byRoom.set(id, { seq, mark, readUntil: 0, isOwed: true })
    this.owed.set(id, numericId)
  }

  /** The client has been told the room up to there, and hears it from here on. */
  settle(room: RoomId, epoch: string, seq: Seq): void {
    this.byRoom.delete(room)
    this.byRoom.set(room, { seq, mark: epochMark(epoch), readUntil: seq, isOwed: false })
    this.owed.delete(room)
    this.hasMoved = true
  }

  /** The client has come to hear a room. Not up to its head: of what made it so it is told yet. */
  begin(room: RoomId, epoch: string, head: Seq): void {
    if (this.byRoom.get(room)?.isOwed) return
    const seq = Math.max(head - 1, 0)
    this.byRoom.set(room, { seq, mark: epochMark(epoch), readUntil: 0, isOwed: false })
    this.hasMoved = true
  }

  /** False: this has been told already. */
  move(room: RoomId, seq: Seq): boolean {
    const standing = this.byRoom.get(room)
    if (standing === undefined || standing.isOwed) return true
    if (seq <= standing.readUntil) return false
    standing.seq = Math.max(standing.seq, seq)
    this.byRoom.delete(room)
    this.byRoom.set(room, standing)
    this.hasMoved = true
    return true
  }

  forget(room: RoomId): void {
    this.byRoom.delete(room)
    this.owed.delete(room)
    this.hasMoved = true
  }

  catchUpEnds(): void {
    this.isCaughtUp = true
    this.hasMoved = true
  }

  /** A cursor, where it is time for one; null: the client keeps the last one. */
  takeCursor(): string | null {
    const isDue = this.byRoom.size <= FEW_ROOMS || this.isTime()
    return isDue ? this.takeLatest() : null
  }

  /** A cursor, if anything has moved since the last one. */
  takeLatest(): string | null {
    if (!this.hasMoved) return null
    const { cursor, openedAt, now } = this.deps
    this.hasMoved = false
    this.writtenAt = now()
    // 0: rooms that are new to the client are to be told as new ones until they have been told.
    const owedSince = cursor === null ? openedAt : (cursor.toldUntil ?? 0)
    return encodeCursor(this.places(), this.isCaughtUp ? now() : owedSince)
  }

  private isTime(): boolean {
    const elapsedMs = this.deps.now() - this.writtenAt
    // Where the clock is set back, the next one is not to wait for it.
    return elapsedMs >= CURSOR_EVERY_MS || elapsedMs < 0
  }

  /** Rooms that are owed first: nobody could tell where they stand, if they were left out. */
  private *places(): Iterable<Place> {
    for (const [id, room] of this.owed) {
      const standing = this.byRoom.get(id)
      if (standing !== undefined) yield { room, seq: standing.seq, mark: standing.mark }
    }
    for (const [id, { seq, mark, isOwed }] of [...this.byRoom].reverse()) {
      const room = isOwed ? undefined : this.deps.numberOf(id)
      if (room !== undefined) yield { room, seq, mark }
    }
  }
}
