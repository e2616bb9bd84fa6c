import { WebSocketHealthSchema, WebSocketStatsSchema } from "../../protocol/socketio-rooms-answers"
import { json, operations } from "./operation"

/** What `socketio-rooms` has besides Socket.IO itself. */
export const SOCKET_IO_ROOMS = operations({
  "GET /websocket/health": {
    id: "webSocketHealth",
    tag: "server",
    summary: "How Socket.IO is set up, and how much is going on",
    access: "open",
    success: json(WebSocketHealthSchema, "It is healthy."),
  },
  "GET /websocket/stats": {
    id: "webSocketStats",
    tag: "server",
    summary: "What has gone on over Socket.IO",
    description:
      "In production for this machine, and for others with `x-internal-api-key`; in development for everybody. With `WS_ENABLE_METRICS=false` for nobody.",
    access: "open",
    success: json(WebSocketStatsSchema, "Counted since the server started, but for rooms."),
    errors: ["unauthorized", "not_found"],
  },
})
