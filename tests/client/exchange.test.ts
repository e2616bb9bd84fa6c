import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createFetchCarrier } from "../../src/client/carrier"
import { createExchange, type Exchange } from "../../src/client/rest/exchange"
import { createRest, type Rest } from "../../src/client/rest/rest"
import { having } from "../../src/client/shape"
import { createXhrCarrier } from "../../src/client/xhr-carrier"
import { person } from "../support/people"
import { createHandClock, openParts, refusalOf } from "../support/sdk"
import { startServer, type TestServer } from "../support/server"
import { forgetServer } from "../support/strange"

const GET = { method: "GET", path: "/anything" } as const

describe("an answer of REST", () => {
  let respond: () => Response | Promise<Response>
  let asked: { readonly url: string; readonly authorization: string | null }[]
  let server: ReturnType<typeof Bun.serve>
  let exchange: Exchange
  let rest: Rest
  const clock = createHandClock()

  beforeAll(() => {
    server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        asked.push({ url: request.url, authorization: request.headers.get("authorization") })
        return respond()
      },
    })
    const url = `http://127.0.0.1:${server.port}`
    forgetServer(url)
    const carry = createFetchCarrier(fetch)
    exchange = createExchange({ url, carry, carryFiles: carry, clock })
    const credential = { type: "token", secret: "a-token", expiresAt: null } as const
    rest = createRest(exchange, { current: async () => credential, renew: async () => credential })
  })
  afterAll(() => server.stop(true))

  function answering(response: () => Response | Promise<Response>) {
    asked = []
    respond = response
  }

  const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
    answering(() => Response.json(body, { status, headers }))

  test("given a problem document, then it is told by its code, with its fields and when to try again", async () => {
    const errors = [{ path: "name", message: "must have 1 to 100 characters" }]
    problem(429, { code: "rate_limited", detail: "too many", errors }, { "retry-after": "7" })

    const error = await refusalOf(exchange(GET, null))

    expect(error).toMatchObject({
      code: "rate_limited",
      message: "too many",
      status: 429,
      problems: errors,
      retryAfterMs: 7_000,
      isRetryable: true,
    })
  })

  test.each([
    ["a code that is not known yet", () => Response.json({ code: "moon_full" }, { status: 418 })],
    ["a page instead of a problem", () => new Response("<h1>no</h1>", { status: 404 })],
    ["a page instead of JSON", () => new Response("<h1>sign in to this Wi-Fi</h1>")],
    ["JSON of another shape", () => Response.json({ surprise: true })],
    ["null", () => Response.json(null)],
  ])("given %s, then the server is too_new", async (_, response) => {
    answering(response)

    expect((await refusalOf(rest.get("/anything", having<{ id: string }>("id")))).code).toBe(
      "too_new",
    )
  })

  test("given a list in which one thing has another shape, then the server is too_new", async () => {
    answering(() => Response.json([{ id: "1" }, {}]))

    expect((await refusalOf(rest.page("/anything", having<{ id: string }>("id")))).code).toBe(
      "too_new",
    )
  })

  test.each([502, 503, 504])(
    "given %d from a proxy without a server, then it is offline",
    async (status) => {
      answering(() => new Response("<h1>nobody there</h1>", { status }))

      expect(await refusalOf(exchange(GET, null))).toMatchObject({
        code: "offline",
        isRetryable: true,
      })
    },
  )

  test("given none within 30 s, then it is offline", async () => {
    const never = Promise.withResolvers<Response>()
    answering(() => never.promise)

    const refused = refusalOf(exchange(GET, null))
    clock.advance(30_000)

    expect((await refused).code).toBe("offline")
    never.resolve(new Response())
    expect(clock.nextMs).toBeNull()
  })

  test("given it was called off, then it is told with the reason, and at once where that was before", async () => {
    answering(() => Promise.withResolvers<Response>().promise)
    const caller = new AbortController()

    const call = exchange({ ...GET, signal: caller.signal }, null)
    caller.abort(new Error("changed my mind"))

    expect(call).rejects.toThrow("changed my mind")
    expect(exchange({ ...GET, signal: caller.signal }, null)).rejects.toThrow("changed my mind")
  })

  test("given a Link to the next page, then its cursor is told; and what was asked has no empty fields", async () => {
    answering(() =>
      Response.json([{ id: "1" }], {
        headers: { link: '</api/v1/anything?limit=1&cursor=z%2B9>; rel="next"' },
      }),
    )

    const page = await rest.page("/anything", having<{ id: string }>("id"), {
      cursor: null,
      query: undefined,
      limit: 1,
    })

    expect(page).toEqual({ items: [{ id: "1" }], cursor: "z+9" })
    expect(new URL(asked.at(-1)?.url ?? "").search).toBe("?limit=1")
    expect(asked.at(-1)?.authorization).toBe("Bearer a-token")
  })
})

