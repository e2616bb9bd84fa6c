import { Elysia } from "elysia"
import { z } from "zod"
import type { Scheduling } from "../core/scheduling"
import { asScheduledId } from "../protocol/ids"
import { ScheduleMessageBody, UpdateScheduledBody } from "../protocol/message-requests"
import { presentScheduled } from "../protocol/present-scheduled"
import { readDraft } from "../protocol/read-draft"
import { ListQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { pageByPlace } from "./paging"
import { RoomParams } from "./rooms"

export interface ScheduledRoutesDeps {
  readonly authentication: Authentication
  readonly scheduling: Scheduling
}

const ScheduledParams = z.object({ id: z.string().transform(asScheduledId) })

export function scheduledRoutes({ authentication, scheduling }: ScheduledRoutesDeps) {
  return new Elysia()
    .use(authentication)
    .post(
      "/rooms/:id/scheduled",
      async ({ actor, params, body }) => {
        const draft = readDraft(params.id, body)
        return presentScheduled(await scheduling.schedule(actor, draft, Date.parse(body.send_at)))
      },
      { params: RoomParams, body: ScheduleMessageBody },
    )
    .get(
      "/scheduled",
      async ({ actor, query, request, set }) => {
        const found = await pageByPlace({ request, query, set }, (page) =>
          scheduling.listScheduled(actor, page),
        )
        return found.map(presentScheduled)
      },
      { query: ListQuery.omit({ query: true }) },
    )
    .get(
      "/scheduled/:id",
      async ({ actor, params }) =>
        presentScheduled(await scheduling.getScheduled(actor, params.id)),
      { params: ScheduledParams },
    )
    .patch(
      "/scheduled/:id",
      async ({ actor, params, body: { content, send_at } }) => {
        const sendAt = send_at === undefined ? undefined : Date.parse(send_at)
        return presentScheduled(
          await scheduling.updateScheduled(actor, params.id, { content, sendAt }),
        )
      },
      { params: ScheduledParams, body: UpdateScheduledBody },
    )
    .delete(
      "/scheduled/:id",
      async ({ actor, params, set }) => {
        await scheduling.deleteScheduled(actor, params.id)
        set.status = 204
      },
      { params: ScheduledParams },
    )
}
