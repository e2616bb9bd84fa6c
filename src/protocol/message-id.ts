import {
  asMessageId,
  asMessageNumericId,
  type Instant,
  type MessageId,
  type MessageNumericId,
  type RoomNumericId,
  type Seq,
} from "./ids"

/** Seqs that one room may ever take: 2^30, a thousand a second for twelve days on end. */
export const SEQS_PER_ROOM = 2 ** 30

/** Rooms that there may ever be, so that numeric ids stay exact in JSON: 2^23. */
export const ROOMS_MAX = 2 ** 23

/** A message's numeric id is its place: what its room is and where it stands there. */
export const messageNumericId = (room: RoomNumericId, seq: Seq): MessageNumericId =>
  asMessageNumericId(room * SEQS_PER_ROOM + seq)

let lastInstant: Instant = -1
let lastPrefix = ""

/** `tttttttt-tttt-8000-`: the time, in milliseconds, and the version of a UUID of one's own. */
function timePrefix(createdAt: Instant): string {
  if (createdAt !== lastInstant) {
    const hex = createdAt.toString(16).padStart(12, "0")
    lastPrefix = `${hex.slice(0, 8)}-${hex.slice(8)}-8000-`
    lastInstant = createdAt
  }
  return lastPrefix
}

const LOW = 2 ** 48

/**
 * A message's public id: a UUID (version 8, RFC 9562) made of its time and its numeric id. It
 * sorts by time, need not be stored, and is found without an index. It is no secret: who may
 * read a message is decided by its room.
 */
export function messageId(numericId: MessageNumericId, createdAt: Instant): MessageId {
  const high = (0x8000 + Math.floor(numericId / LOW)).toString(16)
  const low = (numericId % LOW).toString(16).padStart(12, "0")
  return asMessageId(`${timePrefix(createdAt)}${high}-${low}`)
}

/** The numeric id in a public one; null where the text is not of that form. */
export function numericIdOf(id: MessageId): MessageNumericId | null {
  const match = /^[0-9a-f]{8}-[0-9a-f]{4}-8000-([0-9a-f]{4})-([0-9a-f]{12})$/.exec(id)
  if (match === null) return null
  const [, high = "", low = ""] = match
  const value = (Number.parseInt(high, 16) - 0x8000) * LOW + Number.parseInt(low, 16)
  return Number.isSafeInteger(value) && value >= 0 ? asMessageNumericId(value) : null
}
