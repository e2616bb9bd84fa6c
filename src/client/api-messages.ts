import type { ApiMessageVersion, ApiScheduledMessage, ApiSearchHit } from "../protocol/answers"
import type { Api, Uploaded } from "./api"
import { MESSAGE } from "./api-rooms"
import { path } from "./path"
import type { Rest } from "./rest"
import { having, listOf } from "./shape"

const VERSION = having<ApiMessageVersion>("seq", "content")
const SCHEDULED = having<ApiScheduledMessage>("id", "send_at", "content")
const HIT = having<ApiSearchHit>("message", "snippet")
const UPLOADED = having<Uploaded>("id", "url", "mime")

export const createMessagesApi = (rest: Rest): Api["messages"] => ({
  history: (roomId, query) => rest.get(path`/rooms/${roomId}/messages`, listOf(MESSAGE), query),
  send: (roomId, body) =>
    rest.change({ method: "POST", path: path`/rooms/${roomId}/messages`, body }, MESSAGE),
  get: (id) => rest.get(path`/messages/${id}`, MESSAGE),
  edit: (id, body) => rest.change({ method: "PATCH", path: path`/messages/${id}`, body }, MESSAGE),
  remove: (id) => rest.change({ method: "DELETE", path: path`/messages/${id}` }, MESSAGE),
  versions: (id, page) => rest.page(path`/messages/${id}/history`, VERSION, page),
  thread: (id, query) => rest.get(path`/messages/${id}/thread`, listOf(MESSAGE), query),
  forward: (id, body) =>
    rest.change({ method: "POST", path: path`/messages/${id}/forward`, body }, MESSAGE),
  react: (id, emoji) =>
    rest.change({ method: "PUT", path: path`/messages/${id}/reactions/${emoji}` }, MESSAGE),
  unreact: (id, emoji) =>
    rest.change({ method: "DELETE", path: path`/messages/${id}/reactions/${emoji}` }, MESSAGE),
  pin: (id) => rest.change({ method: "PUT", path: path`/messages/${id}/pin` }, MESSAGE),
  unpin: (id) => rest.change({ method: "DELETE", path: path`/messages/${id}/pin` }, MESSAGE),
})

export const createScheduledApi = (rest: Rest): Api["scheduled"] => ({
  list: (page) => rest.page("/scheduled", SCHEDULED, page),
  create: (roomId, body) =>
    rest.change({ method: "POST", path: path`/rooms/${roomId}/scheduled`, body }, SCHEDULED),
  update: (id, body) =>
    rest.change({ method: "PATCH", path: path`/scheduled/${id}`, body }, SCHEDULED),
  remove: (id) => rest.perform({ method: "DELETE", path: path`/scheduled/${id}` }),
})

export const createUploadsApi = (rest: Rest): Api["uploads"] => ({
  create(file, { name, onProgress, signal } = {}) {
    const form = new FormData()
    form.set("file", file, name ?? nameOf(file))
    return rest.change({ method: "POST", path: "/uploads", form, onProgress, signal }, UPLOADED)
  },
  remove: (id) => rest.perform({ method: "DELETE", path: path`/uploads/${id}` }),
})

/** A `File` has one, a bare `Blob` has none. */
const nameOf = (file: Blob): string =>
  "name" in file && typeof file.name === "string" ? file.name : "file"

export const createSearchApi = (rest: Rest): Api["search"] => ({
  messages: (query) => rest.page("/search", HIT, query),
})
