import type { ApiMessage, ApiUnread } from "../../protocol/answers"
import { LIMITS } from "../limits"
import type { Messages } from "./messages-in-order"

interface Heard {
  readonly seq: number
  readonly isMention: boolean
}

/**
 * What one has not read of a room: as the server counted it at some seq, and what was heard since.
 * Kept apart, so that another count of the server's can come at any time without anything being
 * counted twice or not at all.
 */
export interface UnreadCount {
  readonly lastReadSeq: number
  readonly unread: number
  readonly mentions: number
  /** The server's count tells of everything up to this seq. */
  readonly countedTo: number
  readonly heard: readonly Heard[]
  /** What was heard first is only a number by now, as if the server had counted it. */
  readonly isFolded: boolean
  /** What was counted by the server is no longer sure: it is to be asked again. */
  readonly isInDoubt: boolean
}

/** Beyond so many, those that were heard are only a number. */
const HEARD_MAX = 200

export const nothingUnread = (head: number): UnreadCount => ({
  lastReadSeq: head,
  unread: 0,
  mentions: 0,
  countedTo: head,
  heard: [],
  isFolded: false,
  isInDoubt: false,
})

/** How many, as it is shown. */
export function countsOf({ unread, mentions, heard }: UnreadCount) {
  const cap = (count: number) => Math.min(count, LIMITS.unreadCountedMax)
  return {
    unread: cap(unread + heard.length),
    mentions: cap(mentions + heard.filter(({ isMention }) => isMention).length),
  }
}

/** A count of the server's. What is marked as read here, and not told yet, stays read. */
export function countedByServer(known: UnreadCount, told: ApiUnread): UnreadCount {
  // Read further than the server knows: its count is of another place.
  if (known.lastReadSeq > told.last_read_seq) {
    if (known.lastReadSeq < told.head) return { ...known, isInDoubt: true }
    return { ...nothingUnread(known.lastReadSeq), heard: after(known.heard, known.lastReadSeq) }
  }
  return {
    ...nothingUnread(told.head),
    lastReadSeq: told.last_read_seq,
    unread: told.unread,
    mentions: told.mentions,
    heard: after(known.heard, Math.max(told.head, told.last_read_seq)),
  }
}

/** A message as it is now; own and deleted ones are never unread. */
export function heardMessage(count: UnreadCount, message: ApiMessage, me: string): UnreadCount {
  const { seq, changed_seq, user_id, deleted_at } = message
  if (user_id === me || seq <= count.lastReadSeq || changed_seq <= count.countedTo) return count
  const isMention = deleted_at === null && callsMe(message, me)
  if (seq <= count.countedTo) return isSurelyAsCounted(count, message) ? count : inDoubt(count)
  const others = count.heard.filter((it) => it.seq !== seq)
  if (deleted_at !== null) {
    return others.length === count.heard.length ? count : { ...count, heard: others }
  }
  return folded({ ...count, heard: [...others, { seq, isMention }] }, changed_seq)
}

/** One that the server has counted has changed: reactions and pins do not matter. */
function isSurelyAsCounted(count: UnreadCount, { deleted_at, edited_at }: ApiMessage): boolean {
  // What was heard came in the order of its changes: this one may have been told late.
  if (count.isFolded) return false
  if (count.unread === 0) return true
  return deleted_at === null && edited_at === null
}

function folded(count: UnreadCount, until: number): UnreadCount {
  if (count.heard.length <= HEARD_MAX) return count
  const { unread, mentions } = countsOf(count)
  return { ...count, unread, mentions, countedTo: until, heard: [], isFolded: true }
}

/** Read up to there. `newest`: messages up to now without a hole, as many as are known. */
export function readUpTo(
  count: UnreadCount,
  seq: number,
  { newest, me }: { readonly newest: Messages; readonly me: string },
): UnreadCount {
  if (seq <= count.lastReadSeq) return count
  const heard = after(count.heard, seq)
  const read = { ...count, lastReadSeq: seq, heard }
  if (seq >= count.countedTo) {
    return { ...read, unread: 0, mentions: 0, isFolded: false, isInDoubt: false }
  }
  if (count.unread === 0) return read
  const [first] = newest
  if (first === undefined || first.seq > seq + 1) return { ...read, isInDoubt: true }
  const left = newest.filter(
    (it) =>
      it.seq > seq && it.seq <= count.countedTo && it.user_id !== me && it.deleted_at === null,
  )
  const calls = left.filter((it) => callsMe(it, me))
  return { ...read, unread: left.length, mentions: calls.length, isInDoubt: false }
}

const callsMe = ({ mentions }: ApiMessage, me: string): boolean =>
  mentions.includes(me) || mentions.includes("room")

export const inDoubt = (count: UnreadCount): UnreadCount =>
  count.isInDoubt ? count : { ...count, isInDoubt: true }

const after = (heard: readonly Heard[], seq: number) => heard.filter((it) => it.seq > seq)
