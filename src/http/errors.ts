import { Elysia } from "elysia"
import type { Log } from "../ops/log"
import type { EdgeMeter } from "../ops/meters"
import { ChatError } from "../protocol/errors"
import { internalError, type ProblemOptions, problemResponse, requestError } from "./problem"
import { REQUEST_ID, type RequestIds } from "./request-ids"
import type { RouteFinder } from "./route-finder"

export interface ErrorResponsesDeps {
  readonly log: Log
  readonly requestIds: RequestIds
  readonly rest: EdgeMeter
  /** All routes of the server, asked for once it has them. */
  readonly routes: () => RouteFinder
}

/** Turns everything that a route throws into a problem document. One of the two places. */
export function errorResponses({ log, requestIds, rest, routes }: ErrorResponsesDeps) {
  function tell(error: ChatError, options: ProblemOptions = {}): Response {
    rest.errors[error.code]++
    return problemResponse(error, options)
  }

  /** The one who was failed can name the request, and its line in the log is found by it. */
  function fail(error: unknown, request: Request, path: string): Response {
    const { method } = request
    const requestId = requestIds.idOf(request)
    // The pattern, not the address: tokens and codes stand in addresses.
    const route = routes().patternOf(path, method)
    log.error({ err: error, request_id: requestId, method, route }, "a request failed")
    return tell(internalError(error), { requestId, headers: { [REQUEST_ID]: requestId } })
  }

  return new Elysia({ name: "errors" }).onError(
    { as: "global" },
    ({ code, error, request, path }) => {
      if (error instanceof ChatError) return tell(error)
      if (code === "NOT_FOUND") {
        const allow = [...routes().methodsOf(path)].sort()
        if (allow.length > 0) {
          return tell(new ChatError("method_not_allowed"), { headers: { allow: allow.join(", ") } })
        }
      }
      const known = requestError(code, error)
      return known === null ? fail(error, request, path) : tell(known)
    },
  )
}
