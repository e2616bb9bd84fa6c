import { Elysia } from "elysia"
import { z } from "zod"
import type { Accounts } from "../auth/accounts"
import type { Users } from "../core/users"
import type { Actor, User } from "../protocol/entities"
import { asUserId } from "../protocol/ids"
import { presentOwnUser, presentUser, presentUserWithEmail } from "../protocol/present"
import { CreateUserBody, ListQuery, UpdateProfileBody } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"

export interface UsersRoutesDeps {
  readonly authentication: Authentication
  readonly users: Users
  readonly accounts: Accounts
}

export function usersRoutes({ authentication, users, accounts }: UsersRoutesDeps) {
  /** Addresses are shown to oneself and to admins. */
  const presentTo = (actor: Actor) => (user: User) => {
    if (user.id === actor.user.id) return presentOwnUser(user)
    return actor.user.role === "admin" ? presentUserWithEmail(user) : presentUser(user)
  }

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
        linkNextPage({ request, query, set }, found, (it) => it.numericId)
        return found.map(presentTo(actor))
      },
      { query: ListQuery },
    )
    .post(
      "/",
      async ({ actor, body }) =>
        presentUserWithEmail(
          await accounts.createUser(actor, {
            username: body.username,
            password: body.password ?? null,
            email: body.email ?? null,
            displayName: body.display_name ?? null,
          }),
        ),
      { body: CreateUserBody },
    )
    .get("/me", ({ actor }) => presentOwnUser(actor.user))
    .patch(
      "/me",
      async ({ actor, body }) => {
        const { display_name: displayName, avatar_url: avatarUrl, ...rest } = body
        const change = { ...rest, displayName, avatarUrl }
        return presentOwnUser(await users.updateProfile(actor, change))
      },
      { body: UpdateProfileBody },
    )
    .delete("/me", async ({ actor, set }) => {
      await users.deleteAccount(actor)
      set.status = 204
    })
    .get(
      "/:id",
      async ({ actor, params }) => presentTo(actor)(await users.getUser(asUserId(params.id))),
      { params: z.object({ id: z.string() }) },
    )
}
