import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { listening } from "../support/listening"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import type { TestFrame, TestSocket } from "../support/socket"

describe("presence", () => {
  let server: TestServer
  let ann: Person
  let eve: Person

  beforeAll(async () => {
    server = await startServer({
      env: { CHAT_MAX_ROOMS_PER_USER: "0", CHAT_MAX_JOINS_PER_MIN: "0" },
    })
    ann = await person(server.url, "ann")
    eve = await person(server.url, "eve")
    // They are online before they have a room to be told in.
    for (const watcher of [ann, eve]) await watcher.connect()
  })
  afterAll(() => server.stop())

  /** Ann listens to a room that she shares with somebody new, and eve to one that she does not. */
  async function watched(name: string) {
    const somebody = await person(server.url, name)
    const room = await roomOf(ann, [somebody])
    const watcher = await listening(ann, room)
    const stranger = await listening(eve, await roomOf(eve))
    return { somebody, room, watcher, stranger }
  }

  const isOf =
    ({ id }: Person) =>
    ({ type, data }: TestFrame) =>
      type === "presence" && data.user_id === id

  const statusesOf = (socket: TestSocket, somebody: Person) =>
    socket.frames.filter(isOf(somebody)).map(({ data }) => data.status)

  test("given bob comes online and goes, then those who share a room hear it, with 2 s of grace, and others nothing", async () => {
    const { somebody: bob, room, watcher, stranger } = await watched("bob")

    const socket = await bob.connect()
    const online = await watcher.next(isOf(bob))
    const closedAt = performance.now()
    socket.close()
    const offline = await watcher.next(isOf(bob))

    expect(online).toEqual({
      type: "presence",
      room_id: room.id,
      data: { user_id: bob.id, username: "bob", status: "online", last_seen_at: null },
    })
    expect(offline.data.status).toBe("offline")
    expect(offline.data.last_seen_at).toMatch(/^\d{4}-.*Z$/)
    expect(performance.now() - closedAt).toBeGreaterThan(1_950)
    expect((await ann.get(`/users/${bob.id}`)).body.last_seen_at).toBe(offline.data.last_seen_at)
    expect(statusesOf(stranger, bob)).toEqual([])
  }, 20_000)

  test("given two devices, a reconnect within the grace, and one device left, then nobody hears of any of it", async () => {
    const { somebody: dan, watcher } = await watched("dan")
    const first = await dan.connect()
    await watcher.next(isOf(dan))

    const second = await dan.connect()
    first.close()
    await first.closed
    second.close()
    await second.closed
    const third = await dan.connect()

    // The grace that began when nobody was there would have ended by then.
    expect(await watcher.framesUntilQuiet(2_200)).toEqual([])
    expect((await third.ask("ping")).type).toBe("ok")
  }, 20_000)

  test("given a status is set, then it is told once and kept over a reconnect", async () => {
    const { somebody: fay, watcher } = await watched("fay")
    const socket = await fay.connect()
    await watcher.next(isOf(fay))

    await socket.ask("presence", { status: "away" })
    await socket.ask("presence", { status: "away" })
    await socket.ask("presence", { status: "dnd" })
    socket.close()
    await socket.closed
    const again = await fay.connect()
    await again.ask("presence", { status: "dnd" })
    await again.ask("presence", { status: "online" })
    await watcher.next(({ data }) => data.status === "online")

    expect(statusesOf(watcher, fay)).toEqual(["online", "away", "dnd", "online"])
    expect(await watcher.framesUntilQuiet()).toEqual([])
  })
})

describe("read marks", () => {
  test("given bob reads, then all in the room hear it, going back tells nothing, and unread counts follow", async () => {
    const server = await startServer()
    const [ann, bob] = [await person(server.url, "ann"), await person(server.url, "bob")]
    const room = await roomOf(ann, [bob])
    const [annSocket, bobSocket] = [await listening(ann, room), await listening(bob, room)]
    for (const content of ["one", "two"]) await ann.post(`/rooms/${room.id}/messages`, { content })

    const answers = [
      await bobSocket.ask("read", { room_id: room.id, seq: 3 }),
      await bobSocket.ask("read", { room_id: room.id, seq: 2 }),
      await bobSocket.ask("read", { room_id: room.id, seq: 3 }),
      await bobSocket.ask("read", { room_id: room.id, seq: 5 }),
    ]

    expect(answers.map(({ type, data }) => data.code ?? type)).toEqual([
      "ok",
      "ok",
      "ok",
      "invalid_request",
    ])
    const told = { type: "read", room_id: room.id, data: { user_id: bob.id, seq: 3 } }
    for (const socket of [annSocket, bobSocket]) {
      await socket.framesUntilQuiet()
      expect(socket.frames.filter(({ type }) => type === "read")).toEqual([told])
    }
    const [unread] = (await bob.get("/unread")).body
    expect(unread).toMatchObject({ room_id: room.id, unread: 1, last_read_seq: 3, head: 4 })
    await server.stop()
  })
})
