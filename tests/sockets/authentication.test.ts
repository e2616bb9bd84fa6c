import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { openSocket } from "../support/socket"

describe("auth as the first frame", () => {
  let server: TestServer
  let address: string
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer({ sweepMs: 50 })
    address = `${server.url}/api/v1/ws`
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  test("given a good token, then hello comes, then ok, and the connection works", async () => {
    const room = await roomOf(ann)
    const socket = await openSocket(address)
    // Nothing is said to somebody unknown.
    expect(await socket.framesUntilQuiet()).toEqual([])

    const ok = await socket.ask("auth", { token: ann.token })

    expect(socket.frames.map(({ type }) => type)).toEqual(["hello", "ok"])
    expect(ok.data.user).toMatchObject({ id: ann.id, username: "ann" })
    expect((await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })).type).toBe("ok")
  })

  test.each(["ping", "subscribe", "message.send", "made up"])(
    "given no auth yet, then %s is unauthorized and the socket stays",
    async (type) => {
      const socket = await openSocket(address)

      const refusal = await socket.ask(type, {})

      expect(refusal).toMatchObject({ type: "error", data: { code: "unauthorized" } })
      expect((await socket.ask("auth", { token: ann.token })).type).toBe("ok")
    },
  )

  test("given a wrong token, then it is unauthorized and another may be tried", async () => {
    const socket = await openSocket(address)

    const refusal = await socket.ask("auth", { token: "not.a.token" })

    expect(refusal).toMatchObject({ type: "error", data: { code: "unauthorized" } })
    expect((await socket.ask("auth", { token: ann.token })).type).toBe("ok")
  })

  test("given frames pipelined behind auth, then they are carried out once it is known who asks", async () => {
    const room = await roomOf(ann)
    const socket = await openSocket(address)

    const answers = await Promise.all([
      socket.ask("auth", { token: ann.token }),
      socket.ask("message.send", { room_id: room.id, content: "at once" }),
      socket.ask("history", { room_id: room.id }),
    ])

    expect(answers.map(({ type }) => type)).toEqual(["ok", "ok", "ok"])
    expect(answers[2]?.data.messages).toMatchObject([{ content: "at once", user_id: ann.id }])
  })

  test("given no auth within 5 s, then it is closed with 4100", async () => {
    const own = await startServer({ sweepMs: 50 })
    const socket = await openSocket(`${own.url}/api/v1/ws`)

    own.clock.advance(4_000)
    await socket.ask("ping")
    own.clock.advance(1_000)

    expect(await socket.closed).toMatchObject({ code: 4100 })
    await own.stop()
  })

  test("given auth again with a fresh token, then the connection goes on and keeps its rooms", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await ann.connect()
    await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    const fresh = await call(server.url, {
      method: "POST",
      path: "/auth/refresh",
      body: { refresh_token: ann.refreshToken },
    })

    const ok = await socket.ask("auth", { token: fresh.body.access_token })
    await bob.post(`/rooms/${room.id}/messages`, { content: "still there?" })

    expect(ok.data.user.id).toBe(ann.id)
    expect((await socket.next("message.created")).data.content).toBe("still there?")
    expect(socket.frames.filter(({ type }) => type === "hello")).toHaveLength(1)
  })

  test("given auth with another user's token, then it is forbidden and the connection stays ann's", async () => {
    const room = await roomOf(ann)
    const socket = await ann.connect()

    const refusal = await socket.ask("auth", { token: bob.token })
    await socket.ask("message.send", { room_id: room.id, content: "who am I?" })
    const history = await socket.ask("history", { room_id: room.id })

    expect(refusal).toMatchObject({ type: "error", data: { code: "forbidden" } })
    expect(history.data.messages).toMatchObject([{ user_id: ann.id }])
  })

  test("given auth with a wrong token, then it is unauthorized and the connection goes on as ann's", async () => {
    const socket = await ann.connect()

    const refusal = await socket.ask("auth", { token: `${ann.token}x` })
    const room = await roomOf(ann)
    const receipt = await socket.ask("message.send", { room_id: room.id, content: "still me" })

    expect(refusal).toMatchObject({ type: "error", data: { code: "unauthorized" } })
    expect(receipt.type).toBe("ok")
  })

  test("given auth with a token of another session, then that one's end closes it with 4102, and the first one's does not", async () => {
    const login = async () =>
      asPerson(
        server.url,
        await call(server.url, {
          method: "POST",
          path: "/auth/login",
          body: { username: "ann", password: PASSWORD },
        }),
      )
    const [first, second] = [await login(), await login()]
    const socket = await first.connect()
    await socket.ask("auth", { token: second.token })

    await first.post("/auth/logout")
    expect((await socket.ask("ping")).type).toBe("ok")
    await second.post("/auth/logout")

    expect(await socket.closed).toMatchObject({ code: 4102 })
  })

  test("given a token that has expired, then it is refused, by frame and at the upgrade", async () => {
    const own = await startServer({ env: { CHAT_ACCESS_TOKEN_TTL: "60s" }, sweepMs: 50 })
    const eve = await person(own.url, "eve")
    own.clock.advance(61_000)

    const socket = await openSocket(`${own.url}/api/v1/ws`)
    const refusal = await socket.ask("auth", { token: eve.token })

    expect(refusal).toMatchObject({ type: "error", data: { code: "unauthorized" } })
    await expect(eve.connect()).rejects.toThrow("refused")
    await own.stop()
  })
})

describe("a token that expires on an open socket", () => {
  test("given no fresh one came, then it is closed with 4101", async () => {
    const server = await startServer({ env: { CHAT_ACCESS_TOKEN_TTL: "60s" }, sweepMs: 50 })
    const ann = await person(server.url, "ann")
    const socket = await ann.connect()

    server.clock.advance(61_000)

    expect(await socket.closed).toMatchObject({ code: 4101 })
    await server.stop()
  })

  test("given a fresh one came before, then the connection outlives the first", async () => {
    const server = await startServer({ env: { CHAT_ACCESS_TOKEN_TTL: "60s" }, sweepMs: 50 })
    const ann = await person(server.url, "ann")
    const stale = await ann.connect()
    const renewed = await ann.connect()
    server.clock.advance(50_000)
    const login = await call(server.url, {
      method: "POST",
      path: "/auth/login",
      body: { username: "ann", password: PASSWORD },
    })

    await renewed.ask("auth", { token: asPerson(server.url, login).token })
    server.clock.advance(15_000)

    expect(await stale.closed).toMatchObject({ code: 4101 })
    expect((await renewed.ask("ping")).type).toBe("ok")
    await server.stop()
  })
})
