import { Elysia } from "elysia"
import { ChatError } from "../protocol/errors"

export interface HealthRoutesDeps {
  /** Asks what the server cannot work without. Rejects if it does not answer. */
  readonly checkReady: () => Promise<unknown>
}

export const HEALTHY = { status: "ok" } as const

export function healthRoutes({ checkReady }: HealthRoutesDeps) {
  return new Elysia({ name: "health" })
    .get("/health", () => HEALTHY)
    .get("/ready", async () => {
      try {
        await checkReady()
      } catch (error) {
        throw new ChatError("overloaded", { detail: "the database does not answer", cause: error })
      }
      return { status: "ready" as const }
    })
}
