import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { NodeId } from "./link"
import type { Tellers, Untold } from "./presence"
import { TOLD_AT_ONCE } from "./presence-owed"
import type { PresenceView } from "./presence-view"
import { NODE_LOST_MS } from "./timing"

export interface ReturnedDeps {
  readonly node: NodeId
  readonly view: PresenceView
  readonly back: Tellers["back"]
}

interface Return {
  isWhole: boolean
  /** Another node has said of this user that they are gone. */
  isContradicted: boolean
  readonly rooms: Set<RoomNumericId>
}

/** What several nodes say about one absence comes within this time, and is answered once. */
const GATHER_MS = 1_000

/**
 * Users of this node of whom everybody has been told that they are gone: this node was only
 * paused or cut off, or the word of their return crossed that of their going.
 */
export function createReturned({ node, view, back }: ReturnedDeps) {
  const returns = new Map<UserNumericId, Return>()
  let timer: Timer | undefined
  let isTelling = false
  let takenForLostAt = Number.NEGATIVE_INFINITY

  function returnOf(user: UserNumericId): Return {
    let found = returns.get(user)
    if (found === undefined) {
      found = { isWhole: false, isContradicted: false, rooms: new Set() }
      returns.set(user, found)
    }
    return found
  }

  function arm(): void {
    if (timer !== undefined || isTelling || returns.size === 0) return
    timer = setTimeout(() => {
      timer = undefined
      void tell()
    }, GATHER_MS)
    timer.unref()
  }

  async function tell(): Promise<void> {
    isTelling = true
    try {
      while (returns.size > 0) {
        await back(takeSlice())
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      isTelling = false
    }
  }

  function takeSlice(): readonly Untold[] {
    const slice: Untold[] = []
    for (const [user, found] of returns) {
      if (slice.length === TOLD_AT_ONCE) break
      returns.delete(user)
      const untold = asUntold(user, found)
      if (untold !== null) slice.push(untold)
    }
    return slice
  }

  function asUntold(user: UserNumericId, found: Return): Untold | null {
    const standing = view.mine.people.get(user)
    if (standing === undefined || standing.isLingering) return null
    const others = [...view.standingsElsewhere(user)].filter(([, it]) => !it.isLingering)
    // Of several nodes that are told so, the smallest answers; and who went elsewhere while this
    // node was lost was told of there.
    const isOthers = others.some(([other]) => !found.isContradicted || other < node)
    const isIn = (room: RoomNumericId) => view.mine.rooms.get(room)?.has(user) === true
    const rooms = [...found.rooms].filter((room) => isIn(room) && !view.isInElsewhere(room, user))
    const isWhole = found.isWhole && !isOthers
    if (!isWhole && rooms.length === 0) return null
    const { profile, status } = view.personOf(user) ?? standing
    return { user: profile, status, isWhole, rooms }
  }

  return {
    /** Another node has told everybody what is not so. */
    contradict(user: UserNumericId, { isWhole, rooms }: Pick<Untold, "isWhole" | "rooms">): void {
      const { mine } = view
      const ours = rooms.filter((room) => mine.rooms.get(room)?.has(user) === true)
      const isOurs = isWhole && mine.people.get(user)?.isLingering === false
      if (!isOurs && ours.length === 0) return
      const found = returnOf(user)
      if (isOurs) found.isWhole = true
      if (isOurs) found.isContradicted = true
      for (const room of ours) found.rooms.add(room)
      arm()
    },
    /** All people of this node have been told gone. */
    takenForLost(): void {
      // To be lost again takes longer: this is another node that speaks of the same absence.
      if (performance.now() - takenForLostAt < NODE_LOST_MS) return
      takenForLostAt = performance.now()
      for (const user of view.mine.people.keys()) returnOf(user).isWhole = true
      for (const [room, users] of view.mine.rooms) {
        for (const user of users) returnOf(user).rooms.add(room)
      }
      arm()
    },
    close(): void {
      clearTimeout(timer)
      returns.clear()
    },
  }
}

export type Returned = ReturnType<typeof createReturned>
