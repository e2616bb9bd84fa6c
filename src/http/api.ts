import { Elysia } from "elysia"
import type { Accounts } from "../auth/accounts"
import type { Addressing } from "../auth/address"
import type { Claims } from "../auth/claims"
import type { Identify } from "../auth/identify"
import type { Keys } from "../auth/keys"
import type { Sessions } from "../auth/sessions"
import type { Chat } from "../core/chat"
import type { RateLimit } from "../core/rate-limit"
import { type AdminRoutesDeps, adminRoutes } from "./admin"
import { authRoutes } from "./auth"
import type { Callers } from "./authenticate"
import { blocksRoutes } from "./blocks"
import { conversationsRoutes } from "./conversations"
import { type DocsRoutesDeps, docsRoutes } from "./docs"
import { type ErrorResponsesDeps, errorResponses } from "./errors"
import { gatewayEventsRoutes } from "./gateway-events"
import { type HealthRoutesDeps, healthRoutes } from "./health"
import { invitesRoutes } from "./invites"
import { jsonAnswers } from "./json-answers"
import { type JsonBodiesDeps, jsonBodies } from "./json-bodies"
import { membersRoutes } from "./members"
import { messageChangesRoutes } from "./message-changes"
import { messagesRoutes } from "./messages"
import { type MetricsRoutesDeps, metricsRoutes } from "./metrics"
import { moderationRoutes } from "./moderation"
import { type PagesRoutesDeps, pagesRoutes } from "./pages"
import { requestRate } from "./request-rate"
import { roomsRoutes } from "./rooms"
import { scheduledRoutes } from "./scheduled"
import { searchRoutes } from "./search"
import { type ServerInfoRoutesDeps, serverInfoRoutes } from "./server-info"
import { socketIoConversationsRoutes } from "./socketio-conversations"
import { type SocketIoRoomsRoutesDeps, socketIoRoomsRoutes } from "./socketio-rooms"
import { syncRoutes } from "./sync"
import { threadsRoutes } from "./threads"
import { uploadsRoutes } from "./uploads"
import { usersRoutes } from "./users"

export interface ApiDeps
  extends ErrorResponsesDeps,
    HealthRoutesDeps,
    MetricsRoutesDeps,
    JsonBodiesDeps,
    Omit<SocketIoRoomsRoutesDeps, "statistics">,
    DocsRoutesDeps,
    ServerInfoRoutesDeps,
    PagesRoutesDeps,
    Omit<AdminRoutesDeps, "overview"> {
  readonly chat: Chat
  readonly accounts: Accounts
  readonly claims: Claims
  readonly identify: Pick<Identify, "identifyOperator">
  readonly sessions: Sessions
  readonly keys: Keys
  readonly callers: Callers
  readonly addressing: Addressing
  /** REST requests, by address. */
  readonly requests: RateLimit
  /** Those for what was uploaded, by address. */
  readonly fileReads: RateLimit
  /** Users on a connection, in whatever protocol. */
  readonly countConnectedUsers: () => number
}

/** All of REST. */
export function createApi({ chat, ...deps }: ApiDeps) {
  const v1 = new Elysia({ prefix: "/api/v1" })
    .use(authRoutes(deps))
    .use(blocksRoutes({ ...deps, blocks: chat.blocks }))
    .use(usersRoutes({ ...deps, users: chat.users }))
    .use(roomsRoutes({ ...deps, rooms: chat.rooms }))
    .use(membersRoutes({ ...deps, members: chat.members, presence: chat.presence }))
    .use(moderationRoutes({ ...deps, moderation: chat.moderation }))
    .use(invitesRoutes({ ...deps, invites: chat.invites }))
    .use(conversationsRoutes({ ...deps, conversations: chat.conversations }))
    .use(messagesRoutes({ ...deps, messages: chat.messages }))
    .use(threadsRoutes({ ...deps, threads: chat.threads, forwarding: chat.forwarding }))
    .use(messageChangesRoutes({ ...deps, ...chat }))
    .use(scheduledRoutes({ ...deps, scheduling: chat.scheduling }))
    .use(uploadsRoutes({ ...deps, uploads: chat.uploads }))
    .use(syncRoutes({ ...deps, sync: chat.sync }))
    .use(searchRoutes({ ...deps, search: chat.search }))
    .use(serverInfoRoutes(deps))
    .use(adminRoutes({ ...deps, overview: chat.overview }))
  return new Elysia()
    .use(errorResponses(deps))
    .use(requestRate(deps))
    .use(jsonBodies(deps))
    .use(jsonAnswers())
    .use(healthRoutes(deps))
    .use(metricsRoutes(deps))
    .use(socketIoRoomsRoutes({ ...deps, statistics: chat.statistics }))
    .use(docsRoutes(deps))
    .use(pagesRoutes(deps))
    .use(gatewayEventsRoutes({ ...deps, announcements: chat.announcements }))
    .use(v1)
    .use(socketIoConversationsRoutes({ ...deps, pairs: chat.pairs }))
}
