import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type ChatClient, openChat, refusalOf } from "../../support/chat-client"
import { openWebSocket } from "../../support/engine-clients"
import { type House, openHouse } from "../../support/house"
import { keepLog } from "../../support/log"
import { type Person, person } from "../../support/people"
import { waitUntil } from "../../support/wait"

const KEY = "a gateway's own secret"
const ALLOWED = "https://chat.example"
const FOREIGN = "https://evil.example"

type Options = Parameters<typeof openChat>[1]

describe("joining the namespace", () => {
  let house: House
  let ann: Person
  let bob: Person
  let key: string

  beforeAll(async () => {
    house = await openHouse({ env: { FRONTEND_URL: ALLOWED, INTERNAL_API_KEY: KEY } })
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    key = (await ann.post("/auth/keys", { name: "a program" })).body.key
  })
  afterAll(() => house.stop())

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const cookie = (token: string) => ({ cookie: `access_token=${token}` })

  /** By which name the server knows a client: the one that is told of it in a room. */
  async function nameOf(client: ChatClient): Promise<string> {
    const roomId = `of-${client.socket.id}`.replaceAll("_", "-")
    await client.ask("joinRoom", { roomId })
    const { users } = await client.next("roomUsers")
    client.close()
    return users[0].username
  }

  const CARRIERS: readonly (readonly [string, () => Options])[] = [
    ["the header authorization", () => ({ extraHeaders: bearer(ann.token) })],
    ["x-api-key", () => ({ extraHeaders: { "x-api-key": key } })],
    ["a cookie, of no browser", () => ({ extraHeaders: cookie(ann.token) })],
    [
      "a cookie, from an allowed page",
      () => ({ extraHeaders: { ...cookie(ann.token), origin: ALLOWED } }),
    ],
    ["?token=", () => ({ query: { token: ann.token } })],
    ["auth.token", () => ({ auth: { token: ann.token } })],
    [
      "a trusted gateway",
      () => ({ extraHeaders: { "x-internal-api-key": KEY, "x-user-id": ann.id } }),
    ],
    [
      "auth.token, from a foreign page, which had to know it",
      () => ({ auth: { token: ann.token }, extraHeaders: { origin: FOREIGN } }),
    ],
  ]
  test.each(CARRIERS)("by %s one is in, by polling as by WebSocket", async (_, options) => {
    for (const transport of ["websocket", "polling"]) {
      const client = await openChat(house.url, { ...options(), transports: [transport] })

      expect(await nameOf(client)).toBe("ann")
    }
  })

  const WRONG: readonly (readonly [string, () => Options])[] = [
    ["nothing", () => ({})],
    ["a wrong header", () => ({ extraHeaders: bearer("not.a.token") })],
    ["a wrong x-api-key", () => ({ extraHeaders: { "x-api-key": "no-key" } })],
    ["a wrong cookie", () => ({ extraHeaders: cookie("not.a.token") })],
    ["a wrong ?token=", () => ({ query: { token: "not.a.token" } })],
    ["a wrong auth.token", () => ({ auth: { token: "not.a.token" } })],
    ["an auth.token that is no text", () => ({ auth: { token: { a: 1 } } })],
    [
      "a gateway's wrong key",
      () => ({ extraHeaders: { "x-internal-api-key": "no", "x-user-id": "1" } }),
    ],
    ["a user's id and nothing else", () => ({ query: { userId: ann.id } })],
  ]
  test.each(WRONG)("with %s it is refused: Unauthorized, 401", async (_, options) => {
    const refused = await refusalOf(house.url, options())

    expect([refused.message, refused.data]).toEqual(["Unauthorized", { statusCode: 401 }])
  })

  test("a cookie from a foreign page is refused with 403 before there is a session", async () => {
    const answer = await fetch(`${house.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { ...cookie(ann.token), origin: FOREIGN },
    })

    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 4 })
    await expect(
      refusalOf(house.url, { extraHeaders: { ...cookie(ann.token), origin: FOREIGN } }),
    ).resolves.toBeInstanceOf(Error)
  })

  test("a userId must name who comes: by id, username or number", async () => {
    const { body } = await ann.get("/users/me")
    for (const userId of [ann.id, "ann", String(body.numeric_id)]) {
      const client = await openChat(house.url, { auth: { token: ann.token }, query: { userId } })
      expect(await nameOf(client)).toBe("ann")
    }

    const refused = await refusalOf(house.url, {
      auth: { token: ann.token },
      query: { userId: bob.id },
    })

    expect(refused.data).toEqual({ statusCode: 403 })
  })

  test.each(["/", "/other", "/chat2"])("the namespace %s is invalid", async (name) => {
    const ws = await openWebSocket(
      `${house.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    )
    await ws.next()
    ws.send(name === "/" ? "40" : `40${name},${JSON.stringify({ token: ann.token })}`)

    expect(String(await ws.next())).toEndWith('{"message":"Invalid namespace"}')
    ws.close()
  })

  async function openSession() {
    const ws = await openWebSocket(
      `${house.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    )
    await ws.next()
    return ws
  }

  test("who joins twice at once is in once at the most, and is closed", async () => {
    const ws = await openSession()
    const join = `40/chat,${JSON.stringify({ token: ann.token })}`
    ws.send(join)
    ws.send(join)

    await ws.closed()
    expect(ws.rest().filter((it) => String(it).startsWith("40/chat")).length).toBeLessThan(2)
  })

  test("who was refused may try again with other credentials, ten times in all", async () => {
    const ws = await openSession()
    for (let attempt = 1; attempt <= 9; attempt++) {
      ws.send('40/chat,{"token":"wrong"}')
      expect(String(await ws.next())).toContain('"statusCode":401')
    }
    ws.send(`40/chat,${JSON.stringify({ token: ann.token })}`)
    expect(String(await ws.next())).toStartWith("40/chat,")
    ws.close()

    const stubborn = await openSession()
    for (let attempt = 1; attempt <= 10; attempt++) {
      stubborn.send('40/chat,{"token":"wrong"}')
      await stubborn.next()
    }
    stubborn.send('40/chat,{"token":"wrong"}')

    await stubborn.closed()
  })

  test("who joins nothing is closed after 5 s", async () => {
    const ws = await openSession()
    const openedAt = performance.now()

    await waitUntil("it is closed", () => !ws.isOpen, 8_000)

    expect(performance.now() - openedAt).toBeGreaterThan(4_900)
  }, 10_000)

  test("who leaves the namespace is closed: there is nothing else here", async () => {
    const ws = await openSession()
    ws.send(`40/chat,${JSON.stringify({ token: ann.token })}`)
    await ws.next()
    ws.send("41/chat,")

    await ws.closed()
  })
})

describe("limits on sockets of the namespace", () => {
  test("one connection of a user too many is refused with 429, and said to be", async () => {
    const house = await openHouse({ env: { CHAT_MAX_CONNECTIONS_PER_USER: "2" } })
    const ann = await person(house.url, "ann")
    const auth = { token: ann.token }
    const first = await openChat(house.url, { auth })
    const raw = await ann.connect()

    const refused = await refusalOf(house.url, { auth })
    expect([refused.message, refused.data]).toEqual([
      "too many connections of this user",
      { statusCode: 429 },
    ])
    raw.close()
    await raw.closed
    const second = await openChat(house.url, { auth })
    first.close()
    second.close()
    await house.stop()
  })

  test("one connection of an address too many is refused with 429, whoever it is", async () => {
    const house = await openHouse({
      env: { CHAT_TRUST_PROXY: "1", CHAT_MAX_CONNECTIONS_PER_ADDRESS: "2" },
    })
    const extraHeaders = { "x-forwarded-for": "203.0.113.7" }
    const clients: ChatClient[] = []
    for (const name of ["ann", "bob"]) {
      const auth = { token: (await person(house.url, name)).token }
      clients.push(await openChat(house.url, { auth, extraHeaders }))
    }
    const auth = { token: (await person(house.url, "carol")).token }

    const refused = await refusalOf(house.url, { auth, extraHeaders })
    expect([refused.message, refused.data]).toEqual([
      "too many connections of this address",
      { statusCode: 429 },
    ])
    const elsewhere = { "x-forwarded-for": "203.0.113.8" }
    clients.push(await openChat(house.url, { auth, extraHeaders: elsewhere }))
    for (const client of clients) client.close()
    await house.stop()
  })

  test("sessions that join nothing are as few, and refused with 429 before they open", async () => {
    const house = await openHouse({
      env: { CHAT_TRUST_PROXY: "1", CHAT_MAX_CONNECTIONS_PER_ADDRESS: "2" },
    })
    const open = (address: string) =>
      fetch(`${house.url}/socket.io/?EIO=4&transport=polling`, {
        headers: { "x-forwarded-for": address },
      })

    expect((await open("203.0.113.7")).status).toBe(200)
    expect((await open("203.0.113.7")).status).toBe(200)
    expect((await open("203.0.113.7")).status).toBe(429)
    expect((await open("203.0.113.8")).status).toBe(200)
    await house.stop()
  })
})

describe("where clients are believed who they are", () => {
  test("a userId without credentials is the user, but never one who has an account", async () => {
    const house = await openHouse({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
    const ann = await person(house.url, "ann")

    const client = await openChat(house.url, { query: { userId: "zoe" } })
    await client.ask("joinRoom", { roomId: "general" })
    expect(await client.next("roomUsers")).toMatchObject({ users: [{ userId: "zoe" }] })
    const refused = await refusalOf(house.url, { query: { userId: ann.id } })
    expect(refused.data).toEqual({ statusCode: 403 })
    expect((await refusalOf(house.url)).data).toEqual({ statusCode: 401 })
    client.close()
    await house.stop()
  })
})

describe("what is around a poll", () => {
  let house: House
  const { log, text } = keepLog("debug")
  beforeAll(async () => {
    house = await openHouse({
      env: { FRONTEND_URL: ALLOWED, CHAT_HTTP_MAX_PER_MIN: "2", LOG_LEVEL: "debug" },
      log,
    })
  })
  afterAll(() => house.stop())

  const poll = (init: RequestInit = {}) =>
    fetch(`${house.url}/socket.io/?EIO=4&transport=polling`, init)

  test("an allowed page may read it with its cookies, a foreign one may not", async () => {
    const allowed = await poll({ headers: { origin: ALLOWED } })
    const foreign = await poll({ headers: { origin: FOREIGN } })

    expect(allowed.headers.get("access-control-allow-origin")).toBe(ALLOWED)
    expect(allowed.headers.get("access-control-allow-credentials")).toBe("true")
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull()
    expect(foreign.headers.get("access-control-allow-credentials")).toBeNull()
  })

  test("an allowed page's preflight is answered, a foreign one's is not", async () => {
    const ask = (origin: string) =>
      poll({
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization",
        },
      })

    const [allowed, foreign] = [await ask(ALLOWED), await ask(FOREIGN)]
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([
      204,
      ALLOWED,
    ])
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull()
    expect(foreign.status).toBe(400)
  })

  test("polls do not count towards CHAT_HTTP_MAX_PER_MIN", async () => {
    for (let count = 0; count < 5; count++) expect((await poll()).status).toBe(200)

    expect((await fetch(`${house.url}/socket.io?EIO=4&transport=polling`)).status).toBe(200)
  })

  test("a body beyond what REST takes is the engine's own to bound", async () => {
    const { sid } = JSON.parse((await (await poll()).text()).slice(1))
    const post = (body: string) =>
      fetch(`${house.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: "POST", body })

    expect((await post(`40/chat,${JSON.stringify({ x: "x".repeat(300_000) })}`)).status).toBe(200)
    expect((await post("x".repeat(1_100_000))).status).toBe(413)
  })

  test("a token in the address is in no log", async () => {
    const ann = await person(house.url, "ann")
    for (const transport of ["websocket", "polling"]) {
      const query = { token: ann.token }
      const client = await openChat(house.url, { query, transports: [transport] })
      await client.ask("heartbeat")
      client.close()
      await refusalOf(house.url, { query: { token: "secret-of-a-kind" }, transports: [transport] })
    }

    expect(text()).toContain('"/socket.io"')
    expect(text()).not.toContain(ann.token)
    expect(text()).not.toContain("secret-of-a-kind")
  })
})
