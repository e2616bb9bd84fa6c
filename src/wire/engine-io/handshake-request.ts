/**
 * The request that opened a session, in the form in which the official server reads it (there an
 * `IncomingMessage` of node). Made before the upgrade, after which Bun's request is gone.
 */
export interface HandshakeRequest {
  readonly method: "GET"
  /** Path and query. It may hold a token: never for a log. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly _query: Readonly<Record<string, string>>
  readonly connection: { readonly remoteAddress: string; readonly encrypted: boolean }
}

/** What only the two ends of a TCP connection say to each other. */
const HOP_BY_HOP = /^(connection|upgrade|keep-alive|sec-websocket-.+)$/

export function handshakeRequest(request: Request, url: URL, address: string): HandshakeRequest {
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => !HOP_BY_HOP.test(name)),
  )
  return {
    method: "GET",
    url: url.pathname + url.search,
    headers,
    _query: Object.fromEntries(url.searchParams),
    connection: { remoteAddress: address, encrypted: url.protocol === "https:" },
  }
}
