import { Elysia } from "elysia"
import { z } from "zod"
import type { Blocks } from "../core/blocks"
import { asUserId } from "../protocol/ids"
import { presentUser } from "../protocol/present"
import { ListQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"

export interface BlocksRoutesDeps {
  readonly authentication: Authentication
  readonly blocks: Blocks
}

const UserParams = z.object({ id: z.string().transform(asUserId) })

export function blocksRoutes({ authentication, blocks }: BlocksRoutesDeps) {
  return new Elysia({ prefix: "/users" })
    .use(authentication)
    .get(
      "/me/blocks",
      async ({ actor, query, request, set }) => {
        const found = await blocks.listBlocked(actor, {
          before: readCursor(query.cursor, Number.MAX_SAFE_INTEGER),
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.numericId)
        return found.map(presentUser)
      },
      { query: ListQuery.omit({ query: true }) },
    )
    .put(
      "/:id/block",
      async ({ actor, params, set }) => {
        await blocks.blockUser(actor, params.id)
        set.status = 204
      },
      { params: UserParams },
    )
    .delete(
      "/:id/block",
      async ({ actor, params, set }) => {
        await blocks.unblockUser(actor, params.id)
        set.status = 204
      },
      { params: UserParams },
    )
}
