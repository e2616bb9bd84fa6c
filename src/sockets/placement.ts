import type { Hearer, Misplaced, PlaceRules } from "../core/places"
import type { BusMessage, RoomRef } from "../protocol/events"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Connections } from "./connections"
import type { Subscriptions } from "./subscriptions"

export interface PlacementDeps {
  readonly connections: Connections
  readonly subscriptions: Pick<Subscriptions, "enterMissing">
  readonly places: PlaceRules
  readonly countPresent: (room: RoomRef) => number
  /** Tells the sockets of this node. */
  readonly tell: (message: BusMessage) => void
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

/** So many take a moment to read; then others have their turn. */
const USERS_PER_TURN = 50

/** How often a doubt is looked into that cannot be, and how long it is from one to the next. */
const TRIES_MAX = 10
const TRY_AGAIN_MS = 1_000

/**
 * Puts right who hears what, where this node may not have been told: nobody hears a room any more
 * who has been shown out of it elsewhere, nor misses one that they have been added to. Each user is
 * looked up by what the database has of them, a few at a time.
 */
export function createPlacement(deps: PlacementDeps) {
  const { connections, subscriptions, places, countPresent, tell, inBackground } = deps
  let doubts = new Map<UserNumericId, Set<RoomNumericId>>()
  let isDue = false

  /** What the user's connections hear; null: there is nobody to whom it matters. */
  function hearerOf(user: UserNumericId, asMember: ReadonlySet<RoomNumericId>): Hearer | null {
    const heard = new Map<RoomNumericId, RoomRef>()
    let settled: Set<RoomNumericId> | null = null
    for (const connection of connections.ofUser(user)) {
      const { audiences, followsAll, leftOut } = connection
      const its = new Set(leftOut)
      for (const { room } of audiences.values()) {
        heard.set(room.numericId, room)
        its.add(room.numericId)
      }
      if (followsAll) settled = settled === null ? its : settled.intersection(its)
    }
    if (heard.size === 0 && settled === null) return null
    return { user, heard: [...heard.values()], asMember, settled }
  }

  async function check(hearers: readonly Hearer[]): Promise<void> {
    for (let start = 0; start < hearers.length; start += USERS_PER_TURN) {
      const found = await places.findMisplaced(hearers.slice(start, start + USERS_PER_TURN))
      for (const it of found) put(it)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  function put({ user, ended, begun }: Misplaced): void {
    for (const room of ended) tell({ type: "access.ended", user, room })
    for (const room of begun) {
      if (!subscriptions.enterMissing(user, room)) continue
      tell({ type: "room.added", user, room, userCount: countPresent(room) })
    }
  }

  async function lookInto(doubted: typeof doubts, tries = 1): Promise<void> {
    const hearers = [...doubted].flatMap(([user, rooms]) => hearerOf(user, rooms) ?? [])
    try {
      await check(hearers)
    } catch (error) {
      if (tries === TRIES_MAX) throw error
      await new Promise<void>((resolve) => setTimeout(resolve, TRY_AGAIN_MS).unref())
      await lookInto(doubted, tries + 1)
    }
  }

  function doubt(user: UserNumericId, room?: RoomRef): void {
    const rooms = doubts.get(user) ?? new Set()
    doubts.set(user, rooms)
    if (room !== undefined) rooms.add(room.numericId)
    if (isDue) return
    isDue = true
    setImmediate(() => {
      const doubted = doubts
      doubts = new Map()
      isDue = false
      inBackground(lookInto(doubted), "look up who may hear what")
    })
  }

  return {
    /** All users who are connected here. */
    async checkAll(): Promise<void> {
      const users = new Set<UserNumericId>()
      for (const { user } of connections.actors()) users.add(user.numericId)
      await check([...users].flatMap((user) => hearerOf(user, NONE) ?? []))
    },
    /**
     * Looks this user up soon. With a room: they came into it as a member, and may be none. A
     * doubt is about what was told already, so what is read next settles it.
     */
    doubt,
    /** All who hear the room. */
    doubtAllIn(room: RoomNumericId): void {
      for (const { actor, audiences } of connections.all) {
        if (actor === null) continue
        const isHeard = audiences.values().some((it) => it.room.numericId === room)
        if (isHeard) doubt(actor.user.numericId)
      }
    },
  }
}

const NONE: ReadonlySet<RoomNumericId> = new Set()
