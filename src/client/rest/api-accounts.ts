import type { ApiKeyView, ApiNewKey, ApiSession, ApiUser } from "../../protocol/answers"
import type { Api } from "../api"
import type { Me } from "../client"
import { having } from "../shape"
import { path } from "./path"
import { NOTHING, type Rest } from "./rest"

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
  endSession: (id) => rest.delete(path`/auth/sessions/${id}`, NOTHING),
  changePassword: (body) => rest.post("/auth/password", NOTHING, body),
  keys: (page) => rest.page("/auth/keys", KEY, page),
  createKey: (body) => rest.post("/auth/keys", NEW_KEY, body),
  endKey: (id) => rest.delete(path`/auth/keys/${id}`, NOTHING),
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
    updateMe: (body) => noted(rest.patch("/users/me", ME, body)),
    deleteMe: () => rest.delete("/users/me", NOTHING),
    blocks: (page) => rest.page("/users/me/blocks", USER, page),
    block: (id) => rest.put(path`/users/${id}/block`, NOTHING),
    unblock: (id) => rest.delete(path`/users/${id}/block`, NOTHING),
  }
}
