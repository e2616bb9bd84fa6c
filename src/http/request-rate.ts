import { Elysia } from "elysia"
import type { Addressing } from "../auth/address"
import type { RateLimit } from "../core/rate-limit"

export interface RequestRateDeps {
  readonly addressing: Addressing
  readonly requests: RateLimit
  /** Where sockets are opened. Told by its address: an `Upgrade` header is anybody's to send. */
  readonly socketPaths: readonly string[]
}

/** Counts REST requests per address, before anybody is authenticated. Sockets count frames. */
export function requestRate({ addressing, requests, socketPaths }: RequestRateDeps) {
  const isSocketPath = ({ url }: Request) => socketPaths.includes(new URL(url).pathname)
  return new Elysia({ name: "request-rate" }).onRequest(({ request, server }) => {
    const isRest = request.url.includes("/api/", 8) && !isSocketPath(request)
    if (isRest) requests.take(addressing.addressOf(request, server))
  })
}
