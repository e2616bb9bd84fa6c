import { Elysia } from "elysia"
import type { z } from "zod"
import type { Identify } from "../auth/identify"
import type { Announcements } from "../core/announcements"
import type { EdgeMeter } from "../ops/meters"
import {
  type GatewayStats,
  type SystemMessageAnswer,
  SystemMessageBody,
} from "../protocol/gateway-events"
import { asRoomId } from "../protocol/ids"

export interface GatewayEventsRoutesDeps {
  readonly identify: Pick<Identify, "identifyOperator">
  readonly announcements: Announcements
  /** Users on a connection, in whatever protocol. */
  readonly countConnectedUsers: () => number
  readonly rest: EdgeMeter
}

/**
 * The REST of `gateway-events`: what other services of an app tell and ask the server by the
 * internal key, in no user's name. Errors: `unauthorized`, before anything else is looked at.
 */
export function gatewayEventsRoutes(deps: GatewayEventsRoutesDeps) {
  const { identify, announcements, countConnectedUsers, rest } = deps
  return new Elysia({ name: "gateway-events" })
    .derive(({ request }) => ({
      operator: identify.identifyOperator(request.headers),
    }))
    .post(
      "/send-system-message",
      async ({ operator, body }): Promise<z.infer<typeof SystemMessageAnswer>> => {
        const { roomId, message } = body
        const { id } = await announcements.announce(operator, asRoomId(roomId), message)
        rest.messages++
        return { id }
      },
      { body: SystemMessageBody },
    )
    .get("/stats", (): z.infer<typeof GatewayStats> => ({ connectedUsers: countConnectedUsers() }))
}
