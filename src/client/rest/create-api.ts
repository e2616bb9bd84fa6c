import type { AdminUser, Api, ServerInfo, ServerStats } from "../api"
import { having } from "../shape"
import { type AccountsDeps, createAuthApi, createUsersApi } from "./api-accounts"
import {
  createMessagesApi,
  createScheduledApi,
  createSearchApi,
  createUploadsApi,
} from "./api-messages"
import { createConversationsApi, createRoomsApi, createUnreadApi, ROOM } from "./api-rooms"
import type { Exchange } from "./exchange"
import { path } from "./path"
import { checked, type Rest } from "./rest"

export interface ApiDeps extends AccountsDeps {
  readonly exchange: Exchange
}

const INFO = having<ServerInfo>("name", "registration", "limits")
const STATS = having<ServerStats>("users", "rooms", "messages", "connections")
const ADMIN_USER = having<AdminUser>("id", "role", "disabled_at")

/** All of REST. */
export function createApi({ rest, onMe, exchange }: ApiDeps): Api {
  return {
    server: createServerApi(exchange),
    auth: createAuthApi(rest),
    users: createUsersApi({ rest, onMe }),
    rooms: createRoomsApi(rest),
    conversations: createConversationsApi(rest),
    messages: createMessagesApi(rest),
    scheduled: createScheduledApi(rest),
    uploads: createUploadsApi(rest),
    search: createSearchApi(rest),
    unread: createUnreadApi(rest),
    admin: createAdminApi(rest),
  }
}

/** Asked before anybody has signed in. */
const createServerApi = (exchange: Exchange): Api["server"] => ({
  async info() {
    const call = { method: "GET", path: "/server" } as const
    return checked(await exchange(call, null), INFO, call)
  },
})

const createAdminApi = (rest: Rest): Api["admin"] => ({
  stats: () => rest.get("/admin/stats", STATS),
  users: (query) => rest.page("/admin/users", ADMIN_USER, query),
  setDisabled: (id, isDisabled) =>
    (isDisabled ? rest.put : rest.delete)(path`/admin/users/${id}/disabled`, ADMIN_USER),
  rooms: (query) => rest.page("/admin/rooms", ROOM, query),
})
