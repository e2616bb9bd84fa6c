import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { listening } from "../support/listening"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { openSocket, type TestSocket } from "../support/socket"

describe("access that ends", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer({
      env: {
        CHAT_MAX_ROOMS_PER_USER: "0",
        CHAT_MAX_JOINS_PER_MIN: "0",
        CHAT_MAX_MESSAGES_PER_MIN: "0",
      },
    })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  const say = (room: { id: string }, content: string) =>
    ann.post(`/rooms/${room.id}/messages`, { content })

  /** What the socket was told of the room; who is online is another matter. */
  const toldOf = (socket: TestSocket, room: { id: string }) =>
    socket.frames
      .filter(({ room_id, type }) => room_id === room.id && type !== "presence")
      .map(({ type }) => type)

  const endings: readonly [string, (room: { id: string }) => Promise<unknown>][] = [
    ["bob is removed", ({ id }) => ann.delete(`/rooms/${id}/members/${bob.id}`)],
    ["bob leaves", ({ id }) => bob.post(`/rooms/${id}/leave`)],
  ]
  test.each(endings)(
    "given %s, then each of his devices hears it and nothing after",
    async (_, end) => {
      const room = await roomOf(ann, [bob])
      const witness = await listening(ann, room)
      const devices = [await listening(bob, room), await listening(bob, room)]

      await say(room, "before")
      await end(room)
      await say(room, "after")

      await witness.next(({ data }) => data.content === "after")
      for (const device of devices) {
        await device.framesUntilQuiet()
        expect(toldOf(device, room)).toEqual(["message.created", "member.left", "room.removed"])
      }
      expect(toldOf(witness, room)).toEqual(["message.created", "member.left", "message.created"])
    },
  )

  test("given bob is removed while ann floods the room, then he hears no message after member.left", async () => {
    const room = await roomOf(ann, [bob])
    const sender = await ann.connect()
    const witness = await listening(ann, room)
    const device = await listening(bob, room)
    const flood = Array.from({ length: 200 }, (_, n) =>
      sender.ask("message.send", { room_id: room.id, content: `number ${n}` }),
    )

    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    await Promise.all(flood)
    await say(room, "after")

    await witness.next(({ data }) => data.content === "after")
    await device.framesUntilQuiet()
    const told = device.frames.filter(({ seq }) => seq !== undefined)
    expect(told.at(-1)?.type).toBe("member.left")
    expect(told.map(({ seq }) => seq as number)).toEqual(told.map((_, n) => n + 3))
  })

  test("given bob was removed from a private room, then he cannot come back by subscribing, reading or sending", async () => {
    const room = (await ann.post("/rooms", { name: "hidden", type: "private" })).body
    await ann.put(`/rooms/${room.id}/members/${bob.id}`, {})
    const socket = await listening(bob, room)

    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)

    const subscribed = await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    expect(subscribed.data.rooms).toMatchObject([{ error: { code: "room_not_found" } }])
    const asked: readonly [string, object][] = [
      ["history", {}],
      ["message.send", { content: "let me in" }],
      ["typing", { is_typing: true }],
      ["read", { seq: 1 }],
    ]
    for (const [type, data] of asked) {
      const answer = await socket.ask(type, { room_id: room.id, ...data })
      expect(answer).toMatchObject({ type: "error", data: { code: "room_not_found" } })
    }
    await say(room, "gone?")
    expect(await socket.framesUntilQuiet()).toEqual([])
  })

  test("given the room is deleted, then all hear it and nothing after, and nobody is present", async () => {
    const room = await roomOf(ann, [bob])
    const sockets = [await listening(ann, room), await listening(bob, room)]

    await ann.delete(`/rooms/${room.id}`)

    for (const socket of sockets) {
      const deleted = await socket.next("room.deleted")
      expect(deleted).toMatchObject({ room_id: room.id, seq: 3, data: { id: room.id } })
      const answer = await socket.ask("message.send", { room_id: room.id, content: "hello?" })
      expect(answer.data.code).toBe("room_not_found")
      expect(await socket.framesUntilQuiet()).toEqual([])
    }
  })

  test("given a public room becomes private, then strangers who listen hear neither that nor anything after, and members go on", async () => {
    const eve = await person(server.url, "eve")
    const room = await roomOf(ann, [bob])
    const [stranger, member] = [await listening(eve, room), await listening(bob, room)]

    await ann.patch(`/rooms/${room.id}`, { type: "private" })
    await say(room, "now among ourselves")

    await member.next("message.created")
    await stranger.framesUntilQuiet()
    expect(toldOf(stranger, room)).toEqual([])
    expect(toldOf(member, room)).toEqual(["room.updated", "message.created"])
    expect((await ann.get(`/rooms/${room.id}`)).body.user_count).toBe(1)
  })

  async function loginAgain(name: string): Promise<Person> {
    const body = { username: name, password: PASSWORD }
    return asPerson(
      server.url,
      await call(server.url, { method: "POST", path: "/auth/login", body }),
    )
  }

  const logouts: readonly [string, (session: Person) => Promise<unknown>][] = [
    ["logout", (session) => session.post("/auth/logout")],
    [
      "the end of the session from another one",
      async (session) => {
        const sessions = (await session.get("/auth/sessions")).body
        const { id } = sessions.find((it: { current: boolean }) => it.current)
        return bob.delete(`/auth/sessions/${id}`)
      },
    ],
    [
      "a refresh token used twice",
      async ({ refreshToken }) => {
        const body = { refresh_token: refreshToken }
        await call(server.url, { method: "POST", path: "/auth/refresh", body })
        return call(server.url, { method: "POST", path: "/auth/refresh", body })
      },
    ],
  ]
  test.each(logouts)(
    "given %s, then the sockets of that session close with 4102 and others stay",
    async (_, end) => {
      const room = await roomOf(ann, [bob])
      const session = await loginAgain("bob")
      const sockets = [await listening(session, room), await session.connect()]
      const stays = await listening(bob, room)

      await end(session)
      await say(room, "after")

      for (const socket of sockets) {
        expect(await socket.closed).toMatchObject({ code: 4102 })
        expect(toldOf(socket, room)).toEqual([])
      }
      await stays.next("message.created")
      await expect(session.connect()).rejects.toThrow("refused")
    },
  )

  test("given an API key is revoked, then its sockets close with 4102 and others stay", async () => {
    const { id, key } = (await bob.post("/auth/keys", { name: "a program" })).body
    const { key: otherKey } = (await bob.post("/auth/keys", { name: "another" })).body
    const socketOf = (secret: string) =>
      openSocket(`${server.url}/api/v1/ws`, { headers: { "x-api-key": secret } })
    const [socket, stays] = [await socketOf(key), await socketOf(otherKey)]

    await bob.delete(`/auth/keys/${id}`)

    expect(await socket.closed).toMatchObject({ code: 4102 })
    expect((await stays.ask("ping")).type).toBe("ok")
    await expect(socketOf(key)).rejects.toThrow("refused")
  })
})
