const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
const HEADERS =
  "authorization, content-type, x-api-key, x-request-id, last-event-id, range, if-range, if-none-match"
/** What pages may read of an answer, beyond the few headers that they always may. */
const EXPOSED =
  "link, retry-after, x-request-id, x-search-behind, content-disposition, content-range, accept-ranges, etag"
/** Browsers ask again after two hours at the latest, whatever they are told. */
const PREFLIGHT_SECONDS = "7200"

/**
 * Lets web pages of the allowed origins use the API from a browser, cookies included. Origins are
 * compared whole; pages of others get no such header, and so their browser keeps the answer from
 * them. An own few lines, because the package says more to strangers (docs/decisions/0010).
 * Source: the Fetch standard, "CORS protocol".
 */
export function createCors(allowedOrigins: readonly string[]) {
  const allowed = new Set(allowedOrigins)

  const allowedOriginOf = (request: Request): string | null => {
    const origin = request.headers.get("origin")
    return origin !== null && allowed.has(origin) ? origin : null
  }

  return {
    /** The answer to a browser that asks before it sends; null: it is a request like others. */
    preflight(request: Request): Response | null {
      if (request.method !== "OPTIONS") return null
      if (!request.headers.has("access-control-request-method")) return null
      if (allowedOriginOf(request) === null) return null
      return new Response(null, {
        status: 204,
        headers: {
          "access-control-allow-methods": METHODS,
          "access-control-allow-headers": HEADERS,
          "access-control-max-age": PREFLIGHT_SECONDS,
        },
      })
    },
    /** Says in an answer that the page which asked may have it. */
    permit(request: Request, headers: Headers): void {
      const origin = allowedOriginOf(request)
      if (origin === null) return
      headers.set("access-control-allow-origin", origin)
      headers.set("access-control-allow-credentials", "true")
      headers.set("access-control-expose-headers", EXPOSED)
    },
  }
}

export type Cors = ReturnType<typeof createCors>
