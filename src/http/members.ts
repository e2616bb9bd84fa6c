import { Elysia } from "elysia"
import { z } from "zod"
import type { Members } from "../core/members"
import type { PresenceRules } from "../core/presence"
import { ROLES } from "../protocol/entities"
import { asUserId } from "../protocol/ids"
import { presentMember, presentOnlineMember, presentRoom } from "../protocol/present"
import { ListQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"
import { RoomParams } from "./rooms"

export interface MembersRoutesDeps {
  readonly authentication: Authentication
  readonly members: Members
  readonly presence: PresenceRules
}

export const MemberParams = RoomParams.extend({ user: z.string().transform(asUserId) })

export function membersRoutes({ authentication, members, presence }: MembersRoutesDeps) {
  return new Elysia({ prefix: "/rooms/:id" })
    .use(authentication)
    .post(
      "/join",
      async ({ actor, params }) => {
        const { room, userCount } = await members.joinRoom(actor, params.id)
        return presentRoom(room, userCount)
      },
      { params: RoomParams },
    )
    .post(
      "/leave",
      async ({ actor, params, set }) => {
        await members.leaveRoom(actor, params.id)
        set.status = 204
      },
      { params: RoomParams },
    )
    .get(
      "/members",
      async ({ actor, params, query, request, set }) => {
        const found = await members.listMembers(actor, params.id, {
          after: readCursor(query.cursor, -1),
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.user.numericId)
        return found.map(presentMember)
      },
      { params: RoomParams, query: ListQuery.omit({ query: true }) },
    )
    .get(
      "/presence",
      async ({ actor, params }) =>
        (await presence.listOnline(actor, params.id)).map(presentOnlineMember),
      { params: RoomParams },
    )
    .put(
      "/members/:user",
      async ({ actor, params, body }) =>
        presentMember(
          await members.putMember(actor, params.id, { userId: params.user, role: body?.role }),
        ),
      {
        params: MemberParams,
        body: z.object({ role: z.enum(ROLES).optional() }).nullish(),
      },
    )
    .delete(
      "/members/:user",
      async ({ actor, params, set }) => {
        await members.removeMember(actor, params.id, params.user)
        set.status = 204
      },
      { params: MemberParams },
    )
}
