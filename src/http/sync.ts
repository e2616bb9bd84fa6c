import { Elysia } from "elysia"
import type { Sync } from "../core/sync"
import { presentChanges, presentReadMark, presentUnread } from "../protocol/present"
import { ChangesQuery, ReadBody } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { RoomParams } from "./rooms"

export interface SyncRoutesDeps {
  readonly authentication: Authentication
  readonly sync: Sync
}

export function syncRoutes({ authentication, sync }: SyncRoutesDeps) {
  return new Elysia()
    .use(authentication)
    .get(
      "/rooms/:id/changes",
      async ({ actor, params, query: { epoch, since, limit } }) => {
        const position = epoch === undefined || since === undefined ? null : { epoch, since }
        return presentChanges(await sync.readChanges(actor, params.id, { position, limit }))
      },
      { params: RoomParams, query: ChangesQuery },
    )
    .put(
      "/rooms/:id/read",
      async ({ actor, params, body, set }) => {
        await sync.markRead(actor, params.id, body.seq)
        set.status = 204
      },
      { params: RoomParams, body: ReadBody },
    )
    .get(
      "/rooms/:id/reads",
      async ({ actor, params }) => (await sync.listReads(actor, params.id)).map(presentReadMark),
      { params: RoomParams },
    )
    .get("/unread", async ({ actor }) => (await sync.readUnread(actor)).map(presentUnread))
}
