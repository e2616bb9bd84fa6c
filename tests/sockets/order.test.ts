import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import type { TestFrame, TestSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

describe("frames of one connection", () => {
  let server: TestServer
  let ann: Person

  beforeAll(async () => {
    server = await startServer({
      env: { CHAT_MAX_MESSAGES_PER_MIN: "0", CHAT_MAX_FRAMES_PER_SEC: "0" },
    })
    ann = await person(server.url, "ann")
  })
  afterAll(() => server.stop())

  const post = (socket: TestSocket, type: string, id: string, data?: unknown) =>
    socket.sendRaw(JSON.stringify({ type, id, data }))

  /** The answers so far, in the order they came; events left out. */
  const answersOf = (socket: TestSocket): readonly TestFrame[] =>
    socket.frames.filter(({ id }) => id !== undefined)

  test("given 300 sends with histories between, then answers come in order and each history sees all sends before it", async () => {
    const room = await roomOf(ann)
    const socket = await ann.connect()
    const ids: string[] = []
    const expectedNewest: string[] = []

    for (let n = 0; n < 300; n++) {
      post(socket, "message.send", `send ${n}`, { room_id: room.id, content: `number ${n}` })
      ids.push(`send ${n}`)
      if (n % 25 === 24) {
        post(socket, "history", `history ${n}`, { room_id: room.id, limit: 1 })
        ids.push(`history ${n}`)
        expectedNewest.push(`number ${n}`)
      }
      // As many as may wait for their answers at once; the 257th has a test of its own.
      if (n === 149) await socket.next(({ id }) => id === `history ${n}`)
    }
    await socket.next(({ id }) => id === "history 299")

    const answers = answersOf(socket)
    expect(answers.map(({ id }) => id as string)).toEqual(ids)
    expect(answers.every(({ type }) => type === "ok")).toBe(true)
    const histories = answers.filter(({ id }) => String(id).startsWith("history"))
    expect(histories.map(({ data }) => data.messages[0].content)).toEqual(expectedNewest)
    const seqs = answers.flatMap(({ data }) => data.seq ?? [])
    expect(seqs).toEqual(Array.from({ length: 300 }, (_, n) => n + 2))
  })

  test("given a quick refusal behind a slow send, then the refusal waits its turn", async () => {
    const room = await roomOf(ann)
    const socket = await ann.connect()

    post(socket, "message.send", "first", { room_id: room.id, content: "hello" })
    post(socket, "made up", "second")
    post(socket, "message.send", "third", { room_id: "nowhere", content: "hello" })
    post(socket, "ping", "fourth")
    post(socket, "subscribe", "fifth", { rooms: [{ room_id: room.id }] })
    post(socket, "message.send", "sixth", { room_id: room.id, content: "hello again" })
    await socket.next(({ id }) => id === "sixth")

    expect(answersOf(socket).map(({ id, type }) => `${id} ${type}`)).toEqual([
      "first ok",
      "second error",
      "third error",
      "fourth ok",
      "fifth ok",
      "sixth ok",
    ])
    expect(answersOf(socket)[4]?.data.rooms[0].messages).toMatchObject([{ content: "hello" }])
  })

  test("given a send, then its own event comes before its answer", async () => {
    const room = await roomOf(ann)
    const socket = await ann.connect()
    await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })

    await socket.ask("message.send", { room_id: room.id, content: "hello" })

    expect(socket.frames.slice(-2).map(({ type }) => type)).toEqual(["message.created", "ok"])
  })

  test("given typing and a send behind a slow frame, then the send ends the typing", async () => {
    const bob = await person(server.url, "bob")
    const room = await roomOf(ann, [bob])
    const socket = await ann.connect()
    const bobSocket = await bob.connect()
    await bobSocket.ask("subscribe", { rooms: [{ room_id: room.id }] })

    post(socket, "message.send", "slow", { room_id: room.id, content: "one" })
    post(socket, "history", "also slow", { room_id: room.id })
    post(socket, "typing", "typing", { room_id: room.id, is_typing: true })
    post(socket, "message.send", "send", { room_id: room.id, content: "two" })
    await bobSocket.next(({ data }) => data.content === "two")

    // That people are online is told when their rooms have been read, which may be by now.
    const talk = bobSocket.frames.filter(({ type }) => type !== "presence")
    expect(talk.slice(0, 2).map(({ type }) => type)).toEqual(["hello", "ok"])
    const heard = talk.slice(2).map(({ type, data }) => data.is_typing ?? type)
    expect(heard).toEqual(["message.created", true, false, "message.created"])
    expect(await bobSocket.framesUntilQuiet()).toEqual([])
  })

  test("given 1,000 sends at once, then those that may not wait get overloaded with their id, and the socket stays", async () => {
    const room = await roomOf(ann)
    const socket = await ann.connect()

    for (let n = 1; n <= 1_000; n++) {
      post(socket, "message.send", `send ${n}`, { room_id: room.id, content: `number ${n}` })
    }
    await waitUntil("all are answered", () => answersOf(socket).length === 1_000)

    const answers = answersOf(socket)
    const refused = answers.filter(({ type }) => type === "error")
    // How many depends on how they arrive; receive.test.ts shows that the 257th is the first.
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1_000)
    for (const { data } of refused) {
      expect(data).toMatchObject({ code: "overloaded", retryable: true })
    }
    const stored = (await ann.get(`/rooms/${room.id}`)).body.head - 1
    expect(stored).toBe(1_000 - refused.length)
    expect((await socket.ask("ping")).type).toBe("ok")
  })
})
