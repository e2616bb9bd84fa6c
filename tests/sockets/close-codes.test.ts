import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { call, type Person, person, roomOf } from "../support/people"
import { openPlainClient, type PlainClient } from "../support/plain-client"
import { startServer, type TestServer } from "../support/server"

const ENV = {
  CHAT_MAX_CONNECTIONS_PER_USER: "2",
  CHAT_MAX_FRAMES_PER_SEC: "10",
  CHAT_MAX_MESSAGES_PER_MIN: "0",
  CHAT_MAX_MESSAGE_LENGTH: "60000",
  CHAT_ACCESS_TOKEN_TTL: "10m",
  CHAT_PING_PERIOD: "10s",
}

/** One way for a connection to end, as the `ws` package sees it. */
type Ending = (client: PlainClient, server: TestServer, ann: Person) => Promise<unknown>

const post = (server: TestServer, path: string, body: unknown) =>
  call(server.url, { method: "POST", path, body })

async function leaveTooMuchUnread(client: PlainClient, ann: Person): Promise<void> {
  const room = await roomOf(ann)
  await client.ask("subscribe", { rooms: [{ room_id: room.id }] })
  client.stopReading()
  const content = "x".repeat(60_000)
  await Promise.all(
    Array.from({ length: 200 }, () => ann.post(`/rooms/${room.id}/messages`, { content })),
  )
  client.readOn()
}

const ENDINGS: readonly (readonly [number, string, Ending])[] = [
  [4001, "the server stops", (_, server) => server.stop()],
  [4008, "it leaves too much unread", (client, _, ann) => leaveTooMuchUnread(client, ann)],
  [4101, "its token expires", async (_, { clock }) => clock.advance(601_000)],
  [4102, "it is logged out", (_client, _server, ann) => ann.post("/auth/logout")],
  [
    4102,
    "its refresh token is used twice",
    async (_, server, { refreshToken }) => {
      await post(server, "/auth/refresh", { refresh_token: refreshToken })
      await post(server, "/auth/refresh", { refresh_token: refreshToken })
    },
  ],
  [
    4200,
    "it sends too many frames and goes on",
    async (client) => {
      for (let n = 0; n < 201; n++) client.send("x")
    },
  ],
  [
    4201,
    "the account is disabled",
    (_, { store }) =>
      store.write(function* () {
        const user = yield* store.users.findByUsername("ann")
        if (user === null) throw new Error("there is no ann")
        return { result: undefined, events: [{ type: "user.disabled", user: user.numericId }] }
      }),
  ],
]

describe("a client of the ws package", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeEach(async () => {
    server = await startServer({ env: { ...ENV, CHAT_HTTP_MAX_PER_MIN: "0" }, sweepMs: 50 })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterEach(() => server.stop())

  test.each(ENDINGS)(
    "sees %d where %s",
    async (code, _, end) => {
      const client = await openPlainClient(server.url, ann)
      const other = await openPlainClient(server.url, bob)
      await client.next("hello")
      if (code !== 4101 && code !== 4001) await other.next("hello")

      await end(client, server, ann)

      expect(await client.closed).toBe(code)
      if (code === 4101 || code === 4001) expect(await other.closed).toBe(code)
      else expect((await other.ask("ping")).type).toBe("ok")
    },
    10_000,
  )

  test("sees 4009 where it answers no pings for 60 s, and others stay", async () => {
    const client = await openPlainClient(server.url, ann, { autoPong: false })
    const other = await openPlainClient(server.url, bob)

    // It is looked at every 50 ms: three seconds go by between two looks, with time to answer.
    const timer = setInterval(() => server.clock.advance(3_000), 50)

    expect(await client.closed).toBe(4009)
    clearInterval(timer)
    expect(await client.pings(1)).toBeGreaterThan(0)
    expect((await other.ask("ping")).type).toBe("ok")
  }, 10_000)

  test("sees 4100 where it says nothing for 5 s, and others stay", async () => {
    const client = await openPlainClient(server.url, { token: null })
    const other = await openPlainClient(server.url, bob)

    server.clock.advance(5_000)

    expect(await client.closed).toBe(4100)
    expect(client.frames).toEqual([])
    expect((await other.ask("ping")).type).toBe("ok")
  })

  test("sees rate_limited, then 4202, where it says who it is and there are 2 of that user, and those stay", async () => {
    const two = [await openPlainClient(server.url, ann), await openPlainClient(server.url, ann)]
    const client = await openPlainClient(server.url, { token: null })

    client.send(JSON.stringify({ type: "auth", id: 1, data: { token: ann.token } }))
    client.send(JSON.stringify({ type: "ping", id: 2 }))

    expect(await client.closed).toBe(4202)
    expect(client.frames).toMatchObject([{ type: "error", id: 1, data: { code: "rate_limited" } }])
    for (const other of two) expect((await other.ask("ping")).type).toBe("ok")
  })
})
