import { Elysia } from "elysia"
import type { Addressing, AddressSource } from "../auth/address"
import { secretsMatch } from "../auth/secrets"
import type { Scrape } from "../ops/metrics"
import { ChatError } from "../protocol/errors"

export interface MetricsRoutesDeps {
  readonly scrape: () => Promise<Scrape>
  readonly addressing: Addressing
  /** Development. */
  readonly isOpenToAll: boolean
  readonly internalApiKey: string | null
}

/**
 * `/metrics`, for Prometheus. In production for those who have the internal key, and for this
 * very machine. Errors: `unauthorized`.
 */
export function metricsRoutes(deps: MetricsRoutesDeps) {
  const { scrape, addressing, isOpenToAll, internalApiKey } = deps

  function mayRead(request: Request, source: AddressSource | null): boolean {
    if (isOpenToAll) return true
    const given = request.headers.get("x-internal-api-key")
    if (given !== null) return internalApiKey !== null && secretsMatch(given, internalApiKey)
    return addressing.isLocal(request, source)
  }

  return new Elysia({ name: "metrics" }).get("/metrics", async ({ request, server }) => {
    if (!mayRead(request, server)) {
      throw new ChatError("unauthorized", { detail: "x-internal-api-key is missing or wrong" })
    }
    const { contentType, text } = await scrape()
    return new Response(text, { headers: { "content-type": contentType } })
  })
}
