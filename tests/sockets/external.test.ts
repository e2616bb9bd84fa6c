import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { JWTPayload } from "jose"
import {
  type App,
  type AppKey,
  AUDIENCE,
  appKey,
  claimsFor,
  ISSUER,
  openApp,
  signed,
} from "../support/app"
import { call, type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { openSocket, type TestSocket } from "../support/socket"

describe("a socket by a token of the app", () => {
  let app: App
  let key: AppKey
  let server: TestServer
  let address: string
  let ann: Person

  beforeEach(async () => {
    key = await appKey("ES256", "one")
    app = openApp(key.jwk)
    server = await startServer({
      env: {
        JWT_EXTERNAL_JWKS_URL: app.url,
        JWT_EXTERNAL_ISSUER: ISSUER,
        JWT_EXTERNAL_AUDIENCE: AUDIENCE,
      },
      sweepMs: 50,
    })
    address = `${server.url}/api/v1/ws`
    ann = await person(server.url, "ann")
  })
  afterEach(async () => {
    await server.stop()
    await app.stop()
  })

  /** A token of dora's, or of somebody else, that is good for a minute. */
  const tokenOf = (subject = "dora", more: JWTPayload = {}) => {
    const exp = Math.floor(server.clock.now() / 1000) + 60
    const claims = { exp, preferred_username: subject, ...more }
    return signed(key, claimsFor(subject, server.clock.now(), claims))
  }
  const byHeader = (token: string) =>
    openSocket(address, { headers: { authorization: `Bearer ${token}` } })

  test.each<[string, (token: string) => Promise<TestSocket>]>([
    ["a header", byHeader],
    ["the address", (token) => openSocket(`${address}?token=${token}`)],
    ["a cookie", (token) => openSocket(address, { headers: { cookie: `access_token=${token}` } })],
  ])("opens by %s, and its user talks with a local one", async (_carrier, open) => {
    const room = await roomOf(ann)
    const hers = await ann.connect()
    await hers.ask("subscribe", { all: true })

    const socket = await open(await tokenOf())
    const hello = await socket.next("hello")
    const sent = await socket.ask("message.send", { room_id: room.id, content: "hello ann" })

    expect(hello.data.user).toMatchObject({ username: "dora" })
    expect(sent.type).toBe("ok")
    expect((await hers.next("message.created")).data).toMatchObject({
      content: "hello ann",
      user: { username: "dora", id: hello.data.user.id },
    })
  })

  test("given the token expires and no fresh one came, then it is closed with 4101; one that is renewed by auth stays", async () => {
    const [stale, renewed] = [await byHeader(await tokenOf()), await byHeader(await tokenOf())]
    const room = await roomOf(ann)
    await renewed.ask("subscribe", { rooms: [{ room_id: room.id }] })
    server.clock.advance(50_000)

    const ok = await renewed.ask("auth", { token: await tokenOf() })
    server.clock.advance(15_000)

    expect(ok).toMatchObject({ type: "ok", data: { user: { username: "dora" } } })
    expect(await stale.closed).toMatchObject({ code: 4101 })
    await ann.post(`/rooms/${room.id}/messages`, { content: "still there?" })
    expect((await renewed.next("message.created")).data.content).toBe("still there?")
    server.clock.advance(50_000)
    expect(await renewed.closed).toMatchObject({ code: 4101 })
  })

  test("given no credentials at the upgrade, then auth takes the token; another user's later is forbidden", async () => {
    const socket = await openSocket(address)

    const ok = await socket.ask("auth", { token: await tokenOf() })
    const other = await socket.ask("auth", { token: await tokenOf("eve") })
    const anns = await socket.ask("auth", { token: ann.token })

    expect(ok).toMatchObject({ type: "ok", data: { user: { username: "dora" } } })
    expect(other).toMatchObject({ type: "error", data: { code: "forbidden" } })
    expect(anns).toMatchObject({ type: "error", data: { code: "forbidden" } })
  })

  test("given a token of ours and one of the app's for one id, then the socket stays the first user's", async () => {
    const socket = await ann.connect()

    const refusal = await socket.ask("auth", { token: await tokenOf(ann.id) })

    expect(refusal).toMatchObject({ type: "error", data: { code: "forbidden" } })
  })

  test("given an expired token, then the upgrade and auth are refused", async () => {
    const token = await tokenOf()
    server.clock.advance(60_000)

    await expect(byHeader(token)).rejects.toThrow("refused")
    const refusal = await (await openSocket(address)).ask("auth", { token })
    expect(refusal).toMatchObject({ type: "error", data: { code: "unauthorized" } })
  })

  test("given the app's keys cannot be had, then auth is overloaded and may be tried again on the same socket", async () => {
    app.answerWith(() => new Response("broken", { status: 500 }))
    const socket = await openSocket(address)
    const token = await tokenOf()

    const refusal = await socket.ask("auth", { token })
    app.answerWith(null)
    const upgrade = await call(server.url, {
      method: "GET",
      path: "/ws",
      headers: {
        authorization: `Bearer ${token}`,
        connection: "upgrade",
        upgrade: "websocket",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version": "13",
      },
    })

    expect(refusal.data).toMatchObject({ code: "overloaded", retryable: true })
    expect(refusal.data.retry_after_ms).toBeWithin(1_000, 10_001)
    expect(upgrade.status).toBe(503)
  })
})
