import type { Actor } from "../protocol/entities"
import type { RoomNumericId } from "../protocol/ids"
import type { Unread } from "../protocol/replies"
import type { ChatDeps } from "./deps"

/** Rows that are looked at in one turn: about 10 ms of SQLite, while nobody else is heard. */
const ROWS_PER_TURN = 50_000

/** As how many of these a room counts itself: it has to be found. */
const ROWS_OF_ROOM = 20

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

interface Uncounted {
  readonly room: RoomNumericId
  readonly distance: number
}

/** What somebody has not read. */
export function createReadUnread({ store }: Pick<ChatDeps, "store">) {
  /**
   * All rooms of the actor in one request. Own messages and deleted ones are never unread; more
   * than `LIMITS.unreadCountedMax` are not counted.
   */
  return async function readUnread(actor: Actor): Promise<readonly Unread[]> {
    const me = actor.user.numericId
    const places = await store.read(store.unread.places(me))
    const counted = new Map<RoomNumericId, Unread>()
    for (const rooms of turnsOf(places.filter(({ known }) => known === null))) {
      if (counted.size > 0) await nextTurn()
      for (const [room, unread] of await store.read(store.unread.count(me, rooms))) {
        counted.set(room, unread)
      }
    }
    return places.flatMap(({ room, known }) => known ?? counted.get(room) ?? [])
  }
}

/** Which rooms are counted at a time, so that others get their turns. */
export function turnsOf(places: readonly Uncounted[]): readonly (readonly RoomNumericId[])[] {
  const turns: RoomNumericId[][] = []
  let rows = 0
  for (const { room, distance } of places) {
    const turn = turns.at(-1)
    rows += ROWS_OF_ROOM + distance
    if (turn !== undefined && rows <= ROWS_PER_TURN) {
      turn.push(room)
      continue
    }
    turns.push([room])
    rows = ROWS_OF_ROOM + distance
  }
  return turns
}
