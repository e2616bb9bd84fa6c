import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

interface Told {
  readonly id: string
  readonly seq: number
  readonly content: string
  readonly thread_count: number
}

describe("threads and answers", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let room: { readonly id: string; readonly epoch: string }

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    room = await roomOf(ann, [bob])
  })

  const send = (by: Person, content: string, more: object = {}) =>
    by.post(`/rooms/${room.id}/messages`, { content, ...more })
  const say = async (by: Person, content: string, more: object = {}): Promise<Told> =>
    (await send(by, content, more)).body
  const read = async (by: Person, { id }: Told): Promise<Told> =>
    (await by.get(`/messages/${id}`)).body
  const thread = async (by: Person, { id }: Told, query = "") =>
    (await by.get(`/messages/${id}/thread${query}`)).body.map((it: Told) => it.content)

  test("given ann begins a thread and bob goes on, then both hear each message and the count of the first, and a stranger nothing", async () => {
    const sockets = [await ann.connect(), await bob.connect()]
    for (const socket of sockets) {
      await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    }
    const stranger = await eve.connect()
    await stranger.ask("subscribe", { all: true })

    const root = await say(ann, "shall we?")
    const answered = await sockets[1]?.ask("message.send", {
      room_id: room.id,
      content: "yes",
      thread_id: root.id,
      reply_to: root.id,
    })

    expect(answered?.data).toMatchObject({ seq: 4, duplicate: false })
    for (const socket of sockets) {
      expect(await socket.next("message.created")).toMatchObject({ seq: 3 })
      expect(await socket.next("message.created")).toMatchObject({
        seq: 4,
        data: { content: "yes", thread_id: root.id, reply_to: root.id, thread_count: 0 },
      })
      expect(await socket.next("message.updated")).toMatchObject({
        seq: 5,
        data: { id: root.id, seq: 3, changed_seq: 5, thread_count: 1, edited_at: null },
      })
    }
    expect(await stranger.framesUntilQuiet()).toEqual([])
    for (const socket of [...sockets, stranger]) socket.close()
  })

  test("whoever was away is told the thread's message and the count by the changes", async () => {
    const root = await say(ann, "shall we?")
    await say(bob, "yes", { thread_id: root.id })

    const { body } = await ann.get(
      `/rooms/${room.id}/changes?epoch=${room.epoch}&since=${root.seq}`,
    )

    expect(body.messages).toMatchObject([
      { seq: 4, content: "yes" },
      { seq: 3, changed_seq: 5, thread_count: 1 },
    ])
  })

  test("a thread is read oldest first, in pages, without its root and without what else was said", async () => {
    const root = await say(ann, "root")
    const other = await say(ann, "another root")
    for (const content of ["one", "two", "three", "four"]) {
      await say(bob, content, { thread_id: root.id })
      await say(bob, `not ${content}`, { thread_id: other.id })
    }
    const seqs = (await ann.get(`/messages/${root.id}/thread`)).body.map(({ seq }: Told) => seq)

    expect(await thread(bob, root)).toEqual(["one", "two", "three", "four"])
    expect(await thread(bob, root, "?limit=2")).toEqual(["three", "four"])
    expect(await thread(bob, root, `?limit=2&before=${seqs[2]}`)).toEqual(["one", "two"])
    expect(await thread(bob, root, `?limit=2&after=${seqs[0]}`)).toEqual(["two", "three"])
    expect(await thread(bob, root, `?after=${seqs[3]}`)).toEqual([])
    expect(await thread(bob, root, `?after=${Number.MAX_SAFE_INTEGER}`)).toEqual([])
    expect(await thread(bob, root, "?before=0")).toEqual([])
    expect(await read(ann, root)).toMatchObject({ thread_count: 4 })
  })

  test("messages of threads stand in the room's history, and their threads are empty", async () => {
    const root = await say(ann, "root")
    const inside = await say(bob, "inside", { thread_id: root.id })

    const { body } = await ann.get(`/rooms/${room.id}/messages`)

    expect(body.map(({ content }: Told) => content)).toEqual(["root", "inside"])
    expect(await thread(ann, inside)).toEqual([])
  })

  test("sending into a thread again counts once; into another one it is a conflict", async () => {
    const root = await say(ann, "root")
    const other = await say(ann, "other")
    const once = { thread_id: root.id, client_id: "c-1" }

    await send(bob, "hello", once)
    const again = await send(bob, "hello", once)

    expect(again.body).toMatchObject({ duplicate: true })
    expect(await read(ann, root)).toMatchObject({ thread_count: 1 })
    expectProblem(await send(bob, "hello", { ...once, thread_id: other.id }), "conflict")
    expectProblem(await send(bob, "hello", { client_id: "c-1" }), "conflict")
  })

  test("nobody answers what is deleted, and no thread goes on below it; what was said stays", async () => {
    const root = await say(ann, "root")
    await say(bob, "one", { thread_id: root.id })
    await ann.delete(`/messages/${root.id}`)
    const before = house.everything()

    expectProblem(await send(bob, "two", { thread_id: root.id }), "invalid_request", ["thread_id"])
    expectProblem(await send(bob, "two", { reply_to: root.id }), "invalid_request", ["reply_to"])

    expect(house.everything()).toEqual(before)
    expect(await thread(bob, root)).toEqual(["one"])
    expect(await read(bob, root)).toMatchObject({ content: "", thread_count: 1 })
  })

  test("what is deleted keeps its place in its thread, and what answered it keeps that", async () => {
    const root = await say(ann, "root")
    const one = await say(bob, "one", { thread_id: root.id })
    const two = await say(ann, "two", { thread_id: root.id, reply_to: one.id })

    await bob.delete(`/messages/${one.id}`)

    expect(await thread(ann, root)).toEqual(["", "two"])
    expect(await read(ann, two)).toMatchObject({ reply_to: one.id })
  })

  test("threads do not nest, and reach into no other room", async () => {
    const root = await say(ann, "root")
    const inside = await say(bob, "inside", { thread_id: root.id })
    const elsewhere = await roomOf(ann)
    const there = (await ann.post(`/rooms/${elsewhere.id}/messages`, { content: "there" })).body
    const before = house.everything()

    const wrong = { thread_id: there.id, reply_to: there.id }
    expectProblem(await send(bob, "x", { thread_id: inside.id }), "invalid_request", ["thread_id"])
    expectProblem(await send(bob, "x", { thread_id: there.id }), "invalid_request", ["thread_id"])
    expectProblem(await send(bob, "x", { reply_to: "nothing" }), "invalid_request", ["reply_to"])
    expectProblem(await send(ann, "x", wrong), "invalid_request")

    expect(house.everything()).toEqual(before)
  })

  test("a thread of a private room does not exist for a stranger", async () => {
    const secret = (await ann.post("/rooms", { name: "secret", type: "private" })).body
    const { body } = await ann.post(`/rooms/${secret.id}/messages`, { content: "between us" })

    const hidden = await eve.get(`/messages/${body.id}/thread`)

    expectProblem(hidden, "message_not_found")
    expect(hidden.body).toEqual((await eve.get("/messages/nothing/thread")).body)
  })

  const query = (text: string, ...fields: string[]) =>
    ({
      name: `?${text}`,
      by: () => ann,
      method: "GET",
      path: `/messages/nothing/thread?${text}`,
      code: "invalid_request",
      wrong: fields,
    }) as const
  refusals(
    () => house,
    [
      query("before=1&after=1", "before"),
      query("limit=0", "limit"),
      query("after=soon&limit=201", "after", "limit"),
      { name: "a stranger", method: "GET", path: "/messages/x/thread", code: "unauthorized" },
    ],
  )
})
