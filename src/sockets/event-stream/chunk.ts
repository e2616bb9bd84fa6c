import type { Frame } from "../../dialects/dialect"
import { asRoomId, type RoomId, type Seq } from "../../protocol/ids"

/** A frame as an event stream needs it: what of it decides, and its lines. */
export interface Chunk {
  readonly frame: Frame
  readonly type: string
  readonly roomId: RoomId | null
  /** Null: it is no change of a room. */
  readonly seq: Seq | null
  /** Without the `id`, which differs by listener, and the empty line at the end. */
  readonly lines: string
}

/** Frames begin with their `type`, and what tells of a room with that and its `seq`. */
const HEAD = /^\{"type":"([\w.]+)"(?:,"room_id":"([\w.-]+)")?(?:,"seq":(\d+))?/

/**
 * Puts frames, which are lines without breaks, into Server-Sent Events. A frame that all listeners
 * of a room are told is looked at once: they are told it one after the other.
 * Source: HTML, "Server-sent events", 9.2.5.
 */
export function createChunks(): (frame: Frame) => Chunk {
  let last: Chunk | null = null
  return (frame) => {
    if (last?.frame === frame) return last
    const [, type = "message", roomId, seq] = HEAD.exec(frame) ?? []
    last = {
      frame,
      type,
      roomId: roomId === undefined ? null : asRoomId(roomId),
      seq: seq === undefined ? null : Number(seq),
      lines: `event: ${type}\ndata: ${frame}\n`,
    }
    return last
  }
}
