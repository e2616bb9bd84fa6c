import { afterEach, describe, expect, test } from "bun:test"
import { chatOf } from "../support/chat-client"
import { type House, openHouse } from "../support/house"
import { person } from "../support/people"
import { waitUntil } from "../support/wait"

const KEY = "a gateway's own secret"
const PRODUCTION = {
  NODE_ENV: "production",
  FRONTEND_URL: "https://chat.example,https://www.chat.example",
  INTERNAL_API_KEY: KEY,
}

describe("the pages of socketio-rooms", () => {
  let house: House
  afterEach(() => house.stop())

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${house.url}${path}`, { headers })
    // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any answer.
    const body: any = await answer.json()
    return { status: answer.status, body }
  }

  test("health tells what is set and what is going on, in development", async () => {
    house = await openHouse({ env: { FRONTEND_URL: "https://chat.example" } })
    const ann = await chatOf(house.url, await person(house.url, "ann"))
    await ann.ask("joinRoom", { roomId: "general" })
    await ann.ask("typing", { roomId: "general", isTyping: true })

    const { status, body } = await get("/websocket/health")

    expect(status).toBe(200)
    expect(body).toEqual({
      status: "healthy",
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/),
      websocket: {
        namespace: "/chat",
        corsOrigin: "https://chat.example",
        connectedUsers: 1,
        activeRooms: 1,
        totalTypingUsers: 1,
      },
      features: { detailedLogging: false, metrics: true, heartbeat: true },
      rateLimits: {
        windowMs: 60_000,
        maxMessagesPerWindow: 0,
        maxJoinsPerWindow: 0,
        maxTypingEventsPerWindow: 120,
      },
    })
    ann.close()
  })

  test("health tells the rates and origins in force, in production", async () => {
    house = await openHouse({
      env: {
        ...PRODUCTION,
        CHAT_MAX_MESSAGES_PER_MIN: "30",
        CHAT_MAX_JOINS_PER_MIN: "7",
        WS_NAMESPACE: "/talk",
        WS_ENABLE_HEARTBEAT: "false",
      },
    })

    const { body } = await get("/websocket/health")

    expect(body.websocket.corsOrigin).toBe(PRODUCTION.FRONTEND_URL)
    expect(body.websocket.namespace).toBe("/talk")
    expect(body.features.heartbeat).toBe(false)
    expect(body.rateLimits).toEqual({
      windowMs: 60_000,
      maxMessagesPerWindow: 30,
      maxJoinsPerWindow: 7,
      maxTypingEventsPerWindow: 60,
    })
  })

  test("stats count connections, rooms, messages and refusals, and tell of public rooms only", async () => {
    house = await openHouse({ env: { CHAT_MAX_MESSAGES_PER_MIN: "1" } })
    const person1 = await person(house.url, "ann")
    const ann = await chatOf(house.url, person1)
    const bob = await chatOf(house.url, await person(house.url, "bob"))
    const { body: hidden } = await person1.post("/rooms", { name: "hidden", type: "private" })
    const madeAt = house.clock.now()
    await ann.ask("joinRoom", { roomId: "general" })
    await ann.ask("joinRoom", { roomId: hidden.id })
    await bob.ask("joinRoom", { roomId: "general" })
    await bob.ask("typing", { roomId: "general", isTyping: true })
    house.clock.advance(60_000)
    await ann.ask("sendMessage", { roomId: "general", content: "one" })
    expect(await ann.ask("sendMessage", { roomId: "general", content: "two" })).toMatchObject({
      success: false,
      statusCode: 429,
    })
    const carol = await chatOf(house.url, await person(house.url, "carol"))
    carol.close()
    await waitUntil("she is gone", async () => {
      const { body } = await get("/websocket/stats")
      return body.connections.current === 2
    })

    const { status, body } = await get("/websocket/stats")

    expect(status).toBe(200)
    expect(body).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/),
      connections: { current: 2, total: 3, totalDisconnections: 1 },
      rooms: {
        active: 2,
        totalCreated: 2,
        details: [
          {
            roomId: "general",
            userCount: 2,
            typingUsers: 1,
            createdAt: expect.any(String),
            lastActivity: expect.any(String),
          },
        ],
      },
      messages: { totalProcessed: 1 },
      rateLimiting: { violations: 1 },
    })
    const [general] = body.rooms.details
    expect(Date.parse(general.createdAt)).toBeLessThan(madeAt + 60_000)
    expect(Date.parse(general.lastActivity)).toBeGreaterThanOrEqual(madeAt + 60_000)
    ann.close()
    bob.close()
  })

  test("stats are for nobody where WS_ENABLE_METRICS is false", async () => {
    house = await openHouse({ env: { WS_ENABLE_METRICS: "false" } })

    const { status, body } = await get("/websocket/stats")

    expect([status, body.code]).toEqual([404, "not_found"])
    expect((await get("/websocket/health")).body.features.metrics).toBe(false)
  })

  test("stats are for this machine and the internal key alone, in production", async () => {
    house = await openHouse({ env: PRODUCTION })
    const elsewhere = { "x-forwarded-for": "203.0.113.7" }

    expect((await get("/websocket/stats")).status).toBe(200)
    expect((await get("/websocket/stats", elsewhere)).status).toBe(401)
    expect((await get("/websocket/stats", { "x-internal-api-key": "wrong" })).status).toBe(401)
    expect(
      (await get("/websocket/stats", { ...elsewhere, "x-internal-api-key": KEY })).status,
    ).toBe(200)
    expect((await get("/websocket/health", elsewhere)).status).toBe(200)
  })
})
