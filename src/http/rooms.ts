import { Elysia } from "elysia"
import { z } from "zod"
import type { Rooms } from "../core/rooms"
import { asRoomId } from "../protocol/ids"
import { presentRoom } from "../protocol/present"
import { CreateRoomBody, RoomIdText, RoomsQuery, UpdateRoomBody } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"

export interface RoomsRoutesDeps {
  readonly authentication: Authentication
  readonly rooms: Rooms
}

export const RoomParams = z.object({ id: RoomIdText.transform(asRoomId) })

export function roomsRoutes({ authentication, rooms }: RoomsRoutesDeps) {
  return new Elysia({ prefix: "/rooms" })
    .use(authentication)
    .post(
      "/",
      async ({ actor, body }) => {
        const { room, userCount } = await rooms.createRoom(actor, {
          name: body.name,
          type: body.type,
          topic: body.topic ?? null,
          maxUsers: body.max_users,
          membersCanInvite: body.members_can_invite,
          id: body.id === undefined ? null : asRoomId(body.id),
        })
        return presentRoom(room, userCount)
      },
      { body: CreateRoomBody },
    )
    .get(
      "/",
      async ({ actor, query, request, set }) => {
        const found = await rooms.listRooms(actor, {
          mine: query.mine,
          type: query.type,
          query: query.query,
          before: readCursor(query.cursor, Number.MAX_SAFE_INTEGER),
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.room.numericId)
        return found.map(({ room, userCount }) => presentRoom(room, userCount))
      },
      { query: RoomsQuery },
    )
    .get(
      "/:id",
      async ({ actor, params }) => {
        const { room, userCount } = await rooms.getRoom(actor, params.id)
        return presentRoom(room, userCount)
      },
      { params: RoomParams },
    )
    .patch(
      "/:id",
      async ({ actor, params, body }) => {
        const { max_users: maxUsers, members_can_invite: membersCanInvite, ...rest } = body
        const change = { ...rest, maxUsers, membersCanInvite }
        const { room, userCount } = await rooms.updateRoom(actor, params.id, change)
        return presentRoom(room, userCount)
      },
      { params: RoomParams, body: UpdateRoomBody },
    )
    .delete(
      "/:id",
      async ({ actor, params, set }) => {
        await rooms.deleteRoom(actor, params.id)
        set.status = 204
      },
      { params: RoomParams },
    )
}
