import { Elysia } from "elysia"
import { z } from "zod"
import type { Disabling } from "../auth/disabling"
import type { Overview, Totals } from "../core/overview"
import type { Vitals } from "../ops/vitals"
import { asUserId } from "../protocol/ids"
import { isoTime, presentAdminUser, presentRoom } from "../protocol/present"
import { ListQuery } from "../protocol/requests"
import type { ApiServerStats } from "../protocol/server-answers"
import type { Authentication } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"

export interface AdminRoutesDeps {
  readonly authentication: Authentication
  readonly overview: Overview
  readonly disabling: Disabling
  readonly readVitals: () => Vitals
}

const UserParams = z.object({ id: z.string().transform(asUserId) })

/** For admins. Errors of all: `forbidden`. */
export function adminRoutes({ authentication, overview, disabling, readVitals }: AdminRoutesDeps) {
  return new Elysia({ prefix: "/admin" })
    .use(authentication)
    .get("/stats", async ({ actor }) => presentStats(readVitals, await overview.countAll(actor)))
    .get(
      "/users",
      async ({ actor, query, request, set }) => {
        const before = readCursor(query.cursor, Number.MAX_SAFE_INTEGER)
        const found = await overview.listUsers(actor, {
          query: query.query,
          before,
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.numericId)
        return found.map(presentAdminUser)
      },
      { query: ListQuery },
    )
    .put(
      "/users/:id/disabled",
      async ({ actor, params }) => presentAdminUser(await disabling.disableUser(actor, params.id)),
      { params: UserParams },
    )
    .delete(
      "/users/:id/disabled",
      async ({ actor, params }) => presentAdminUser(await disabling.enableUser(actor, params.id)),
      { params: UserParams },
    )
    .get(
      "/rooms",
      async ({ actor, query, request, set }) => {
        const before = readCursor(query.cursor, Number.MAX_SAFE_INTEGER)
        const found = await overview.listRooms(actor, {
          query: query.query,
          before,
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.room.numericId)
        return found.map(({ room, userCount }) => presentRoom(room, userCount))
      },
      { query: ListQuery },
    )
}

/** Read once it is known who asks: reading begins to watch the event loop. */
function presentStats(readVitals: () => Vitals, totals: Totals): ApiServerStats {
  const vitals = readVitals()
  return {
    time: isoTime(vitals.time),
    started_at: isoTime(vitals.startedAt),
    version: vitals.version,
    users: { total: totals.users, online: vitals.usersOnline },
    rooms: { total: totals.rooms, occupied: vitals.roomsOccupied },
    messages: { sent: vitals.messages.sent, per_second: vitals.messages.perSecond },
    connections: Object.fromEntries(
      vitals.connections.map(({ edge, connections }) => [edge, connections]),
    ),
    deliveries: vitals.deliveries,
    memory_bytes: vitals.memoryBytes,
    event_loop_lag_ms: vitals.eventLoopLagMs,
    commits: { count: vitals.commits.count, mean_ms: vitals.commits.meanMs },
  }
}
