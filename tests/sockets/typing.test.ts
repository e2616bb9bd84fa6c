import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "bun:test"
import { openChat } from "../support/chat"
import { listening } from "../support/listening"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"

describe("typing", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer({
      env: {
        CHAT_MAX_ROOMS_PER_USER: "0",
        CHAT_MAX_JOINS_PER_MIN: "0",
        CHAT_MAX_TYPING_PER_MIN: "0",
      },
    })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  const notice = (roomId: string, isTyping: boolean) => ({
    type: "typing",
    room_id: roomId,
    data: { user_id: ann.id, username: "ann", is_typing: isTyping },
  })

  test("given ann types, then others hear it, and none of her own devices does", async () => {
    const room = await roomOf(ann, [bob])
    const [device, otherDevice] = [await listening(ann, room), await listening(ann, room)]
    const bobSocket = await listening(bob, room)

    await device.ask("typing", { room_id: room.id, is_typing: true })
    await device.ask("typing", { room_id: room.id, is_typing: false })

    expect(await bobSocket.next("typing")).toEqual(notice(room.id, true))
    expect(await bobSocket.next("typing")).toEqual(notice(room.id, false))
    await bob.post(`/rooms/${room.id}/messages`, { content: "they still hear the rest" })
    for (const it of [device, otherDevice]) {
      await it.next("message.created")
      expect(it.frames.filter(({ type }) => type === "typing")).toEqual([])
    }
  })

  test("given ann stops without having typed, then nobody is told", async () => {
    const room = await roomOf(ann, [bob])
    const [device, bobSocket] = [await listening(ann, room), await listening(bob, room)]

    await device.ask("typing", { room_id: room.id, is_typing: false })

    expect(await bobSocket.framesUntilQuiet()).toEqual([])
  })

  const endings: readonly [string, (room: { id: string }) => Promise<unknown>, string[]][] = [
    [
      "sends by REST",
      ({ id }) => ann.post(`/rooms/${id}/messages`, { content: "done" }),
      ["typing", "message.created"],
    ],
    [
      "leaves",
      ({ id }) => ann.post(`/rooms/${id}/leave`),
      ["member.left", "typing", "member.updated"],
    ],
  ]
  test.each(endings)("given ann is typing, when she %s, then it ends", async (_, end, types) => {
    const room = await roomOf(ann, [bob])
    const [device, bobSocket] = [await listening(ann, room), await listening(bob, room)]
    await device.ask("typing", { room_id: room.id, is_typing: true })
    await bobSocket.next("typing")

    const before = bobSocket.frames.length

    await end(room)
    await bobSocket.framesUntilQuiet()

    const told = bobSocket.frames.slice(before)
    expect(told.map(({ type }) => type)).toEqual(types)
    expect(told).toContainEqual(notice(room.id, false))
  })

  const unheard: readonly [string, (room: { id: string }) => Promise<unknown>, string[]][] = [
    ["leaves", ({ id }) => ann.post(`/rooms/${id}/leave`), ["member.left", "typing"]],
    ["is muted", ({ id }) => bob.put(`/rooms/${id}/mutes/${ann.id}`), ["member.updated", "typing"]],
    ["is banned", ({ id }) => bob.put(`/rooms/${id}/bans/${ann.id}`), ["member.left", "typing"]],
  ]
  test.each(unheard)(
    "given ann is typing and hears nothing of the room, when she %s, then it ends",
    async (_, end, types) => {
      const room = await roomOf(bob, [ann])
      const [device, bobSocket] = [await ann.connect(), await listening(bob, room)]
      await device.ask("typing", { room_id: room.id, is_typing: true })
      await bobSocket.next("typing")
      const before = bobSocket.frames.length

      await end(room)
      await bobSocket.framesUntilQuiet()

      const told = bobSocket.frames.slice(before)
      expect(told.map(({ type }) => type)).toEqual(types)
      expect(told.at(-1)).toEqual(notice(room.id, false))
    },
  )

  test("given ann is typing in a room that she is no member of, when she is banned, then it ends", async () => {
    const room = await roomOf(bob)
    const [device, bobSocket] = [await ann.connect(), await listening(bob, room)]
    await device.ask("typing", { room_id: room.id, is_typing: true })
    await bobSocket.next("typing")

    await bob.put(`/rooms/${room.id}/bans/${ann.id}`)

    expect(await bobSocket.next("typing")).toEqual(notice(room.id, false))
  })

  test("given ann is typing, when she is given a role, then it goes on", async () => {
    const room = await roomOf(bob, [ann])
    const [device, bobSocket] = [await ann.connect(), await listening(bob, room)]
    await device.ask("typing", { room_id: room.id, is_typing: true })
    await bobSocket.next("typing")

    await bob.put(`/rooms/${room.id}/members/${ann.id}`, { role: "moderator" })

    await bobSocket.next("member.updated")
    expect(await bobSocket.framesUntilQuiet()).toEqual([])
  })

  test("given ann is typing, when her last connection is gone, then it ends", async () => {
    const room = await roomOf(ann, [bob])
    const device = await listening(ann, room)
    const bobSocket = await listening(bob, room)
    await device.ask("typing", { room_id: room.id, is_typing: true })
    await bobSocket.next("typing")

    device.close()

    expect(await bobSocket.next("typing")).toEqual(notice(room.id, false))
  })

  test("refuses the 121st notice of a minute, and ending one is never refused", async () => {
    const own = await startServer()
    const dan = await person(own.url, "dan")
    const room = await roomOf(dan)
    const socket = await listening(dan, room)

    const answers = []
    for (let n = 0; n < 121; n++) {
      answers.push(await socket.ask("typing", { room_id: room.id, is_typing: true }))
    }

    expect(answers.slice(0, 120).map(({ type }) => type)).toEqual(Array(120).fill("ok"))
    expect(answers[120]?.data).toMatchObject({ code: "rate_limited", retryable: true })
    expect(answers[120]?.data.retry_after_ms).toBeGreaterThan(0)
    expect((await socket.ask("typing", { room_id: room.id, is_typing: false })).type).toBe("ok")
    await own.stop()
  })
})

describe("a typing notice that is not renewed", () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  test("ends by itself 10 s after the last one", async () => {
    const { chat, told, person: somebody, room, close } = await openChat()
    const ann = await somebody("ann")
    const roomId = await room(ann)
    jest.useFakeTimers()

    await chat.typing.setTyping(ann, roomId, true)
    jest.advanceTimersByTime(9_000)
    await chat.typing.setTyping(ann, roomId, true)
    jest.advanceTimersByTime(9_999)
    const before = told.map((it) => it.type === "typing" && it.isTyping)
    jest.advanceTimersByTime(1)

    expect(before).toEqual([true, true])
    expect(told.map((it) => it.type === "typing" && it.isTyping)).toEqual([true, true, false])
    jest.advanceTimersByTime(60_000)
    expect(told).toHaveLength(3)
    jest.useRealTimers()
    await close()
  })
})
