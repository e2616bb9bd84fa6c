import type { ApiKeyView, ApiNewKey, ApiSession, ApiUser } from "../protocol/answers"
import type { Api } from "./api"
import type { Me } from "./client"
import { path } from "./path"
import type { Rest } from "./rest"
import { having } from "./shape"

export interface AccountsDeps {
  readonly rest: Rest
  /** Told of oneself, whenever the server says how one is now. */
  readonly onMe: (me: Me) => Promise<void>
}

const USER = having<ApiUser>("id", "username")
const ME = having<Me>("id", "username")
const SESSION = having<ApiSession>("id", "current")
const KEY = having<ApiKeyView>("id", "scopes")
const NEW_KEY = having<ApiNewKey>("id", "key")

export const createAuthApi = (rest: Rest): Api["auth"] => ({
  sessions: (page) => rest.page("/auth/sessions", SESSION, page),
  endSession: (id) => rest.perform({ method: "DELETE", path: path`/auth/sessions/${id}` }),
  changePassword: (body) => rest.perform({ method: "POST", path: "/auth/password", body }),
  keys: (page) => rest.page("/auth/keys", KEY, page),
  createKey: (body) => rest.change({ method: "POST", path: "/auth/keys", body }, NEW_KEY),
  endKey: (id) => rest.perform({ method: "DELETE", path: path`/auth/keys/${id}` }),
})

export function createUsersApi({ rest, onMe }: AccountsDeps): Api["users"] {
  async function noted(answer: Promise<Me>): Promise<Me> {
    const me = await answer
    await onMe(me)
    return me
  }

  return {
    list: (query) => rest.page("/users", USER, query),
    get: (id) => rest.get(path`/users/${id}`, USER),
    me: () => noted(rest.get("/users/me", ME)),
    updateMe: (body) => noted(rest.change({ method: "PATCH", path: "/users/me", body }, ME)),
    deleteMe: () => rest.perform({ method: "DELETE", path: "/users/me" }),
    blocks: (page) => rest.page("/users/me/blocks", USER, page),
    block: (id) => rest.perform({ method: "PUT", path: path`/users/${id}/block` }),
    unblock: (id) => rest.perform({ method: "DELETE", path: path`/users/${id}/block` }),
  }
}
