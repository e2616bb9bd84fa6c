import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { streamOf, type TestStream } from "../support/event-stream"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { type Person, person } from "../support/people"
import { expectProblem } from "../support/scenarios"
import type { TestFrame, TestSocket } from "../support/socket"
import { statusFor, upload } from "../support/uploads"

/** What ann does, by one edge or the other. */
interface Edge {
  send(data: object): Promise<{ readonly id: string; readonly seq: number }>
  forward(id: string): Promise<{ readonly id: string }>
  edit(id: string, change: object): Promise<unknown>
  delete(id: string): Promise<unknown>
  react(id: string, emoji: string): Promise<unknown>
  unreact(id: string, emoji: string): Promise<unknown>
  pin(id: string): Promise<unknown>
  unpin(id: string): Promise<unknown>
  read(seq: number): Promise<unknown>
}

const EDGES: Readonly<Record<string, (ann: Person, socket: TestSocket, room: string) => Edge>> = {
  REST(ann, _socket, room) {
    const ok = async (asked: ReturnType<Person["get"]>) => {
      const { status, body } = await asked
      expect([200, 204]).toContain(status)
      return body
    }
    const emojiOf = (id: string, emoji: string) =>
      `/messages/${id}/reactions/${encodeURIComponent(emoji)}`
    return {
      send: (data) => ok(ann.post(`/rooms/${room}/messages`, data)),
      forward: (id) => ok(ann.post(`/messages/${id}/forward`, { room_id: room })),
      edit: (id, change) => ok(ann.patch(`/messages/${id}`, change)),
      delete: (id) => ok(ann.delete(`/messages/${id}`)),
      react: (id, emoji) => ok(ann.put(emojiOf(id, emoji))),
      unreact: (id, emoji) => ok(ann.delete(emojiOf(id, emoji))),
      pin: (id) => ok(ann.put(`/messages/${id}/pin`)),
      unpin: (id) => ok(ann.delete(`/messages/${id}/pin`)),
      read: (seq) => ok(ann.put(`/rooms/${room}/read`, { seq })),
    }
  },
  "the WebSocket"(_ann, socket, room_id) {
    const ok = async (type: string, asked: object) => {
      const answer = await socket.ask(type, asked)
      expect(answer.type).toBe("ok")
      return answer.data
    }
    return {
      send: (data) => ok("message.send", { room_id, ...data }),
      forward: (message_id) => ok("message.forward", { message_id, room_id }),
      edit: (message_id, change) => ok("message.edit", { message_id, ...change }),
      delete: (message_id) => ok("message.delete", { message_id }),
      react: (message_id, emoji) => ok("reaction.add", { message_id, emoji }),
      unreact: (message_id, emoji) => ok("reaction.remove", { message_id, emoji }),
      pin: (message_id) => ok("message.pin", { message_id }),
      unpin: (message_id) => ok("message.unpin", { message_id }),
      read: (seq) => ok("read", { room_id, seq }),
    }
  },
}

/** Much less than what makes a silent client go. */
const SOON_MS = 10_000

