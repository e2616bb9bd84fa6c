import type { Actor, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import type { Script } from "../store"
import { canOversee } from "./access"
import type { ChatDeps } from "./deps"
import type { RoomView } from "./rooms"

export interface OverviewQuery {
  readonly query: string | undefined
  /** Numeric id where the last page ended. */
  readonly before: number
  readonly limit: number
}

export interface Totals {
  readonly users: number
  /** But for conversations. */
  readonly rooms: number
}

/** Counting reads a whole table, and whoever looks at figures looks every other second. */
const TOTALS_KEPT_MS = 10_000

/** What admins look through. Errors of all: `forbidden` for everybody else. */
export function createOverview({
  store,
  presence,
  now,
}: Pick<ChatDeps, "store" | "presence" | "now">) {
  let totals: Promise<Totals> | undefined
  let countedAt: Instant = 0

  function refuseOthers(actor: Actor): void {
    if (!canOversee(actor)) throw new ChatError("forbidden")
  }

  async function look<Found>(actor: Actor, script: () => Script<Found>): Promise<Found> {
    refuseOthers(actor)
    return store.read(script())
  }

  async function count(): Promise<Totals> {
    try {
      return await store.read(store.overview.count())
    } catch (error) {
      totals = undefined
      throw error
    }
  }

  return {
    refuseOthers,
    /** Also those that are disabled, newest first. */
    listUsers: (actor: Actor, query: OverviewQuery): Promise<readonly User[]> =>
      look(actor, () => store.overview.listUsers(query)),
    /** Private ones too, but no conversation; newest first. */
    async listRooms(actor: Actor, query: OverviewQuery): Promise<readonly RoomView[]> {
      const rooms = await look(actor, () => store.overview.listRooms(query))
      return rooms.map((room) => ({ room, userCount: presence.countIn(room.numericId) }))
    },
    /** As they were within the last ten seconds. */
    async countAll(actor: Actor): Promise<Totals> {
      refuseOthers(actor)
      if (totals === undefined || now() - countedAt >= TOTALS_KEPT_MS) {
        countedAt = now()
        totals = count()
      }
      return totals
    },
  }
}

export type Overview = ReturnType<typeof createOverview>
