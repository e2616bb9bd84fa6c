import { z } from "zod"
import { operations } from "./operation"

const opened = { status: 101, means: "From here on, frames `{event, data}`." }

/** Of the protocol `gateway-events`. */
export const GATEWAY_EVENTS = operations({
  "GET /chat/ws": {
    id: "openGatewayEvents",
    tag: "server",
    summary: "Open a WebSocket that speaks `gateway-events`",
    query: z.object({ token: z.string().optional() }),
    success: opened,
    errors: ["overloaded"],
    fields: { token: "An access token, for pages without the cookie. It may end up in logs." },
  },
  "GET /ws": {
    id: "openGatewayEventsForGateway",
    tag: "server",
    summary: "The same for trusted gateways",
    description: "With `x-internal-api-key` and `x-user-id`, and no other credentials.",
    access: "gateway",
    success: opened,
    errors: ["overloaded"],
  },
})
