import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type CookieJar, createCookieJar } from "../support/cookie-jar"
import { type Person, person } from "../support/people"
import { openParts, untilStatus } from "../support/sdk"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

describe("the live connection of a page, whose browser sends cookies", () => {
  let server: TestServer
  let bob: Person

  beforeAll(async () => {
    server = await startServer({ sweepMs: 50 })
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  const inBrowser = (jar: CookieJar) =>
    openParts(server.url, { fetch: jar.fetch, WebSocket: jar.WebSocket, sendsCookies: true })

  test("opens by a cookie and a token of the same person", async () => {
    const jar = createCookieJar()
    const ann = inBrowser(jar)
    await ann.register("ann")
    expect(jar.cookie).toStartWith("access_token=")

    await ann.goLive()

    expect(await ann.connection.ask("ping", {})).toHaveProperty("time")
    ann.connection.stop()
  })

  test("given the cookie is another one's, then it is replaced by its own and the connection opens", async () => {
    const jar = createCookieJar()
    const cara = inBrowser(jar)
    const me = await cara.register("cara")
    jar.cookie = `access_token=${bob.token}`

    cara.connection.start()
    await untilStatus(cara.connection, "waiting")
    cara.clock.advance(500)
    await untilStatus(cara.connection, "live")

    expect(cara.asked.slice(1)).toEqual(["POST /auth/refresh"])
    expect((await cara.api.users.me()).id).toBe(me.id)
    cara.connection.stop()
  })

  test("given the cookie is of a session that has ended, then it is replaced after two sockets that would not open", async () => {
    const jar = createCookieJar()
    const dora = inBrowser(jar)
    await dora.register("dora")
    jar.cookie = "access_token=of.no.use"

    let failed = 0
    dora.connection.state.subscribe(() => {
      if (dora.connection.state.value.status === "waiting") failed++
    })
    dora.connection.start()
    for (let tries = 1; tries <= 2; tries++) {
      await waitUntil(`try ${tries} has failed`, () => failed === tries)
      expect(dora.asked.slice(1)).toEqual([])
      dora.clock.advance(1_000)
    }
    await untilStatus(dora.connection, "live")

    expect(dora.asked.slice(1)).toEqual(["POST /auth/refresh"])
    dora.connection.stop()
  })
})
