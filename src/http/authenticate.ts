import { Elysia } from "elysia"
import type { Identify } from "../auth/identify"
import { ChatError } from "../protocol/errors"

/**
 * Gives every route that is declared after `.use(authentication)` its `actor`, before anything
 * of the request is checked: strangers learn nothing about what a route would have liked.
 */
export function createAuthentication({ identifyRequest }: Identify) {
  return new Elysia({ name: "authentication" }).derive({ as: "scoped" }, async ({ request }) => {
    const actor = await identifyRequest(request.headers)
    if (actor === null) throw new ChatError("unauthorized")
    return { actor }
  })
}

export type Authentication = ReturnType<typeof createAuthentication>
