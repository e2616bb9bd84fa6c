/**
 * A browser's cookies, for what runs in none: kept from answers, and sent with requests and the
 * upgrade of sockets, of one server.
 */
export interface CookieJar {
  readonly fetch: typeof fetch
  readonly WebSocket: typeof WebSocket
  /** `name=value`; null: none. */
  cookie: string | null
}

export function createCookieJar(): CookieJar {
  const jar: CookieJar = {
    cookie: null,
    fetch: Object.assign(
      async (...[input, init]: Parameters<typeof fetch>) => {
        const headers = new Headers(init?.headers)
        if (jar.cookie !== null) headers.set("cookie", jar.cookie)
        const response = await fetch(input, { ...init, headers })
        const [set] = response.headers.getSetCookie()
        if (set !== undefined) jar.cookie = set.split(";")[0] ?? null
        return response
      },
      { preconnect: fetch.preconnect },
    ),
    WebSocket: new Proxy(WebSocket, {
      construct: (Socket, [url, protocols]) =>
        new Socket(url, {
          protocols: [protocols].flat(),
          headers: jar.cookie === null ? {} : { cookie: jar.cookie },
        }),
    }),
  }
  return jar
}
