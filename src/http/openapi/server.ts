import { z } from "zod"
import { ServerInfoSchema } from "../../protocol/server-answers"
import { json, operations } from "./operation"

const Document = z.looseObject({})

const PAGE = { status: 200, means: "A page.", mime: "text/html;charset=utf-8" } as const
const UNCHANGED = { status: 304, means: "`If-None-Match` names what it still is." } as const

/** The one address that is a setting, as it is by default. */
export const ROOM_COMMANDS = "GET /ws/chat"

/** What needs no credentials: the server's state, its documents, and where sockets are opened. */
export const SERVER = operations({
  "GET /health": {
    id: "health",
    tag: "server",
    summary: "Whether the process is alive",
    access: "open",
    success: json(z.object({ status: z.literal("ok") }), "It is."),
  },
  "GET /ready": {
    id: "ready",
    tag: "server",
    summary: "Whether the server can work",
    access: "open",
    success: json(z.object({ status: z.literal("ready") }), "The database answers and stores."),
    errors: ["overloaded"],
  },
  "GET /metrics": {
    id: "metrics",
    tag: "server",
    summary: "Figures for Prometheus",
    description:
      "In production for this machine, and for others with `x-internal-api-key`; in development for everybody.",
    access: "open",
    success: { status: 200, means: "The text format of Prometheus.", mime: "text/plain" },
    errors: ["unauthorized"],
  },
  "GET /api/v1/server": {
    id: "readServer",
    tag: "server",
    summary: "What this server is, before one has an account",
    access: "open",
    success: json(ServerInfoSchema, "Its name, and what it allows."),
  },
  "GET /api/v1/ws": {
    id: "openSocket",
    tag: "server",
    summary: "Open a WebSocket",
    access: "late",
    description:
      "Subprotocol `parley.v1`. Its frames are described in `/asyncapi.json`. Without credentials, the first frame is `auth`.",
    query: z.object({ token: z.string().optional() }),
    success: { status: 101, means: "From here on, frames." },
    errors: ["overloaded"],
    fields: { token: "An access token. It may end up in logs of proxies: `auth` is better." },
  },
  "GET /api/v1/ws/:room_id/:user_id": {
    id: "openRoomSocket",
    tag: "server",
    summary: "Open a WebSocket in a room",
    description:
      "For clients that know a room and a user and no more: the history comes first, then whatever is said. A public room needs no join before.",
    query: z.object({ token: z.string().optional() }),
    success: { status: 101, means: "From here on, frames." },
    errors: ["room_not_found", "banned", "room_full"],
    fields: {
      token: "An access token, for pages. It may end up in logs of proxies.",
      room_id: "The room's id. With `CHAT_TRUST_CLIENT_IDS` it is made if nobody has made it yet.",
      user_id:
        "The caller's id, username or numeric id; another user's is `forbidden`. With `CHAT_TRUST_CLIENT_IDS` and without credentials, who the caller is.",
    },
  },
  [ROOM_COMMANDS]: {
    id: "openRoomCommands",
    tag: "server",
    summary: "Open a WebSocket that speaks room-commands",
    description:
      "Frames `{type, data}`, and no subprotocol. `CHAT_WEBSOCKET_PATH` says at which address.",
    query: z.object({ token: z.string().optional() }),
    success: { status: 101, means: "From here on, frames." },
    errors: ["overloaded"],
    fields: { token: "An access token. It may end up in logs of proxies: a header is better." },
  },
  "GET /swagger": {
    id: "apiPage",
    tag: "server",
    summary: "This document as a page",
    access: "open",
    success: { status: 200, means: "A page.", mime: "text/html;charset=utf-8" },
  },
  "GET /swagger/json": {
    id: "openApiDocument",
    tag: "server",
    summary: "This document",
    access: "open",
    success: json(Document, "OpenAPI 3.1."),
  },
  "GET /swagger/assets/:file": {
    id: "apiPageAsset",
    tag: "server",
    summary: "A file of the page",
    access: "open",
    success: { status: 200, means: "A script or a style sheet.", mime: "*/*" },
    errors: ["not_found"],
    fields: { file: "Its name." },
  },
  "GET /": {
    id: "webClient",
    tag: "server",
    summary: "The web client",
    description: "With `CHAT_WEB_CLIENT=off` there is none, nor any of its files.",
    access: "open",
    success: PAGE,
    others: [UNCHANGED],
    errors: ["not_found"],
  },
  "GET /playground": {
    id: "playground",
    tag: "server",
    summary: "A page that speaks every protocol and shows its frames",
    access: "open",
    success: PAGE,
    others: [UNCHANGED],
    errors: ["not_found"],
  },
  "GET /assets/:file": {
    id: "webClientAsset",
    tag: "server",
    summary: "A file of the web client",
    access: "open",
    success: { status: 200, means: "A script or a style sheet, say, to be kept.", mime: "*/*" },
    others: [UNCHANGED],
    errors: ["not_found"],
    fields: { file: "Its name, which says its content, too." },
  },
  "GET /favicon.svg": {
    id: "icon",
    tag: "server",
    summary: "The web client's icon",
    access: "open",
    success: { status: 200, means: "A picture.", mime: "image/svg+xml" },
    others: [UNCHANGED],
    errors: ["not_found"],
  },
  "GET /manifest.webmanifest": {
    id: "webClientManifest",
    tag: "server",
    summary: "What the web client is called where it is installed",
    access: "open",
    success: { status: 200, means: "A manifest.", mime: "application/manifest+json" },
    errors: ["not_found"],
  },
  "GET /asyncapi.json": {
    id: "asyncApiDocument",
    tag: "server",
    summary: "The WebSocket, as a document",
    access: "open",
    success: json(Document, "AsyncAPI 3.0."),
  },
})
