import { describe, expect, test } from "bun:test"
import { startEngine } from "../../support/engine"
import { addressesOf, openPolling, openSession, openWebSocket } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

const TOLD = { pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 }

describe("a handshake", () => {
  test("by polling opens a session, and tells of the upgrade", async () => {
    await using host = startEngine()

    const response = await fetch(`${host.url}?EIO=4&transport=polling`)

    const text = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(text.slice(0, 1)).toBe("0")
    expect(JSON.parse(text.slice(1))).toEqual({
      sid: expect.any(String),
      upgrades: ["websocket"],
      ...TOLD,
    })
    expect(host.engine.clientsCount).toBe(1)
  })

  test("by WebSocket opens a session, which has nothing to upgrade to", async () => {
    await using host = startEngine()

    const client = await openSession(host)

    const { sid, ...told } = JSON.parse(String(await client.next()).slice(1))
    expect(told).toEqual({ upgrades: [], ...TOLD })
    expect(host.sockets[0]?.id).toBe(sid)
  })

  test("no two sessions have one id, and none tells of the next", async () => {
    await using host = startEngine()

    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => (await openPolling(host)).sid),
    )

    expect(new Set(ids).size).toBe(50)
    for (const id of ids) expect(id).toMatch(/^[\w-]{20}$/)
  })

  const refusals = [
    ["no transport", "GET", "EIO=4", { code: 0, message: "Transport unknown" }],
    [
      "an unknown transport",
      "GET",
      "EIO=4&transport=abc",
      { code: 0, message: "Transport unknown" },
    ],
    [
      "a transport of objects",
      "GET",
      "EIO=4&transport=__proto__",
      { code: 0, message: "Transport unknown" },
    ],
    [
      "an unknown session",
      "GET",
      "EIO=4&transport=polling&sid=abc",
      { code: 1, message: "Session ID unknown" },
    ],
    [
      "a session of objects",
      "GET",
      "EIO=4&transport=polling&sid=__proto__",
      { code: 1, message: "Session ID unknown" },
    ],
    [
      "a POST to an unknown session",
      "POST",
      "EIO=4&transport=polling&sid=abc",
      { code: 1, message: "Session ID unknown" },
    ],
    ["a POST", "POST", "EIO=4&transport=polling", { code: 2, message: "Bad handshake method" }],
    ["a PUT", "PUT", "EIO=4&transport=polling", { code: 2, message: "Bad handshake method" }],
    [
      "a WebSocket without an upgrade",
      "GET",
      "EIO=4&transport=websocket",
      { code: 3, message: "Bad request" },
    ],
    [
      "no version",
      "GET",
      "transport=polling",
      { code: 5, message: "Unsupported protocol version" },
    ],
    [
      "version 3",
      "GET",
      "EIO=3&transport=polling",
      { code: 5, message: "Unsupported protocol version" },
    ],
    [
      "version abc",
      "GET",
      "EIO=abc&transport=polling",
      { code: 5, message: "Unsupported protocol version" },
    ],
  ] as const
  test.each(refusals)("with %s is refused with 400", async (_what, method, query, body) => {
    await using host = startEngine()

    const response = await fetch(`${host.url}?${query}`, { method })

    expect(response.status).toBe(400)
    expect(await response.json()).toEqual(body)
    expect(host.engine.clientsCount).toBe(0)
  })

  test.each([
    "transport=websocket",
    "EIO=3&transport=websocket",
    "EIO=4&transport=abc",
    "EIO=4&transport=websocket&sid=abc",
  ])("by WebSocket with %s does not open", async (query) => {
    await using host = startEngine()

    const client = await openWebSocket(`${addressesOf(host).webSocketUrl}?${query}`)

    expect(client.isOpen).toBe(false)
    expect(host.sockets).toEqual([])
  })

  test("at another path is 404, and with or without the last slash the same", async () => {
    await using host = startEngine()

    expect((await fetch(`${host.url}x?EIO=4&transport=polling`)).status).toBe(404)
    expect((await fetch(`${host.url.slice(0, -1)}?EIO=4&transport=polling`)).status).toBe(200)
  })

  test("whom allowRequest refuses gets 403 with its words, or its own answer, and leaves nothing", async () => {
    await using host = startEngine({
      allowRequest: (request, { address }) => {
        const who = new URL(request.url).searchParams.get("who")
        if (who === "throws") throw new Error("broken")
        if (who === "eve") return `not from ${address}`
        return who === "many" ? new Response("slow down", { status: 429 }) : null
      },
    })
    const ask = (who: string) => fetch(`${host.url}?EIO=4&transport=polling&who=${who}`)

    const [eve, many, broken, ann] = await Promise.all([
      ask("eve"),
      ask("many"),
      ask("throws"),
      ask("ann"),
    ])

    expect([eve.status, await eve.json()]).toEqual([
      403,
      { code: 4, message: "not from 127.0.0.1" },
    ])
    expect([many.status, await many.text()]).toEqual([429, "slow down"])
    expect([broken.status, await broken.json()]).toEqual([403, { code: 4, message: "Forbidden" }])
    expect(ann.status).toBe(200)
    expect(host.engine.clientsCount).toBe(1)
    expect(host.reported).toHaveLength(1)
  })

  test("of 2 sessions at most, the 3rd is refused with 503", async () => {
    await using host = startEngine({ socketsMax: 2 })
    await openPolling(host)
    const second = await openSession(host)

    expect((await fetch(`${host.url}?EIO=4&transport=polling`)).status).toBe(503)

    second.close()
    await waitUntil("there is room", () => host.engine.clientsCount === 1)
    expect((await fetch(`${host.url}?EIO=4&transport=polling`)).status).toBe(200)
  })

  test("says what Socket.IO asks of a request, without what only the connection needs", async () => {
    await using host = startEngine()

    await fetch(`${host.url}?EIO=4&transport=polling&token=abc`, {
      headers: { "x-api-key": "key" },
    })
    const client = await openSession(host)
    await client.next()

    const [polling, webSocket] = host.sockets
    expect(polling?.request._query).toEqual({ EIO: "4", transport: "polling", token: "abc" })
    expect(polling?.request.headers["x-api-key"]).toBe("key")
    expect(polling?.request.url).toBe("/engine.io/?EIO=4&transport=polling&token=abc")
    expect(polling?.remoteAddress).toBe("127.0.0.1")
    expect(webSocket?.remoteAddress).toBe("127.0.0.1")
    expect(webSocket?.request.headers["sec-websocket-key"]).toBeUndefined()
  })

  test("an answer ends the connection where the client asked for that", async () => {
    await using host = startEngine()

    const asked = await fetch(`${host.url}?EIO=4`, { headers: { connection: "close" } })

    expect(asked.headers.get("connection")).toBe("close")
  })
})
