import { z } from "zod"
import { GatewayStats, SystemMessageAnswer } from "../../protocol/gateway-events"
import { json, operations } from "./operation"

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
  "POST /send-system-message": {
    id: "sendSystemMessage",
    tag: "server",
    summary: "Say something in a room, as the server itself",
    description:
      "For other services of an app, by `INTERNAL_API_KEY`; where that is unset, for nobody. Answered when it is on the disk. Its author is the user `system`, its type `system`; it counts towards nobody's rate of messages.",
    access: "internal",
    success: json(SystemMessageAnswer, "The message's id."),
    errors: ["room_not_found"],
    example: { roomId: "room123", message: "Server maintenance in 5 minutes" },
    fields: {
      roomId: "The room's id: of any room but a conversation, private ones too.",
      message: "At most `CHAT_MAX_MESSAGE_LENGTH` characters.",
    },
  },
  "GET /stats": {
    id: "gatewayStats",
    tag: "server",
    summary: "How many users are connected",
    description:
      "In whatever protocol; who has several connections counts once. By `INTERNAL_API_KEY`.",
    access: "internal",
    success: json(GatewayStats, "Users on a connection just now."),
  },
})
