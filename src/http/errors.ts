import { Elysia } from "elysia"
import type { Log } from "../ops/log"
import { ChatError } from "../protocol/errors"
import { internalError, problemResponse, requestError } from "./problem"

interface Route {
  readonly path: string
  readonly method: string
}

export interface ErrorResponsesDeps {
  readonly log: Log
  /** All routes of the server, asked for once it has them. */
  readonly routes: () => readonly Route[]
}

/** Turns everything that a route throws into a problem document. One of the two places. */
export function errorResponses({ log, routes }: ErrorResponsesDeps) {
  let findMethods: ReturnType<typeof createMethodFinder> | undefined
  return new Elysia({ name: "errors" }).onError(
    { as: "global" },
    ({ code, error, request, path }) => {
      if (error instanceof ChatError) return problemResponse(error)
      if (code === "NOT_FOUND") {
        findMethods ??= createMethodFinder(routes())
        const allow = findMethods(path)
        if (allow.length > 0) {
          return problemResponse(new ChatError("method_not_allowed"), { allow: allow.join(", ") })
        }
      }
      const known = requestError(code, error)
      if (known !== null) return problemResponse(known)
      log.error({ err: error, method: request.method, path }, "a request failed")
      return problemResponse(internalError(error))
    },
  )
}

/** Finds the methods that an address has: Elysia calls a wrong method "not found". */
function createMethodFinder(routes: readonly Route[]) {
  const patterns = routes.map(({ path, method }) => {
    const escaped = path.replace(/\/$/, "").replace(/[.+?^${}()|[\]\\*]/g, "\\$&")
    return { method, pattern: new RegExp(`^${escaped.replace(/:[^/]+/g, "[^/]+")}/?$`) }
  })
  return (path: string): readonly string[] => {
    const methods = patterns.filter((it) => it.pattern.test(path)).map((it) => it.method)
    return [...new Set(methods)].sort()
  }
}
