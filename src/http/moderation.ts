import { Elysia } from "elysia"
import type { z } from "zod"
import type { Moderation, Sanction } from "../core/moderation"
import { presentBan, presentMember } from "../protocol/present"
import { ListQuery, SanctionBody } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { MemberParams } from "./members"
import { linkNextPage, readCursor } from "./paging"
import { RoomParams } from "./rooms"

export interface ModerationRoutesDeps {
  readonly authentication: Authentication
  readonly moderation: Moderation
}

const toSanction = (body: z.output<typeof SanctionBody>): Sanction => ({
  until: body?.until == null ? null : Date.parse(body.until),
  reason: body?.reason ?? null,
})

export function moderationRoutes({ authentication, moderation }: ModerationRoutesDeps) {
  return new Elysia({ prefix: "/rooms/:id" })
    .use(authentication)
    .get(
      "/bans",
      async ({ actor, params, query, request, set }) => {
        const found = await moderation.listBans(actor, params.id, {
          before: readCursor(query.cursor, Number.MAX_SAFE_INTEGER),
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.user.numericId)
        return found.map(presentBan)
      },
      { params: RoomParams, query: ListQuery.omit({ query: true }) },
    )
    .put(
      "/bans/:user",
      async ({ actor, params, body }) =>
        presentBan(await moderation.banUser(actor, params.id, params.user, toSanction(body))),
      { params: MemberParams, body: SanctionBody },
    )
    .delete(
      "/bans/:user",
      async ({ actor, params, set }) => {
        await moderation.unbanUser(actor, params.id, params.user)
        set.status = 204
      },
      { params: MemberParams },
    )
    .put(
      "/mutes/:user",
      async ({ actor, params, body }) =>
        presentMember(await moderation.muteUser(actor, params.id, params.user, toSanction(body))),
      { params: MemberParams, body: SanctionBody },
    )
    .delete(
      "/mutes/:user",
      async ({ actor, params, set }) => {
        await moderation.unmuteUser(actor, params.id, params.user)
        set.status = 204
      },
      { params: MemberParams },
    )
}
