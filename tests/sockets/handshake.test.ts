import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { cutHandshake, type Handshake, shakeHands } from "../support/handshake"
import { call, type Person, person } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { openSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

const KEY = "a gateway's own secret"

describe("the upgrade", () => {
  let server: TestServer
  let address: string
  let ann: Person
  let key: string

  beforeAll(async () => {
    server = await startServer({
      env: { FRONTEND_URL: "https://chat.example", INTERNAL_API_KEY: KEY },
    })
    address = `${server.url}/api/v1/ws`
    ann = await person(server.url, "ann")
    key = (await ann.post("/auth/keys", { name: "a program" })).body.key
  })
  afterAll(() => server.stop())

  const cookie = (token: string) => ({ cookie: `theme=dark; access_token=${token}` })

  const scenarios: readonly {
    readonly name: string
    readonly status: number
    readonly code?: string
    readonly query?: () => string
    readonly headers?: () => Record<string, string>
  }[] = [
    { name: "without credentials opens, for auth to follow", status: 101 },
    {
      name: "with a token in the header opens",
      status: 101,
      headers: () => ({ authorization: `Bearer ${ann.token}` }),
    },
    { name: "with a token in the URL opens", status: 101, query: () => `?token=${ann.token}` },
    { name: "with an API key opens", status: 101, headers: () => ({ "x-api-key": key }) },
    {
      name: "from a trusted gateway opens",
      status: 101,
      headers: () => ({ "x-internal-api-key": KEY, "x-user-id": ann.id }),
    },
    {
      name: "with a wrong token is refused",
      status: 401,
      code: "unauthorized",
      headers: () => ({ authorization: "Bearer not.a.token" }),
    },
    {
      name: "with a token whose signature was changed is refused",
      status: 401,
      code: "unauthorized",
      headers: () => ({ authorization: `Bearer ${ann.token.slice(0, -4)}AAAA` }),
    },
    {
      name: "with a wrong token in the URL is refused",
      status: 401,
      code: "unauthorized",
      query: () => "?token=not.a.token",
    },
    {
      name: "with a wrong token in the cookie is refused",
      status: 401,
      code: "unauthorized",
      headers: () => cookie("not.a.token"),
    },
    {
      name: "with a wrong API key is refused",
      status: 401,
      code: "unauthorized",
      headers: () => ({ "x-api-key": "prk_wrong" }),
    },
    {
      name: "with a wrong gateway secret is refused",
      status: 401,
      code: "unauthorized",
      headers: () => ({ "x-internal-api-key": "somebody else's", "x-user-id": ann.id }),
    },
    {
      name: "with a cookie, not from a page, opens",
      status: 101,
      headers: () => cookie(ann.token),
    },
    {
      name: "with a cookie from the page of FRONTEND_URL opens",
      status: 101,
      headers: () => ({ ...cookie(ann.token), origin: "https://chat.example" }),
    },
    {
      name: "with a cookie from the server's own page opens",
      status: 101,
      headers: () => ({ ...cookie(ann.token), origin: server.url }),
    },
    {
      name: "with a cookie from a foreign page is refused",
      status: 403,
      code: "forbidden",
      headers: () => ({ ...cookie(ann.token), origin: "https://evil.example" }),
    },
    {
      name: "with a cookie from a page whose name begins like ours is refused",
      status: 403,
      code: "forbidden",
      headers: () => ({ ...cookie(ann.token), origin: "https://chat.example.evil.example" }),
    },
    {
      name: "with a cookie from a sandboxed page is refused",
      status: 403,
      code: "forbidden",
      headers: () => ({ ...cookie(ann.token), origin: "null" }),
    },
    {
      name: "with a header from a foreign page opens: no browser adds it by itself",
      status: 101,
      headers: () => ({ authorization: `Bearer ${ann.token}`, origin: "https://evil.example" }),
    },
  ]

  test.each(scenarios)("$name ($status)", async ({ status, code, query, headers }) => {
    const answer = await shakeHands(`${address}${query?.() ?? ""}`, headers?.() ?? {})

    expect(answer.status).toBe(status)
    if (code !== undefined) expect(answer.body).toContain(`"code":"${code}"`)
    answer.cut()
  })

  test("without upgrading is invalid_request, told by REST", async () => {
    const answer = await call(server.url, { method: "GET", path: "/ws" })

    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } })
  })

  test("given a token in the URL, then REST does not take it", async () => {
    const answer = await call(server.url, { method: "GET", path: `/users/me?token=${ann.token}` })

    expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } })
  })

  const offers: readonly (readonly [string | null, string | null])[] = [
    [null, null],
    ["parley.v1", "parley.v1"],
    ["chat.v9, parley.v1", "parley.v1"],
    ["parley.v2", null],
    ["parley.v10", null],
  ]
  test.each(offers)(
    "given the subprotocols %p are offered, then %p is agreed to",
    async (offer, agreed) => {
      const headers: Record<string, string> =
        offer === null ? {} : { "Sec-WebSocket-Protocol": offer }

      const answer = await shakeHands(address, headers)

      expect(answer.status).toBe(101)
      expect(answer.headers.get("sec-websocket-protocol") ?? null).toBe(agreed)
      answer.cut()
    },
  )

  test("given a handshake without a key, then it is refused", async () => {
    const answer = await shakeHands(address, { "Sec-WebSocket-Key": "" })

    expect(answer.status).toBe(400)
    answer.cut()
  })

  test("given credentials, then hello is the first frame and says what a client must know", async () => {
    const socket = await openSocket(address, {
      headers: { authorization: `Bearer ${ann.token}` },
      protocols: ["parley.v1"],
    })

    const hello = await socket.next(() => true)

    expect(hello).toEqual({
      type: "hello",
      data: {
        connection_id: expect.any(String),
        user: expect.objectContaining({ id: ann.id, username: "ann", email: null }),
        protocol: "parley.v1",
        heartbeat_ms: 25_000,
        limits: {
          max_frame_bytes: 65_536,
          max_message_length: 4_000,
          max_pending_frames: 256,
          max_rooms_per_frame: 200,
        },
        server_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    })
    expect(await socket.framesUntilQuiet()).toEqual([])
  })
})

