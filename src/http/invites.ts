import { Elysia } from "elysia"
import { z } from "zod"
import type { Invites } from "../core/invites"
import { asInviteCode } from "../protocol/ids"
import { presentInvite, presentRoom } from "../protocol/present"
import { CreateInviteBody, ListQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { pageByPlace } from "./paging"
import { RoomParams } from "./rooms"

export interface InvitesRoutesDeps {
  readonly authentication: Authentication
  readonly invites: Invites
}

const CodeParams = z.object({ code: z.string().transform(asInviteCode) })

export function invitesRoutes({ authentication, invites }: InvitesRoutesDeps) {
  return new Elysia()
    .use(authentication)
    .post(
      "/rooms/:id/invites",
      async ({ actor, params, body }) =>
        presentInvite(
          await invites.createInvite(actor, params.id, {
            expiresAt: body?.expires_at == null ? null : Date.parse(body.expires_at),
            usesMax: body?.max_uses ?? null,
          }),
        ),
      { params: RoomParams, body: CreateInviteBody },
    )
    .get(
      "/rooms/:id/invites",
      async ({ actor, params, query, request, set }) => {
        const found = await pageByPlace({ request, query, set }, async ({ offset, limit }) =>
          (await invites.listInvites(actor, params.id)).slice(offset, offset + limit),
        )
        return found.map(presentInvite)
      },
      { params: RoomParams, query: ListQuery.omit({ query: true }) },
    )
    .delete(
      "/rooms/:id/invites/:code",
      async ({ actor, params, set }) => {
        await invites.revokeInvite(actor, params.id, params.code)
        set.status = 204
      },
      { params: RoomParams.extend(CodeParams.shape) },
    )
    .post(
      "/invites/:code",
      async ({ actor, params }) => {
        const { room, userCount } = await invites.acceptInvite(actor, params.code)
        return presentRoom(room, userCount)
      },
      { params: CodeParams },
    )
}
