/**
 * Any web page can make a browser send requests, and open sockets, with the user's cookies; the
 * `Origin` header is how the server learns whose page it was. Compared whole, never by part.
 */
export function createOriginCheck(allowedOrigins: readonly string[]) {
  const allowed = new Set(allowedOrigins)

  /** A request without `Origin` is not a browser's. `host` is the server's own, as asked for. */
  return function isAllowed(origin: string | null, host: string | null): boolean {
    if (origin === null || allowed.has(origin)) return true
    if (host === null || !URL.canParse(origin)) return false
    return new URL(origin).host === host
  }
}

export type OriginCheck = ReturnType<typeof createOriginCheck>
