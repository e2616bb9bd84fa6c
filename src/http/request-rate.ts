import { Elysia } from "elysia"
import type { Addressing } from "../auth/address"
import type { RateLimit } from "../core/rate-limit"
import { ChatError } from "../protocol/errors"
import { LIMITS } from "../protocol/limits"

export interface RequestRateDeps {
  readonly addressing: Addressing
  readonly requests: RateLimit
}

/** Counts REST requests per address, before anybody is authenticated. Sockets count frames. */
export function requestRate({ addressing, requests }: RequestRateDeps) {
  return new Elysia({ name: "request-rate" }).onRequest(({ request, server }) => {
    const { headers } = request
    if (Number(headers.get("content-length") ?? 0) > LIMITS.restBodyBytesMax) {
      throw new ChatError("payload_too_large", {
        detail: `a body may have ${LIMITS.restBodyBytesMax} bytes`,
      })
    }
    const isRest = request.url.includes("/api/", 8) && !headers.has("upgrade")
    if (isRest) requests.take(addressing.addressOf(request, server))
  })
}
