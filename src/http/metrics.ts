import { Elysia } from "elysia"
import type { Scrape } from "../ops/metrics"
import { createOperators, type OperatorsDeps } from "./operators"

export interface MetricsRoutesDeps extends OperatorsDeps {
  readonly scrape: () => Promise<Scrape>
}

/** `/metrics`, for Prometheus. Errors: `unauthorized`. */
export function metricsRoutes({ scrape, ...deps }: MetricsRoutesDeps) {
  const operators = createOperators(deps)
  return new Elysia({ name: "metrics" }).get("/metrics", async ({ request, server }) => {
    operators.refuseOthers(request, server)
    const { contentType, text } = await scrape()
    return new Response(text, { headers: { "content-type": contentType } })
  })
}
