import { Elysia } from "elysia"
import { z } from "zod"
import type { Users } from "../core/users"
import type { Actor, User } from "../protocol/entities"
import { asUserId } from "../protocol/ids"
import { presentUser, presentUserWithEmail } from "../protocol/present"
import { ListQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { nextPageLink, readCursor } from "./paging"

export interface UsersRoutesDeps {
  readonly authentication: Authentication
  readonly users: Users
}

export function usersRoutes({ authentication, users }: UsersRoutesDeps) {
  /** Addresses are shown to oneself and to admins. */
  const presentTo = (actor: Actor) => (user: User) =>
    actor.user.role === "admin" || user.id === actor.user.id
      ? presentUserWithEmail(user)
      : presentUser(user)

  return new Elysia({ prefix: "/users" })
    .use(authentication)
    .get(
      "/",
      async ({ actor, query, request, set }) => {
        const found = await users.listUsers({
          query: query.query,
          before: readCursor(query.cursor, Number.MAX_SAFE_INTEGER),
          limit: query.limit,
        })
        const link = nextPageLink(request.url, found, {
          limit: query.limit,
          position: found.at(-1)?.numericId,
        })
        if (link !== undefined) set.headers.link = link
        return found.map(presentTo(actor))
      },
      { query: ListQuery },
    )
    .get("/me", ({ actor }) => presentUserWithEmail(actor.user))
    .get(
      "/:id",
      async ({ actor, params }) => presentTo(actor)(await users.getUser(asUserId(params.id))),
      { params: z.object({ id: z.string() }) },
    )
}
