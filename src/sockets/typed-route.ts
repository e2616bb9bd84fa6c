import { Elysia } from "elysia"
import { z } from "zod"
import type { ClientFrame, ServerFrame } from "../protocol/socket-frames"

/**
 * What Eden clients see of `/api/v1/ws`: its frames, typed both ways. Never called: the route
 * itself is upgraded by hand (`routes.ts`), and only the type of this one is used.
 */
function declareSocketRoute() {
  return new Elysia().ws("/api/v1/ws", {
    query: z.object({ token: z.string().optional() }),
    // As clients write it: what has a default may be left out.
    body: z.custom<z.input<typeof ClientFrame>>(),
    response: z.custom<ServerFrame>(),
    message: () => undefined,
  })
}

export type TypedSocketRoute = ReturnType<typeof declareSocketRoute>
