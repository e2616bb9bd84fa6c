import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { ConnectionState } from "../../src/client/client"
import type { Told } from "../../src/client/connection/connection"
import type { ApiMessage } from "../../src/protocol/answers"
import { PASSWORD, type Person, person, roomOf } from "../support/people"
import { startProxy } from "../support/proxy"
import { createScratch } from "../support/scratch"
import { openParts, type Parts, refusalOf, untilStatus } from "../support/sdk"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

const MINUTE_MS = 60_000

describe("the live connection", () => {
  let server: TestServer
  let bob: Person

  beforeEach(async () => {
    server = await startServer({ env: { CHAT_ACCESS_TOKEN_TTL: "10m" }, sweepMs: 50 })
    bob = await person(server.url, "bob")
  })
  afterEach(() => server.stop())

  async function ann(options: Parameters<typeof openParts>[1] = {}): Promise<Parts> {
    const parts = openParts(server.url, options)
    await parts.register("ann")
    return parts
  }

  const waitingOf = (state: ConnectionState) => {
    if (state.status !== "waiting") throw new Error(`it is ${state.status}`)
    return state
  }

  test("opens, resumes before it is live, tells in order, and answers", async () => {
    const { identity, connection } = await ann()
    const room = await roomOf(bob)
    const told: Told[] = []
    const steps: string[] = []
    connection.onTold((frame) => told.push(frame))
    connection.onOpen(async () => {
      steps.push(connection.state.value.status)
      await connection.ask("subscribe", { rooms: [{ room_id: room.id }] })
    })

    connection.start()
    await untilStatus(connection, "live")
    for (const content of ["one", "two"]) await bob.post(`/rooms/${room.id}/messages`, { content })
    await waitUntil("both were told", () => told.filter(isMessage).length === 2)
    const receipt = await connection.ask("message.send", {
      room_id: room.id,
      content: "three",
      type: "text",
    })

    expect(steps).toEqual(["connecting"])
    await waitUntil("one's own is told, too", () => told.filter(isMessage).length === 3)
    expect(told.filter(isMessage).map((it) => it.data.content)).toEqual(["one", "two", "three"])
    expect(receipt).toMatchObject({ room_id: room.id, duplicate: false })
    expect(identity.me.value?.username).toBe("ann")
    connection.stop()
  })

  test("tells what the server refuses by its code", async () => {
    const { connection, goLive } = await ann()
    await goLive()

    const error = await refusalOf(
      connection.ask("history", { room_id: "0190a0a0-0000-7000-8000-000000000000", limit: 50 }),
    )

    expect(error).toMatchObject({ code: "room_not_found", isRetryable: false })
    connection.stop()
  })

  test("given nobody is signed in, then it ends at once, and begins when somebody is", async () => {
    const parts = openParts(server.url)

    parts.connection.start()
    await untilStatus(parts.connection, "ended")
    expect(parts.connection.state.value).toEqual({ status: "ended", reason: "session" })
    await parts.register("ann")

    await parts.goLive()
    parts.connection.stop()
    expect(parts.connection.state.value).toEqual({ status: "idle" })
  })

  test("given it is not open, then what is asked is refused as offline, and so is what had no answer yet", async () => {
    const { connection, goLive } = await ann()
    expect((await refusalOf(connection.ask("ping", {}))).code).toBe("offline")
    await goLive()

    const unanswered = refusalOf(connection.ask("ping", {}))
    connection.stop()

    expect((await unanswered).code).toBe("offline")
  })

  test("given resuming fails, then it is tried again", async () => {
    const { connection, clock, goLive } = await ann()
    let tries = 0
    connection.onOpen(async () => {
      tries++
      if (tries === 1) await connection.ask("history", { room_id: "none-such", limit: 50 })
    })

    connection.start()
    await untilStatus(connection, "waiting")
    clock.advance(500)

    await goLive()
    expect(tries).toBe(2)
    connection.stop()
  })

  test("given a server that says when to come back, then it comes back then, and not before", async () => {
    const parts = await ann()
    await parts.goLive()
    // Bob is told the first moment, and ann, who came first, the last one.
    await server.stop()
    await untilStatus(parts.connection, "waiting")

    const { retryAt } = waitingOf(parts.connection.state.value)

    expect(retryAt - parts.clock.now()).toBe(5_000)
    parts.connection.stop()
    server = await startServer()
  })

  test("given the server is started again, then it is live again, with what it resumes by", async () => {
    const scratch = createScratch()
    const place = { path: scratch.path("chat.db"), tokenSecret: new Uint8Array(32).fill(7) }
    const first = await startServer(place)
    const port = Number(new URL(first.url).port)
    const parts = openParts(first.url)
    await parts.register("cara")
    let resumed = 0
    parts.connection.onOpen(async () => {
      resumed++
    })
    await parts.goLive()

    await first.stop()
    await untilStatus(parts.connection, "waiting")
    parts.clock.advance(5_000)
    await waitUntil("it was tried in vain", () => parts.connection.state.value.status === "waiting")
    const second = await startServer({ ...place, port })
    parts.connection.start()
    await untilStatus(parts.connection, "live")

    expect(resumed).toBe(2)
    expect(parts.ended).toEqual([])
    parts.connection.stop()
    await second.stop()
    scratch.remove()
  })

  test("given the token ends while it is open, then it is given the next one, and stays", async () => {
    const parts = await ann()
    await parts.goLive()
    const states: string[] = []
    parts.connection.state.subscribe(() => states.push(parts.connection.state.value.status))

    // In shorter steps than it is ahead of the end.
    for (let seconds = 0; seconds < 25 * 60; seconds += 10) {
      server.clock.advance(10_000)
      parts.clock.advance(10_000)
      await parts.connection.ask("ping", {})
      await parts.identity.current()
    }

    expect(states).toEqual([])
    expect(parts.asked.slice(1)).toEqual(["POST /auth/refresh", "POST /auth/refresh"])
    parts.connection.stop()
  })

  test("given the token has ended by the server's clock (4101), then it comes back with a fresh one", async () => {
    const parts = await ann()
    await parts.goLive()

    server.clock.advance(11 * MINUTE_MS)
    await untilStatus(parts.connection, "waiting")
    parts.clock.advance(500)
    await untilStatus(parts.connection, "live")

    expect(parts.asked.slice(1)).toEqual(["POST /auth/refresh"])
    expect(parts.ended).toEqual([])
    parts.connection.stop()
  })

  test("given the session is ended elsewhere (4102), then it ends, and the session too", async () => {
    const parts = await ann()
    await parts.goLive()
    const other = openParts(server.url)
    await other.identity.login({ username: "ann", password: PASSWORD })

    for (const { id, current } of (await other.api.auth.sessions()).items) {
      if (!current) await other.api.auth.endSession(id)
    }
    await untilStatus(parts.connection, "waiting")
    parts.clock.advance(500)
    await untilStatus(parts.connection, "ended")

    expect(parts.connection.state.value).toEqual({ status: "ended", reason: "session" })
    expect(parts.ended.map(({ code }) => code)).toEqual(["unauthorized"])
    expect(parts.clock.nextMs).toBeNull()
  })

  test("given the account is disabled (4201), then it ends and does not try again", async () => {
    const parts = await ann()
    await parts.goLive()

    await server.store.write(function* () {
      const user = yield* server.store.users.findByUsername("ann")
      if (user === null) throw new Error("there is no ann")
      return { result: undefined, events: [{ type: "user.disabled", user: user.numericId }] }
    })
    await untilStatus(parts.connection, "ended")

    expect(parts.connection.state.value).toEqual({ status: "ended", reason: "banned" })
    expect(parts.clock.nextMs).toBeNull()
  })

  test("given too many connections (4202), then it ends and does not try again", async () => {
    const own = await startServer({ env: { CHAT_MAX_CONNECTIONS_PER_USER: "1" } })
    const first = openParts(own.url)
    await first.register("ann")
    await first.goLive()
    const second = openParts(own.url)
    await second.identity.login({ username: "ann", password: PASSWORD })

    second.connection.start()
    await untilStatus(second.connection, "ended")

    expect(second.connection.state.value).toEqual({ status: "ended", reason: "connections" })
    expect(first.connection.state.value.status).toBe("live")
    first.connection.stop()
    await own.stop()
  })
})

