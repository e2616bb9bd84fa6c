import { inArray, sql } from "drizzle-orm"
import type { RoomNumericId, Seq } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

export interface RoomHead {
  readonly numericId: RoomNumericId
  readonly head: Seq
}

/** Rooms whose heads one statement reads; for the few that one turn asks about, fewer. */
const MANY = 1_000
const FEW = 16

/** The number of no room: the first one has 1. */
const NO_ROOM = 0

/** Where rooms stand, however many they are. */
export function createReadHeads({ queries, schema: { rooms } }: Tables) {
  // Each place is bound: a list of numbers is written in another way by each database.
  const headsOf = (size: number) =>
    statement(() => {
      const places = Array.from({ length: size }, (_, place) => sql.placeholder(`room${place}`))
      return queries
        .select({ numericId: rooms.numericId, head: rooms.head })
        .from(rooms)
        .where(inArray(rooms.numericId, places))
    })
  const many = headsOf(MANY)
  const few = headsOf(FEW)

  function* headsAmong(some: readonly RoomNumericId[]): Script<readonly RoomHead[]> {
    const isFew = some.length <= FEW
    const places = Array.from({ length: isFew ? FEW : MANY }, (_, place) => [
      `room${place}`,
      some[place] ?? NO_ROOM,
    ])
    return yield* (isFew ? few : many).all(Object.fromEntries(places))
  }

  /** Those that there are not are left out. */
  return function* readHeads(some: readonly RoomNumericId[]): Script<readonly RoomHead[]> {
    const found: RoomHead[] = []
    for (let start = 0; start < some.length; start += MANY) {
      found.push(...(yield* headsAmong(some.slice(start, start + MANY))))
    }
    return found
  }
}
