import { Elysia } from "elysia"

export interface HealthRoutesDeps {
  /** Errors: `overloaded`, saying what the server lacks to work. */
  readonly checkReady: () => Promise<void>
}

export const HEALTHY = { status: "ok" } as const

export function healthRoutes({ checkReady }: HealthRoutesDeps) {
  return new Elysia({ name: "health" })
    .get("/health", () => HEALTHY)
    .get("/ready", async () => {
      await checkReady()
      return { status: "ready" as const }
    })
}
