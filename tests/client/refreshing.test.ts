import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createMemoryStorage } from "../../src/client"
import { PASSWORD } from "../support/people"
import { openParts, refusalOf } from "../support/sdk"
import { startServer, type TestServer } from "../support/server"

const MINUTE_MS = 60_000

describe("a session's access token", () => {
  let server: TestServer

  beforeEach(async () => {
    server = await startServer({ env: { CHAT_ACCESS_TOKEN_TTL: "10m" } })
  })
  afterEach(() => server.stop())

  const refreshes = (asked: readonly string[]) =>
    asked.filter((it) => it === "POST /auth/refresh").length

  /** Ten minutes later, for the server and those who are at it. */
  function expire(...all: readonly ReturnType<typeof openParts>[]): void {
    server.clock.advance(10 * MINUTE_MS + 1000)
    for (const { clock } of new Set(all)) clock.advance(10 * MINUTE_MS + 1000)
  }

  test("is good for many requests, and is exchanged shortly before it ends", async () => {
    const ann = openParts(server.url)
    await ann.register("ann")

    await ann.api.rooms.list()
    ann.clock.advance(9 * MINUTE_MS)
    await ann.api.rooms.list()
    expect(refreshes(ann.asked)).toBe(0)
    ann.clock.advance(45_000)
    await ann.api.rooms.list()

    expect(refreshes(ann.asked)).toBe(1)
  })

  test("given it has ended by the server's clock alone, then it is exchanged and the request asked again", async () => {
    const ann = openParts(server.url)
    await ann.register("ann")
    server.clock.advance(11 * MINUTE_MS)

    const room = await ann.api.rooms.create({ name: "general" })

    expect(room.name).toBe("general")
    expect(ann.asked.slice(1)).toEqual(["POST /rooms", "POST /auth/refresh", "POST /rooms"])
  })

  test("given many requests at once after it has ended, then it is exchanged once", async () => {
    const ann = openParts(server.url)
    await ann.register("ann")
    expire(ann)

    await Promise.all(Array.from({ length: 10 }, () => ann.api.rooms.list()))

    expect(refreshes(ann.asked)).toBe(1)
  })

  test("given two pages with one storage, then one exchanges it and both go on, again and again", async () => {
    const storage = createMemoryStorage()
    const first = openParts(server.url, { storage })
    const second = openParts(server.url, { storage })
    await first.register("ann")
    await second.identity.restore()

    for (let round = 1; round <= 3; round++) {
      expire(first, second)
      await Promise.all([first, second, first, second].map(({ api }) => api.rooms.list()))

      expect(refreshes(first.asked) + refreshes(second.asked)).toBe(round)
    }
    expect([...first.ended, ...second.ended]).toEqual([])
  })

  test("given another page has exchanged it, then the old one's 401 is no end", async () => {
    const storage = createMemoryStorage()
    const first = openParts(server.url, { storage })
    await first.register("ann")
    const before = await first.identity.current()
    server.clock.advance(11 * MINUTE_MS)
    await openParts(server.url, { storage }).api.rooms.list()

    const next = await first.identity.renew(before)

    expect(next.secret).not.toBe(before.secret)
    expect(refreshes(first.asked)).toBe(0)
  })

  test("given the network is away, then the session stays, and goes on when it is back", async () => {
    const ann = openParts(server.url)
    const me = await ann.register("ann")
    expire(ann)
    ann.network = () => "lose"

    expect((await refusalOf(ann.api.rooms.list())).code).toBe("offline")
    expect(ann.identity.me.value).toEqual(me)
    ann.network = () => "pass"

    expect((await ann.api.rooms.list()).items).toEqual([])
    expect(ann.ended).toEqual([])
  })

  test("given it cannot be exchanged just now and has not ended yet, then it is used", async () => {
    const ann = openParts(server.url)
    await ann.register("ann")
    ann.clock.advance(10 * MINUTE_MS - 1000)
    ann.network = (asked) => (asked === "POST /auth/refresh" ? "lose" : "pass")

    expect((await ann.api.rooms.list()).items).toEqual([])
  })

  test("given the session was ended elsewhere, then it is told so once, and is not restored", async () => {
    const storage = createMemoryStorage()
    const ann = openParts(server.url, { storage })
    await ann.register("ann")
    const other = openParts(server.url)
    await other.identity.login({ username: "ann", password: PASSWORD })
    for (const { id, current } of (await other.api.auth.sessions()).items) {
      if (!current) await other.api.auth.endSession(id)
    }

    const errors = await Promise.all([1, 2, 3].map(() => refusalOf(ann.api.rooms.list())))

    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill("unauthorized"))
    expect(ann.ended.map(({ code }) => code)).toEqual(["unauthorized"])
    expect(ann.identity.me.value).toBeNull()
    expect(await openParts(server.url, { storage }).identity.restore()).toBeNull()
    expect(other.ended).toEqual([])
  })

  test("given somebody else signs in on another page, then this page's session is over and theirs stays", async () => {
    const storage = createMemoryStorage()
    const ann = openParts(server.url, { storage })
    await ann.register("ann")
    const bob = openParts(server.url, { storage })
    const { id } = await bob.register("bob")

    const error = await refusalOf(ann.api.rooms.create({ name: "whose?" }))

    expect(error.code).toBe("unauthorized")
    expect(ann.ended).toHaveLength(1)
    expect((await bob.api.users.me()).id).toBe(id)
  })

  test("given somebody signs in on another page while nobody is here, then they are here, too", async () => {
    const storage = createMemoryStorage()
    const page = openParts(server.url, { storage })
    expect((await refusalOf(page.api.rooms.list())).code).toBe("unauthorized")
    const me = await openParts(server.url, { storage }).register("ann")

    await page.api.rooms.list()

    expect(page.identity.me.value?.id).toBe(me.id)
  })

  test("what the server says of oneself is kept, beside tokens that were exchanged meanwhile", async () => {
    const storage = createMemoryStorage()
    const ann = openParts(server.url, { storage })
    await ann.register("ann")
    expire(ann)

    await ann.api.users.updateMe({ display_name: "Ann B." })

    expect(ann.identity.me.value?.display_name).toBe("Ann B.")
    expect((await openParts(server.url, { storage }).identity.restore())?.display_name).toBe(
      "Ann B.",
    )
    expect((await ann.api.rooms.list()).items).toEqual([])
  })
})

describe("logging out", () => {
  test("given the server is away, then everything is forgotten all the same", async () => {
    const server = await startServer()
    const storage = createMemoryStorage()
    const ann = openParts(server.url, { storage })
    await ann.register("ann")
    ann.network = () => "lose"

    await ann.identity.logout()

    expect(ann.identity.me.value).toBeNull()
    expect(await storage.readSession()).toBeNull()
    expect(ann.ended).toEqual([])
    await server.stop()
  })

  test("given another one logs in afterwards, then nothing of the first is there", async () => {
    const server = await startServer()
    const storage = createMemoryStorage()
    const ann = openParts(server.url, { storage })
    const { id: userId } = await ann.register("ann")
    const draft = { content: "not for bob" }
    const send = { userId, clientId: "1", roomId: "general", draft, writtenAt: 1, failure: null }
    await storage.writeSend(send)
    await ann.identity.login({ username: "ann", password: PASSWORD })
    expect(await storage.readSends()).toEqual([send])

    await openParts(server.url, { storage }).register("bob")

    expect(await storage.readSends()).toEqual([])
    await server.stop()
  })
})
