import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import type { TestSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

interface Place {
  readonly id: string
  readonly epoch: string
  readonly head: number
}

describe("resuming", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer({
      env: {
        CHAT_MAX_MESSAGES_PER_MIN: "0",
        CHAT_MAX_ROOMS_PER_USER: "0",
        CHAT_MAX_JOINS_PER_MIN: "0",
      },
    })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  /** A room of both in which ann says so many things. */
  async function roomWith(count: number): Promise<Place> {
    const room = await roomOf(ann, [bob])
    await say(room, count)
    return room
  }

  async function say({ id }: { readonly id: string }, count: number): Promise<void> {
    const socket = await ann.connect()
    for (let n = 1; n <= count; n++) {
      const answer = socket.ask("message.send", { room_id: id, content: `number ${n}` })
      // No more may wait for their answers at once.
      if (n % 250 === 0 || n === count) await answer
    }
    socket.close()
    await socket.closed
  }

  const subscribe = async (
    socket: TestSocket,
    room: { readonly room_id: string; readonly epoch?: string; readonly since?: number },
  ) => (await socket.ask("subscribe", { rooms: [room] })).data.rooms[0]

  const seqsOf = (messages: readonly { readonly seq: number }[]) => messages.map(({ seq }) => seq)
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => from + n)

  test("given no position, then the newest 50 come, and what came before is not told", async () => {
    const room = await roomWith(60)
    const socket = await bob.connect()

    const page = await subscribe(socket, { room_id: room.id })

    expect(page).toMatchObject({
      room_id: room.id,
      epoch: room.epoch,
      recovered: false,
      head: 62,
      until: 62,
      more: false,
      members: [],
      room: { id: room.id, name: "general" },
    })
    expect(seqsOf(page.messages)).toEqual(range(13, 62))
  })

  test("given a position, then exactly what came after it, and nothing twice", async () => {
    const room = await roomWith(10)
    const socket = await bob.connect()

    const page = await subscribe(socket, { room_id: room.id, epoch: room.epoch, since: 7 })

    expect(page).toMatchObject({ recovered: true, head: 12, until: 12, more: false, members: [] })
    expect(page.room).toBeUndefined()
    expect(seqsOf(page.messages)).toEqual(range(8, 12))
  })

  test("given a position at the head, then nothing, and it is recovered", async () => {
    const room = await roomWith(1)
    const socket = await bob.connect()

    const page = await subscribe(socket, { room_id: room.id, epoch: room.epoch, since: 3 })

    expect(page).toMatchObject({
      recovered: true,
      until: 3,
      messages: [],
      members: [],
      more: false,
    })
  })

  test("given 450 changes missed, then they come in pages of 200 by more, none lost or doubled", async () => {
    const room = await roomWith(450)
    const socket = await bob.connect()
    const pages = []

    for (let since = 0; ; ) {
      const page = await subscribe(socket, { room_id: room.id, epoch: room.epoch, since })
      pages.push(page)
      if (!page.more) break
      since = page.until
    }

    expect(pages.map(({ until }) => until)).toEqual([200, 400, 452])
    expect(pages.map(({ recovered }) => recovered)).toEqual([true, true, true])
    expect(pages.flatMap(({ members }) => members.map((it: Place) => it))).toMatchObject([
      { user_id: ann.id, changed_seq: 1 },
      { user_id: bob.id, changed_seq: 2 },
    ])
    expect(seqsOf(pages.flatMap(({ messages }) => messages))).toEqual(range(3, 452))
  })

  const lost: readonly [string, (room: Place) => { epoch?: string; since?: number }][] = [
    ["another epoch", () => ({ epoch: "another", since: 1 })],
    ["a since beyond the head", ({ epoch }) => ({ epoch, since: 4 })],
    ["a since without an epoch", () => ({ since: 1 })],
    ["an epoch without a since", ({ epoch }) => ({ epoch })],
  ]
  test.each(lost)(
    "given %s, then it is told plainly that it must start afresh",
    async (_, position) => {
      const room = await roomWith(1)
      const socket = await bob.connect()

      const page = await subscribe(socket, { room_id: room.id, ...position(room) })

      expect(page).toMatchObject({ recovered: false, head: 3, until: 3, epoch: room.epoch })
      expect(page.messages).toMatchObject([{ seq: 3, content: "number 1" }])
    },
  )

  test("given the room and its members changed meanwhile, then both are told once, in their last state", async () => {
    const room = await roomWith(0)
    await ann.patch(`/rooms/${room.id}`, { topic: "first" })
    await ann.patch(`/rooms/${room.id}`, { topic: "second" })
    await bob.post(`/rooms/${room.id}/leave`)
    const socket = await ann.connect()

    const page = await subscribe(socket, { room_id: room.id, epoch: room.epoch, since: 2 })

    expect(page).toMatchObject({ recovered: true, head: 5, until: 5, room: { topic: "second" } })
    expect(page.members).toMatchObject([
      { user_id: bob.id, changed_seq: 5, left_at: expect.any(String) },
    ])
  })

  test("given messages arrive while it subscribes, then page and live events join without a gap or a hole", async () => {
    const room = await roomWith(0)
    const sender = await ann.connect()
    const socket = await bob.connect()
    const sends = range(1, 200).map((n) =>
      sender.ask("message.send", { room_id: room.id, content: `number ${n}` }),
    )

    const page = await subscribe(socket, { room_id: room.id, epoch: room.epoch, since: 2 })
    await Promise.all(sends)
    const fresh = () =>
      socket.frames
        .filter(({ type }) => type === "message.created")
        .map(({ seq }) => seq ?? 0)
        .filter((seq) => seq > page.until)
    // Where the page was read last of all, there is no event to come.
    await waitUntil("the last is told", () => Math.max(page.until, ...fresh()) >= 202)

    expect([...seqsOf(page.messages), ...fresh()]).toEqual(range(3, 202))
  })

  test("given some of the rooms may not be seen, then each answers for itself", async () => {
    const room = await roomWith(1)
    const hidden = (await ann.post("/rooms", { name: "hidden", type: "private" })).body
    const socket = await bob.connect()
    const rooms = [{ room_id: hidden.id }, { room_id: room.id }, { room_id: "nowhere" }]

    const answer = await socket.ask("subscribe", { rooms })

    expect(answer.type).toBe("ok")
    const refusal = { error: { code: "room_not_found", message: expect.any(String) } }
    expect(answer.data.rooms).toEqual([
      { room_id: hidden.id, ...refusal },
      expect.objectContaining({ room_id: room.id, head: 3 }),
      { room_id: "nowhere", ...refusal },
    ])
  })

  test("given the same room twice in one frame, then it is answered once and heard once", async () => {
    const room = await roomWith(0)
    const socket = await bob.connect()

    const answer = await socket.ask("subscribe", {
      rooms: [{ room_id: room.id }, { room_id: room.id }],
    })
    await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    await say(room, 1)

    expect(answer.data.rooms).toHaveLength(1)
    expect(await socket.framesUntilQuiet()).toEqual([])
    expect(socket.frames.filter(({ type }) => type === "message.created")).toHaveLength(1)
  })
})
