import type { RoomNumericId } from "../protocol/ids"
import type { Link } from "./link"

interface HearingListeners {
  /** From now on the room is heard, for the first time or again after a gap. */
  followed(room: RoomNumericId): void
  /**
   * Something was lost on its way, a node that was telling has gone, or one is there of which it is
   * not known what it told before. A promise that is returned says when that is looked up.
   */
  missed(): unknown
}

/** What tells that other nodes may have said something that was not heard here. */
export interface Hearing {
  /** False: this node is cut off, and hears nothing of the others. */
  readonly isUp: boolean
  on(listeners: Partial<HearingListeners>): void
}

/** `onFollowed`: how the bus above the link says of which rooms' channels it hears from now on. */
export function hearingOf(
  link: Pick<Link, "isUp" | "on">,
  onFollowed: (isFollowed: (room: RoomNumericId) => void) => void,
): Hearing {
  const all: Partial<HearingListeners>[] = []
  const missed = () => Promise.all(all.map((listeners) => listeners.missed?.()))
  // Who was lost, and is there again, may have ended rights that nobody was told of.
  link.on({ missed, nodeLeft: missed, nodeJoined: missed })
  onFollowed((room) => {
    for (const listeners of all) listeners.followed?.(room)
  })
  return {
    get isUp() {
      return link.isUp
    },
    on: (listeners) => void all.push(listeners),
  }
}
