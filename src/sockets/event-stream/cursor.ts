import {
  asRoomNumericId,
  INSTANT_MAX,
  type Instant,
  type RoomNumericId,
  type Seq,
} from "../../protocol/ids"
import { LIMITS } from "../../protocol/limits"

/** Up to where a room has been told. */
export interface Place {
  readonly room: RoomNumericId
  readonly seq: Seq
  /** `epochMark` of the room's epoch. */
  readonly mark: number
}

/** Where a client stands in all of its rooms, in a text that it keeps for us. */
export interface Cursor {
  readonly places: ReadonlyMap<RoomNumericId, Place>
  /**
   * Until when everything had been told of rooms that have no place, for they did not fit. Null:
   * all had one, so others are new.
   */
  readonly toldUntil: Instant | null
}

const WHOLE = 1
const PARTIAL = 2
const MARK_BYTES = 2
const CHECKSUM_BYTES = 4
/** Kind, instant and checksum. */
const FRAME_BYTES = 1 + 8 + CHECKSUM_BYTES
/** Base64 has three bytes in four characters. */
const BYTES_MAX = Math.floor((LIMITS.cursorCharsMax * 3) / 4)

/**
 * Writes where a client stands: as many of the places as fit, the first ones first. `now`: until
 * when everything has been told of those that do not.
 */
export function encodeCursor(places: Iterable<Place>, now: Instant): string {
  const fitting: Place[] = []
  let bytes = FRAME_BYTES
  let isWhole = true
  for (const place of places) {
    bytes += sizeOf(place.room) + sizeOf(place.seq) + MARK_BYTES
    isWhole = bytes <= BYTES_MAX
    if (!isWhole) break
    fitting.push(place)
  }
  const written: number[] = isWhole ? [WHOLE] : [PARTIAL]
  if (!isWhole) writeNumber(written, now)
  let last = 0
  for (const { room, seq, mark } of fitting.sort((one, other) => one.room - other.room)) {
    writeNumber(written, room - last)
    writeNumber(written, seq)
    written.push(mark >>> 8, mark & 255)
    last = room
  }
  const sum = checksum(written)
  written.push(sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255)
  return Buffer.from(written).toString("base64url")
}

/** Null: it is none of ours, or damaged. */
export function decodeCursor(text: string): Cursor | null {
  if (text.length > LIMITS.cursorCharsMax || !/^[\w-]+$/.test(text)) return null
  const bytes = Buffer.from(text, "base64url")
  const end = bytes.length - CHECKSUM_BYTES
  if (end < 1 || bytes.readUInt32BE(end) !== checksum(bytes.subarray(0, end))) return null
  return readCursor(bytes.subarray(0, end))
}

function readCursor(bytes: Buffer): Cursor | null {
  const read = reader(bytes)
  const kind = bytes[0]
  if (kind !== WHOLE && kind !== PARTIAL) return null
  const toldUntil = kind === PARTIAL ? read.number() : null
  if (toldUntil !== null && !(toldUntil <= INSTANT_MAX)) return null
  const places = new Map<RoomNumericId, Place>()
  let last = 0
  while (read.hasMore()) {
    const step = read.number()
    const seq = read.number()
    const mark = read.mark()
    if (step === null || step === 0 || seq === null || mark === null) return null
    last += step
    if (!Number.isSafeInteger(last) || !Number.isSafeInteger(seq)) return null
    const room = asRoomNumericId(last)
    places.set(room, { room, seq, mark })
  }
  return { places, toldUntil }
}

/** Behind the kind. */
function reader(bytes: Buffer) {
  let at = 1
  return {
    hasMore: () => at < bytes.length,
    /** Null: it ends in the middle. */
    number(): number | null {
      let value = 0
      for (let factor = 1; at < bytes.length; factor *= 128) {
        const byte = bytes[at++] ?? 0
        value += (byte & 127) * factor
        if (byte < 128) return value
      }
      return null
    },
    mark(): number | null {
      if (at + MARK_BYTES > bytes.length) return null
      at += MARK_BYTES
      return bytes.readUInt16BE(at - MARK_BYTES)
    },
  }
}

/** Seven bits a byte, the low ones first; the eighth says that more come. No bit operators: those end at 32. */
function writeNumber(bytes: number[], value: number): void {
  let left = value
  while (left >= 128) {
    bytes.push((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  bytes.push(left)
}

function sizeOf(value: number): number {
  let size = 1
  for (let left = value; left >= 128; left = Math.floor(left / 128)) size++
  return size
}

/**
 * Sixteen bits of an epoch. All rooms get new ones together, when history was turned back, so that
 * one of them escapes in 65,536 and not a whole cursor.
 */
export const epochMark = (epoch: string): number => {
  const sum = checksum(Buffer.from(epoch))
  return (sum >>> 16) ^ (sum & 0xffff)
}

/** FNV-1a of 32 bits: against accidents, not against anybody, for a cursor opens nothing. */
function checksum(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
