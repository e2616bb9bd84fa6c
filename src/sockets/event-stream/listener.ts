import type { Frame, StreamVoice } from "../../dialects/dialect"
import type { Room } from "../../protocol/entities"
import type { RoomId, Seq } from "../../protocol/ids"
import type { RoomStanding } from "../../protocol/replies"
import type { Chunk } from "./chunk"
import type { Standings } from "./standings"

export interface ListenerDeps {
  readonly words: StreamVoice
  readonly standings: Standings
  readonly chunkOf: (frame: Frame) => Chunk
  readonly write: (text: string) => void
}

/** So many changes of a room wait while it is read; of more, all are read again. */
const HELD_MAX = 64

/**
 * Tells a client in order: what it missed of a room, then what happened in it meanwhile, then what
 * happens. With each change, or now and then, comes the cursor from which it may go on.
 */
export class Listener {
  private held: { readonly room: RoomId; chunks: Chunk[]; isTooMuch: boolean } | null = null

  constructor(private readonly deps: ListenerDeps) {}

  /** Something that is told to many, or to this connection alone. */
  hear(frame: Frame): void {
    const chunk = this.deps.chunkOf(frame)
    const { held } = this
    if (held === null || chunk.seq === null || chunk.roomId !== held.room) this.tell(chunk)
    else if (held.chunks.length < HELD_MAX) held.chunks.push(chunk)
    else held.isTooMuch = true
  }

  private tell({ type, roomId, seq, lines, frame }: Chunk): void {
    const { standings, write } = this.deps
    if (roomId !== null) {
      if (type === "room.added") this.begin(frame, roomId)
      else if (type === "room.removed" || type === "room.deleted") standings.forget(roomId)
      else if (seq !== null && !standings.move(roomId, seq)) return
    }
    const cursor = this.cursorWith(type, seq)
    write(cursor === null ? `${lines}\n` : `${lines}id: ${cursor}\n\n`)
  }

  private cursorWith(type: string, seq: Seq | null): string | null {
    const { standings } = this.deps
    if (type === "heartbeat" || type === "live") return standings.takeLatest()
    return seq === null && type !== "snapshot" ? null : standings.takeCursor()
  }

  /** The one event of which more is read than its head: it is the first that is told of a room. */
  private begin(frame: Frame, room: RoomId): void {
    // One of our own, as `encodeEvent` writes it.
    const { data } = JSON.parse(frame) as { readonly data: Pick<Room, "epoch" | "head"> }
    this.deps.standings.begin(room, data.epoch, data.head)
  }

  /** From now on changes of the room wait: it is about to be read. */
  hold(room: RoomId): void {
    this.held = { room, chunks: [], isTooMuch: false }
  }

  /** True: so much came that it is to be read again. */
  get isOverrun(): boolean {
    return this.held?.isTooMuch ?? false
  }

  /** Tells what waited, of it what the client has not been told by a snapshot. */
  release(): void {
    const chunks = this.held?.chunks ?? []
    this.held = null
    for (const chunk of chunks) this.tell(chunk)
  }

  snapshot(standing: RoomStanding): void {
    const { words, standings } = this.deps
    if ("changes" in standing) {
      const { room, until } = standing.changes
      standings.settle(standing.roomId, room.epoch, until)
    }
    this.hear(words.encodeSnapshot(standing))
  }

  /** All that was missed has been told. */
  goLive(): void {
    this.deps.standings.catchUpEnds()
    this.hear(this.deps.words.encodeLive())
  }
}
