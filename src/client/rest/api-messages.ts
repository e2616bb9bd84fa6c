import type { ApiMessageVersion, ApiScheduledMessage, ApiSearchHit } from "../../protocol/answers"
import type { Api, Uploaded } from "../api"
import { having, listOf } from "../shape"
import { MESSAGE } from "./api-rooms"
import { path } from "./path"
import { NOTHING, type Rest } from "./rest"

const VERSION = having<ApiMessageVersion>("seq", "content")
const SCHEDULED = having<ApiScheduledMessage>("id", "send_at", "content")
const HIT = having<ApiSearchHit>("message", "snippet")
const UPLOADED = having<Uploaded>("id", "url", "mime")

export const createMessagesApi = (rest: Rest): Api["messages"] => ({
  history: (roomId, query) => rest.get(path`/rooms/${roomId}/messages`, listOf(MESSAGE), query),
  send: (roomId, body) => rest.post(path`/rooms/${roomId}/messages`, MESSAGE, body),
  get: (id) => rest.get(path`/messages/${id}`, MESSAGE),
  edit: (id, body) => rest.patch(path`/messages/${id}`, MESSAGE, body),
  remove: (id) => rest.delete(path`/messages/${id}`, MESSAGE),
  versions: (id, page) => rest.page(path`/messages/${id}/history`, VERSION, page),
  thread: (id, query) => rest.get(path`/messages/${id}/thread`, listOf(MESSAGE), query),
  forward: (id, body) => rest.post(path`/messages/${id}/forward`, MESSAGE, body),
  react: (id, emoji) => rest.put(path`/messages/${id}/reactions/${emoji}`, MESSAGE),
  unreact: (id, emoji) => rest.delete(path`/messages/${id}/reactions/${emoji}`, MESSAGE),
  pin: (id) => rest.put(path`/messages/${id}/pin`, MESSAGE),
  unpin: (id) => rest.delete(path`/messages/${id}/pin`, MESSAGE),
})

export const createScheduledApi = (rest: Rest): Api["scheduled"] => ({
  list: (page) => rest.page("/scheduled", SCHEDULED, page),
  create: (roomId, body) => rest.post(path`/rooms/${roomId}/scheduled`, SCHEDULED, body),
  update: (id, body) => rest.patch(path`/scheduled/${id}`, SCHEDULED, body),
  remove: (id) => rest.delete(path`/scheduled/${id}`, NOTHING),
})

export const createUploadsApi = (rest: Rest): Api["uploads"] => ({
  create(file, { name, onProgress, signal } = {}) {
    const form = new FormData()
    form.set("file", file, name ?? nameOf(file))
    return rest.call({ method: "POST", path: "/uploads", form, onProgress, signal }, UPLOADED)
  },
  remove: (id) => rest.delete(path`/uploads/${id}`, NOTHING),
})

/** A `File` has one, a bare `Blob` has none. */
const nameOf = (file: Blob): string =>
  "name" in file && typeof file.name === "string" ? file.name : "file"

export const createSearchApi = (rest: Rest): Api["search"] => ({
  messages: (query) => rest.page("/search", HIT, query),
})
