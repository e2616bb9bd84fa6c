import type { RoomRef } from "../protocol/events"
import type { Seq, UserNumericId } from "../protocol/ids"
import type { Heads } from "./heads"

/** What of rooms' events this node has told, on their way from the bus to its sockets. */
export interface Ordering {
  /** Up to where the room has been told; 0 where that is not known. */
  toldOf(room: RoomRef): Seq
  /**
   * True: the room has been told up to there. False: that did not come about in time. Where there
   * is nothing to wait for it is no promise, so that a caller goes on in the same turn.
   */
  reach(room: RoomRef, seq: Seq): Promise<boolean> | undefined
  /** Somebody here begins to listen, who knows the room up to `head` from the database. */
  follow(room: RoomRef, head: Seq): void
  /** Nobody here listens any more. */
  unfollow(room: RoomRef): void
}

/** Of a server whose events all come from itself, in order: there is nothing to put right. */
export const plainOrdering = (heads: Pick<Heads, "toldOf">): Ordering => ({
  toldOf: heads.toldOf,
  reach: () => undefined,
  follow: () => undefined,
  unfollow: () => undefined,
})

/** Says that a user came into a room as a member who may have been shown out of it meanwhile. */
export type Doubt = (user: UserNumericId, room: RoomRef) => void
