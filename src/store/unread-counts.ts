import type { RoomId, RoomNumericId, Seq, UserNumericId } from "../protocol/ids"
import type { Unread } from "../protocol/replies"

/** A room and a read mark in it, read from the database each time: they prove a count current. */
export interface Standing {
  readonly room: RoomNumericId
  readonly roomId: RoomId
  readonly epoch: string
  readonly lastReadSeq: Seq
  readonly head: Seq
}

interface Counted extends Standing {
  readonly unread: number
  readonly mentions: number
}

/** About 20 MB at the most; who asked longest ago goes first. */
const COUNTS_MAX = 100_000

/**
 * What was counted lately, so that asking again costs no more than knowing that nothing changed:
 * whatever changes what is unread in a room takes a seq of it, or moves the mark.
 */
export function createUnreadCounts() {
  const byUser = new Map<UserNumericId, Map<RoomNumericId, Counted>>()
  let size = 0

  function forgetOldest(): void {
    for (const [user, counts] of byUser) {
      if (size <= COUNTS_MAX) return
      byUser.delete(user)
      size -= counts.size
    }
  }

  return {
    /** Null: it has to be counted. */
    find(user: UserNumericId, standing: Standing): Unread | null {
      const { room, epoch, lastReadSeq, head } = standing
      if (head <= lastReadSeq) return toUnread({ ...standing, unread: 0, mentions: 0 })
      const known = byUser.get(user)?.get(room)
      if (known === undefined || known.epoch !== epoch) return null
      return known.head === head && known.lastReadSeq === lastReadSeq ? toUnread(known) : null
    },
    remember(user: UserNumericId, counted: Counted): Unread {
      const counts = byUser.get(user) ?? new Map<RoomNumericId, Counted>()
      // Whoever asks is the one who asked last.
      byUser.delete(user)
      byUser.set(user, counts)
      size += counts.has(counted.room) ? 0 : 1
      counts.set(counted.room, counted)
      forgetOldest()
      return toUnread(counted)
    },
  }
}

const toUnread = ({ roomId, unread, mentions, lastReadSeq, head }: Counted): Unread => ({
  roomId,
  unread,
  mentions,
  lastReadSeq,
  head,
})
