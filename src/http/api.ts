import { Elysia } from "elysia"
import type { Accounts } from "../auth/accounts"
import type { Addressing } from "../auth/address"
import type { Keys } from "../auth/keys"
import type { Chat } from "../core/chat"
import type { RateLimit } from "../core/rate-limit"
import { authRoutes } from "./auth"
import type { Authentication } from "./authenticate"
import { type ErrorResponsesDeps, errorResponses } from "./errors"
import { healthRoutes } from "./health"
import { jsonBodies } from "./json-bodies"
import { membersRoutes } from "./members"
import { messagesRoutes } from "./messages"
import { requestRate } from "./request-rate"
import { roomsRoutes } from "./rooms"
import { syncRoutes } from "./sync"
import { usersRoutes } from "./users"

export interface ApiDeps extends ErrorResponsesDeps {
  readonly chat: Chat
  readonly accounts: Accounts
  readonly keys: Keys
  readonly authentication: Authentication
  readonly addressing: Addressing
  /** REST requests, by address. */
  readonly requests: RateLimit
  readonly socketPaths: readonly string[]
  /** Log-ins and registrations, by address and by account. */
  readonly attempts: RateLimit
  readonly checkReady: () => Promise<unknown>
}

/** All of REST. */
export function createApi({ chat, ...deps }: ApiDeps) {
  const v1 = new Elysia({ prefix: "/api/v1" })
    .use(authRoutes(deps))
    .use(usersRoutes({ ...deps, users: chat.users }))
    .use(roomsRoutes({ ...deps, rooms: chat.rooms }))
    .use(membersRoutes({ ...deps, members: chat.members }))
    .use(messagesRoutes({ ...deps, messages: chat.messages }))
    .use(syncRoutes({ ...deps, sync: chat.sync }))
  return new Elysia()
    .use(errorResponses(deps))
    .use(requestRate(deps))
    .use(jsonBodies())
    .use(healthRoutes(deps))
    .use(v1)
}
