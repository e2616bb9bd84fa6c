import { Elysia } from "elysia"
import { type Addressing, networkOf } from "../auth/address"
import type { RateLimit } from "../core/rate-limit"
import { ChatError } from "../protocol/errors"
import { pathOf } from "./request-path"

export interface RequestRateDeps {
  readonly addressing: Addressing
  readonly requests: RateLimit
  /** Apart from the others: a room full of pictures is a request for each of them. */
  readonly fileReads: RateLimit
  /** Where sockets are opened. Told by its address: an `Upgrade` header is anybody's to send. */
  readonly socketPaths: readonly string[]
}

/** Counts REST requests per address, before anybody is authenticated. Sockets count frames. */
export function requestRate({ addressing, requests, fileReads, socketPaths }: RequestRateDeps) {
  const patterns = socketPaths.map(asPattern)
  const isSocketPath = ({ url }: Request) => {
    const path = pathOf(url)
    return patterns.some((it) => it.test(path))
  }
  const isRest = (request: Request) =>
    request.url.includes("/api/", 8)
      ? !isSocketPath(request)
      : REST_ELSEWHERE.has(pathOf(request.url).replace(/\/$/, ""))
  return new Elysia({ name: "request-rate" }).onRequest(({ request, server }) => {
    refuseStrangeHost(request)
    if (requests.isOff) return
    if (!isRest(request)) return
    const limit = isFileRead(request) ? fileReads : requests
    limit.take(networkOf(addressing.addressOf(request, server)))
  })
}

const isFileRead = ({ method, url }: Request): boolean =>
  (method === "GET" || method === "HEAD") && FILE.test(pathOf(url))

/** An upload, or its thumbnail. */
const FILE = /^\/api\/v1\/uploads\/[^/]+(?:\/thumbnail)?\/?$/

/** REST of protocols whose documents have it elsewhere than under `/api/`. */
const REST_ELSEWHERE: ReadonlySet<string> = new Set(["/send-system-message", "/stats"])

/** `/ws/:room` stands for `/ws/` and anything but a slash. */
const asPattern = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:[^/]+/g, "[^/]+")}$`)

/**
 * A request's URL begins with its `Host`, as it was sent: one that holds a slash or a `#` would
 * make us read another address than the one that is answered.
 */
function refuseStrangeHost({ headers, url }: Request): void {
  const isHost = /^[\w.:[\]-]*$/.test(headers.get("host") ?? "")
  if (!isHost || !URL.canParse(url)) {
    throw new ChatError("invalid_request", { detail: "the Host header names no host" })
  }
}