interface Progress {
  readonly lengthComputable: boolean
  readonly loaded: number
  readonly total: number
}

/** A browser's, as far as uploads use it: what it is for, telling how far it is, goes by halves. */
class FakeXhr extends EventTarget {
  readonly upload = {
    addEventListener: (_type: "progress", listener: (event: Progress) => void) => {
      this.onProgress = listener
    },
  }
  status = 0
  responseText = ""
  private onProgress: (event: Progress) => void = () => undefined
  private readonly call = new AbortController()
  private readonly headers = new Headers()
  private answered = new Headers()
  private target = { method: "", url: "" }

  open(method: string, url: string) {
    this.target = { method, url }
  }
  setRequestHeader(name: string, value: string) {
    this.headers.set(name, value)
  }
  getResponseHeader(name: string) {
    return this.answered.get(name)
  }
  abort() {
    this.call.abort()
    this.dispatchEvent(new Event("abort"))
  }
  async send(body: FormData | string | null) {
    this.onProgress({ lengthComputable: true, loaded: 50, total: 100 })
    const { method, url } = this.target
    try {
      const { headers, call } = this
      const response = await fetch(url, { method, headers, body, signal: call.signal })
      this.status = response.status
      this.answered = response.headers
      this.responseText = await response.text()
      this.dispatchEvent(new Event("load"))
    } catch {
      if (!this.call.signal.aborted) this.dispatchEvent(new Event("error"))
    }
  }
}

describe("an upload in a browser", () => {
  let server: TestServer
  const carry = createXhrCarrier({ XMLHttpRequest: FakeXhr })
  if (carry === null) throw new Error("there is an XMLHttpRequest")

  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const formOf = (content: string) => {
    const body = new FormData()
    body.set("file", new Blob([content]), "a.txt")
    return body
  }

  test("tells how far it is, and what the server answers", async () => {
    const { token } = await person(server.url, "ann")
    const shares: number[] = []

    const answer = await carry({
      method: "POST",
      url: `${server.url}/api/v1/uploads`,
      headers: { authorization: `Bearer ${token}` },
      body: formOf("hello"),
      onProgress: (share) => shares.push(share),
    })

    expect(shares).toEqual([0.5, 1])
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ name: "a.txt", size: 5 })
    expect(answer.header("content-type")).toContain("application/json")
  })

  test("can be called off, and is offline where nobody is reached", async () => {
    const upload = { method: "POST", headers: {}, body: formOf("x") }
    const caller = new AbortController()
    const url = `${server.url}/api/v1/uploads`

    const call = carry({ ...upload, url, signal: caller.signal })
    caller.abort(new Error("no more"))

    expect(call).rejects.toThrow("no more")
    const nowhere = carry({ ...upload, url: "http://127.0.0.1:1/" })
    expect((await refusalOf(nowhere)).code).toBe("offline")
  })

  test("there is none outside of browsers, where fetch carries files", async () => {
    expect(createXhrCarrier({})).toBeNull()
    const bob = openParts(server.url)
    await bob.register("bob")
    expect((await bob.api.uploads.create(new Blob(["hi"]))).name).toBe("file")
  })
})