describe("limits on connections", () => {
  test("refuses the 21st connection of one user with 429, until another is gone", async () => {
    const server = await startServer()
    const [ann, bob] = [await person(server.url, "ann"), await person(server.url, "bob")]
    const open = await Promise.all(Array.from({ length: 20 }, () => ann.connect()))

    const refused = await shakeHands(`${server.url}/api/v1/ws?token=${ann.token}`)
    const others = await bob.connect()
    open[0]?.close()
    await open[0]?.closed
    const again = await ann.connect()

    expect(refused.status).toBe(429)
    expect(refused.body).toContain('"code":"rate_limited"')
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await others.ask("ping")).type).toBe("ok")
    expect((await again.ask("ping")).type).toBe("ok")
    await server.stop()
  })

  test("tells the 21st connection of one user rate_limited, then closes it with 4202, where auth comes by frame", async () => {
    const server = await startServer()
    const ann = await person(server.url, "ann")
    await Promise.all(Array.from({ length: 20 }, () => ann.connect()))

    const socket = await openSocket(`${server.url}/api/v1/ws`)
    socket.sendRaw(JSON.stringify({ type: "auth", id: 1, data: { token: ann.token } }))

    expect(await socket.closed).toMatchObject({ code: 4202 })
    expect(socket.frames).toMatchObject([{ type: "error", id: 1, data: { code: "rate_limited" } }])
    await server.stop()
  })

  test("refuses the 4th of 20 connections that one address opens at once, where 3 are allowed", async () => {
    const server = await startServer({
      env: {
        NODE_ENV: "production",
        CHAT_MAX_CONNECTIONS_PER_ADDRESS: "3",
        CHAT_TRUST_PROXY: "1",
      },
    })
    const ann = await person(server.url, "ann")
    const address = `${server.url}/api/v1/ws?token=${ann.token}`
    const from = (ip: string) => shakeHands(address, { "x-forwarded-for": `1.2.3.4, ${ip}` })

    const answers = await Promise.all(Array.from({ length: 20 }, () => from("192.0.2.1")))
    const other = await from("192.0.2.2")

    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([101, 101, 101, ...Array.from({ length: 17 }, () => 429)])
    expect(other.status).toBe(101)
    for (const { cut } of [...answers, other]) cut()
    await server.stop()
  })

  test("given 40 clients that are gone before or after they are answered, and 4 whose handshake is malformed, then none of them counts towards the 3 of an address", async () => {
    const server = await startServer({
      env: { NODE_ENV: "production", CHAT_MAX_CONNECTIONS_PER_ADDRESS: "3" },
    })
    const ann = await person(server.url, "ann")
    const address = `${server.url}/api/v1/ws?token=${ann.token}`

    for (let turns = 0; turns < 40; turns++) await cutHandshake(address, Math.floor(turns / 4))
    for (let n = 0; n < 4; n++) (await shakeHands(address, { "Sec-WebSocket-Key": "" })).cut()
    const open: Handshake[] = []
    await waitUntil("three may open", async () => {
      const answer = await shakeHands(address)
      if (answer.status === 101) open.push(answer)
      return open.length === 3
    })

    expect((await shakeHands(address)).status).toBe(429)
    for (const { cut } of open) cut()
    await server.stop()
  })

  test("does not count loopback in development", async () => {
    const server = await startServer({ env: { CHAT_MAX_CONNECTIONS_PER_ADDRESS: "1" } })
    const ann = await person(server.url, "ann")

    const sockets = await Promise.all([ann.connect(), ann.connect()])

    for (const socket of sockets) expect((await socket.ask("ping")).type).toBe("ok")
    await server.stop()
  })
})