describe("the live connection over a network that breaks", () => {
  let server: TestServer
  let proxy: Awaited<ReturnType<typeof startProxy>>
  let ann: Parts

  beforeEach(async () => {
    server = await startServer()
    proxy = await startProxy(Number(new URL(server.url).port))
    ann = openParts(`http://127.0.0.1:${proxy.port}`)
    await ann.register("ann")
    await ann.goLive()
  })
  afterEach(async () => {
    ann.connection.stop()
    await proxy.close()
    await server.stop()
  })

  test("given nothing comes for 50 s, then it asks, and without an answer in 10 s it opens another", async () => {
    proxy.hold()
    ann.clock.advance(50_000)
    const unanswered = refusalOf(ann.connection.ask("ping", {}))
    ann.clock.advance(9_999)
    expect(ann.connection.state.value.status).toBe("live")

    ann.clock.advance(1)
    await untilStatus(ann.connection, "waiting")

    expect((await unanswered).code).toBe("offline")
    proxy.mend()
    ann.clock.advance(500)
    await untilStatus(ann.connection, "live")
  })

  test("given nothing comes for 50 s but the server is there, then it stays", async () => {
    let states = 0
    ann.connection.state.subscribe(() => states++)

    for (let n = 0; n < 3; n++) {
      ann.clock.advance(50_000)
      await ann.connection.ask("ping", {})
    }
    ann.clock.advance(10_000)

    expect(states).toBe(0)
  })

  test("given the page is looked at again after the network has gone, then it is noticed in 10 s", async () => {
    proxy.hold()

    ann.surroundings.show()
    ann.clock.advance(10_000)

    await untilStatus(ann.connection, "waiting")
    proxy.mend()
  })

  test("given the browser is offline, then it says so, and tries at once when it is online again", async () => {
    proxy.cut()
    await untilStatus(ann.connection, "waiting")
    ann.surroundings.goOffline()
    expect(ann.connection.state.value).toMatchObject({ status: "waiting", isOnline: false })
    proxy.mend()

    ann.surroundings.goOnline()

    // Without its clock going on.
    await untilStatus(ann.connection, "live")
  })

  test("waits anything up to a bound that doubles from 0.5 s to 30 s, and tells until when", async () => {
    const slow = openParts("http://127.0.0.1:1", { random: () => 1 })
    slow.identity.current = async () => ({ type: "token", secret: "any", expiresAt: null })
    const waits: number[] = []
    slow.connection.state.subscribe(() => {
      const { value } = slow.connection.state
      if (value.status === "waiting") waits.push(value.retryAt - slow.clock.now())
    })

    slow.connection.start()
    for (let tries = 1; tries <= 9; tries++) {
      await waitUntil(`try ${tries} has failed`, () => waits.length === tries)
      slow.clock.advance(waits.at(-1) ?? 0)
    }
    slow.connection.stop()

    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  test("given it was live for 10 s, then it begins with short waits again", async () => {
    const hasty = openParts(`http://127.0.0.1:${proxy.port}`, { random: () => 1 })
    await hasty.register("bob")
    const waits: number[] = []
    for (const liveMs of [0, 0, 10_000, 0]) {
      await hasty.goLive()
      hasty.clock.advance(liveMs)
      proxy.cut()
      await untilStatus(hasty.connection, "waiting")
      const { value } = hasty.connection.state
      waits.push(value.status === "waiting" ? value.retryAt - hasty.clock.now() : -1)
      proxy.mend()
    }
    hasty.connection.stop()

    expect(waits).toEqual([500, 1_000, 500, 1_000])
  })
})

type ToldMessage = Extract<Told, { readonly data: ApiMessage }>

const isMessage = (frame: Told): frame is ToldMessage => frame.type === "message.created"
