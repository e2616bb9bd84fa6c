import { Elysia } from "elysia"
import { JSON_HEADERS } from "./security-headers"

export interface HealthRoutesDeps {
  /** Errors: `overloaded`, saying what the server lacks to work. */
  readonly checkReady: () => Promise<void>
}

const HEALTHY = { status: "ok" } as const

/** For Bun to give by itself, without a handler that would first have to be compiled. */
export const healthyResponse = (): Response =>
  new Response(JSON.stringify(HEALTHY), { headers: JSON_HEADERS })

export function healthRoutes({ checkReady }: HealthRoutesDeps) {
  return new Elysia({ name: "health" })
    .get("/health", () => HEALTHY)
    .get("/ready", async () => {
      await checkReady()
      return { status: "ready" as const }
    })
}