/** Ann and bob are in a private room; eve hears all that she may. */
describe.each(Object.entries(EDGES))("by %s", (_, edgeOf) => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let room: { readonly id: string }
  let edge: Edge
  let hears: TestSocket
  let alsoHears: TestStream
  let strangeSocket: TestSocket
  let strangeStream: TestStream
  /** All that are open. */
  let open: { close(): void }[] = []

  beforeAll(async () => {
    house = await openHouse({ sweepMs: 20 })
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    for (const it of open) it.close()
    room = (await ann.post("/rooms", { name: "ours", type: "private" })).body
    await ann.put(`/rooms/${room.id}/members/${bob.id}`)
    const hers = await ann.connect()
    strangeSocket = await eve.connect()
    await strangeSocket.ask("subscribe", { all: true })
    strangeStream = await streamOf(house.url, eve)
    hears = await listening(bob, room)
    alsoHears = await streamOf(house.url, bob)
    open = [hers, hears, alsoHears, strangeSocket, strangeStream]
    edge = edgeOf(ann, hers, room.id)
  })

  /** What bob is told next of that type, by his socket and by his stream alike. */
  async function told(type: string): Promise<TestFrame["data"]> {
    const frame = await hears.next(type)
    expect(await alsoHears.next(type)).toEqual(frame)
    return frame.data
  }

  /** Nothing of the message, of the room and of its words is there for eve, and she heard nothing. */
  async function hiddenFromEve(id: string, word = "tea"): Promise<void> {
    for (const it of ["", "/history", "/thread"]) {
      expectProblem(await eve.get(`/messages/${id}${it}`), "message_not_found")
    }
    for (const it of ["messages", "pins", "reads", "changes"]) {
      expectProblem(await eve.get(`/rooms/${room.id}/${it}`), "room_not_found")
    }
    expect((await eve.get(`/search?q=${word}`)).body).toEqual([])
    expect((await eve.get("/unread")).body).toEqual([])
    const refused = await strangeSocket.ask("history", { room_id: room.id })
    expect(refused.data.code).toBe("room_not_found")
    await strangeSocket.framesUntilQuiet()
    const told = (type: string) => !["hello", "ok", "error", "live"].includes(type)
    expect(strangeSocket.frames.filter(({ type }) => told(type))).toEqual([])
    expect(strangeStream.events.filter(({ event }) => told(event))).toEqual([])
  }

  const read = async (id: string) => (await bob.get(`/messages/${id}`)).body

  test("an answer, with what its sender's program says of it", async () => {
    const { id: reply_to } = await edge.send({ content: "tea?" })
    await told("message.created")

    const { id } = await edge.send({ content: "a pot", reply_to, metadata: { sugar: [1, null] } })

    const message = await told("message.created")
    expect(message).toMatchObject({ id, reply_to, metadata: { sugar: [1, null] } })
    expect(await read(id)).toEqual(message)
    await hiddenFromEve(id)
  })

  test("a thread, which is counted where it began", async () => {
    const { id } = await edge.send({ content: "tea?" })

    await edge.send({ content: "a pot", thread_id: id })

    expect(await told("message.updated")).toMatchObject({ id, content: "tea?", thread_count: 1 })
    const { body } = await bob.get(`/messages/${id}/thread`)
    expect(body).toMatchObject([{ content: "a pot", thread_id: id }])
    await hiddenFromEve(id)
  })

  test("mentions, counted with all that is unread in one request, until they are read", async () => {
    await edge.send({ content: "tea for @nobody" })
    await edge.send({ content: "tea, @BOB?" })
    const { id, seq } = await edge.send({ content: "tea, @room, @eve!" })
    const mentions = []
    for (let count = 0; count < 3; count++) mentions.push((await told("message.created")).mentions)
    const unread = async () =>
      (await bob.get("/unread")).body.filter((it: { room_id: string }) => it.room_id === room.id)

    expect(mentions).toEqual([[], [bob.id], ["room"]])
    expect(await unread()).toMatchObject([{ unread: 3, mentions: 2, head: seq }])
    await bob.put(`/rooms/${room.id}/read`, { seq: seq - 1 })
    expect(await unread()).toMatchObject([{ unread: 1, mentions: 1 }])
    await edge.edit(id, { content: "tea" })
    expect(await unread()).toMatchObject([{ unread: 1, mentions: 0 }])
    await edge.delete(id)
    expect(await unread()).toMatchObject([{ unread: 0, mentions: 0, last_read_seq: seq - 1 }])
    await hiddenFromEve(id)
  })

  test("a read mark, which the others see, and never backwards", async () => {
    const { id, seq } = await edge.send({ content: "tea?" })
    await edge.read(seq)
    await edge.read(seq - 1)

    expect(await told("read")).toEqual({ user_id: ann.id, seq })
    const { body } = await bob.get(`/rooms/${room.id}/reads`)
    expect(body).toContainEqual({ user_id: ann.id, seq })
    await hears.framesUntilQuiet()
    expect(hears.frames.filter(({ type }) => type === "read")).toHaveLength(1)
    await hiddenFromEve(id)
  })

  test("an edit, which keeps what was said before and is found by its words", async () => {
    const { id } = await edge.send({ content: "tea?", metadata: { a: 1 } })
    const search = async (q: string) => (await bob.get(`/search?q=${q}`)).body
    const found = async (q: string) =>
      (await search(`${q}&room_id=${room.id}`)).map((it: TestFrame["data"]) => it.message.id)
    expect(await found("tea")).toEqual([id])

    await edge.edit(id, { content: "coffee?" })

    const message = await told("message.updated")
    expect(message).toMatchObject({ id, content: "coffee?", metadata: { a: 1 } })
    expect(message.edited_at).toBeString()
    expect((await bob.get(`/messages/${id}/history`)).body).toMatchObject([{ content: "tea?" }])
    expect([await found("tea"), await found("coffee")]).toEqual([[], [id]])
    await hiddenFromEve(id, "coffee")
  })

  test("reactions and a pin, which come and go", async () => {
    const { id } = await edge.send({ content: "tea?" })
    const pins = async () => (await bob.get(`/rooms/${room.id}/pins`)).body

    await edge.react(id, "🫖")
    const reactions = [{ emoji: "🫖", count: 1, users: [ann.id] }]
    expect(await told("message.updated")).toMatchObject({ id, reactions, pinned: false })
    await edge.pin(id)
    const pinned = await told("message.updated")
    expect(pinned).toMatchObject({ id, reactions, pinned: true })
    expect(await pins()).toEqual([pinned])
    await hiddenFromEve(id)

    await edge.unreact(id, "🫖")
    await edge.unpin(id)
    expect(await told("message.updated")).toMatchObject({ id, reactions: [], pinned: true })
    expect(await told("message.updated")).toMatchObject({ id, reactions: [], pinned: false })
    expect(await pins()).toEqual([])
  })

  test("a file, which is there for those who may read the message, until that is deleted", async () => {
    const { body: file } = await upload(house.url, ann, { name: "tea.txt", content: "Assam" })
    const { id } = await edge.send({ content: "tea", attachment_ids: [file.id] })

    expect(await told("message.created")).toMatchObject({ id, attachments: [file] })
    const statuses = () => Promise.all([bob, eve].map((who) => statusFor(house.url, who, file.url)))
    expect(await statuses()).toEqual([200, 404])
    await hiddenFromEve(id)

    await edge.delete(id)
    const tombstone = await told("message.deleted")
    expect(tombstone).toMatchObject({ id, content: "", attachments: [] })
    expect(await read(id)).toEqual(tombstone)
    expect(await statuses()).toEqual([404, 404])
    expect((await bob.get(`/search?q=tea&room_id=${room.id}`)).body).toEqual([])
    await hiddenFromEve(id)
  })

  test("a forward, out of a room that the others are not in", async () => {
    const { body: elsewhere } = await ann.post("/rooms", { name: "hers", type: "private" })
    const { body: original } = await ann.post(`/rooms/${elsewhere.id}/messages`, { content: "tea" })

    const { id } = await edge.forward(original.id)

    const message = await told("message.created")
    expect(message).toMatchObject({ id, content: "tea", forwarded_from: original.id })
    expect(await read(id)).toEqual(message)
    expectProblem(await bob.get(`/messages/${original.id}`), "message_not_found")
    await hiddenFromEve(id)
  })

  test("a message that expires, and leaves its place", async () => {
    const expires_at = new Date(house.clock.now() + SOON_MS).toISOString()
    const { id, seq } = await edge.send({ content: "tea at once", expires_at })
    expect(await told("message.created")).toMatchObject({ id, expires_at })
    await hiddenFromEve(id)

    house.clock.advance(SOON_MS)

    const tombstone = await told("message.deleted")
    expect(tombstone).toMatchObject({ id, seq, content: "" })
    expect(await read(id)).toEqual(tombstone)
    await hiddenFromEve(id)
  })
})
