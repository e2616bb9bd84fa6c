import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { isOnPostgres } from "../support/databases"
import { type House, openHouse } from "../support/house"
import { openHouses } from "../support/houses"
import { call, type Person, person, roomOf } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"
import { createScratch } from "../support/scratch"
import { startServerProcess, UNLIMITED } from "../support/server-process"
import { waitUntil } from "../support/wait"

/** Much less than what makes a silent client go. */
const SOON_MS = 10_000
const SWEEP_MS = 20

const inFuture = (house: Pick<House, "clock">, ms = SOON_MS) =>
  new Date(house.clock.now() + ms).toISOString()

const contentsIn = async (by: Person, roomId: string): Promise<string[]> =>
  (await by.get(`/rooms/${roomId}/messages`)).body.map((it: { content: string }) => it.content)

describe("scheduled messages", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let secret: string

  beforeAll(async () => {
    house = await openHouse({ sweepMs: SWEEP_MS })
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
    secret = (await ann.post("/rooms", { name: "secret", type: "private" })).body.id
    await ann.put(`/rooms/${secret}/members/${bob.id}`)
  })
  afterAll(() => house.stop())

  test("answers what is to be sent, which nobody else sees; then it comes to everybody in the room", async () => {
    const [hears, strange] = [await ann.connect(), await eve.connect()]
    await hears.ask("subscribe", { rooms: [{ room_id: secret }] })
    await strange.ask("subscribe", { all: true })
    const send_at = inFuture(house)
    const answer = await bob.post(`/rooms/${secret}/scheduled`, {
      content: "good evening",
      client_id: "c",
      metadata: { a: 1 },
      expires_at: inFuture(house, 2 * SOON_MS),
      send_at,
    })

    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      room_id: secret,
      type: "text",
      content: "good evening",
      client_id: "c",
      reply_to: null,
      thread_id: null,
      attachment_ids: [],
      metadata: { a: 1 },
      expires_at: expect.stringMatching(/Z$/),
      send_at,
      created_at: expect.stringMatching(/Z$/),
      failed: null,
    })
    const { id } = answer.body
    expect((await bob.get("/scheduled")).body).toEqual([answer.body])
    expect((await bob.get(`/scheduled/${id}`)).body).toEqual(answer.body)
    for (const other of [ann, eve]) {
      expect((await other.get("/scheduled")).body).toEqual([])
      expectProblem(await other.get(`/scheduled/${id}`), "not_found")
      expectProblem(await other.patch(`/scheduled/${id}`, { content: "x" }), "not_found")
      expectProblem(await other.delete(`/scheduled/${id}`), "not_found")
    }
    expect(await contentsIn(ann, secret)).toEqual([])

    house.clock.advance(SOON_MS)
    const { data: message } = await hears.next("message.created")
    expect(message).toMatchObject({ content: "good evening", client_id: "c", user_id: bob.id })
    expect((await bob.get("/scheduled")).body).toEqual([])
    house.clock.advance(SOON_MS)
    const { data: tombstone } = await hears.next("message.deleted")
    expect(tombstone).toMatchObject({ id: message.id, content: "", metadata: null })
    expect(tombstone).not.toHaveProperty("expires_at")
    expect((await bob.get(`/messages/${message.id}`)).body).toEqual(tombstone)
    expect(await strange.framesUntilQuiet()).toEqual([])
    hears.close()
    strange.close()
  })

  test("it is sent as it was changed, and not at all where it was taken back", async () => {
    const room = await roomOf(ann, [bob])
    const schedule = async (content: string) =>
      (await bob.post(`/rooms/${room.id}/scheduled`, { content, send_at: inFuture(house) })).body
    const [changed, gone] = [await schedule("first"), await schedule("never")]

    const send_at = inFuture(house, 2 * SOON_MS)
    const answer = await bob.patch(`/scheduled/${changed.id}`, { content: "second", send_at })
    expect((await bob.delete(`/scheduled/${gone.id}`)).status).toBe(204)

    expect(answer.body).toEqual({ ...changed, content: "second", send_at })
    expectProblem(await bob.get(`/scheduled/${gone.id}`), "not_found")
    house.clock.advance(2 * SOON_MS)
    await waitUntil("it is sent", async () => (await contentsIn(ann, room.id)).length > 0)
    expect(await contentsIn(ann, room.id)).toEqual(["second"])
  })

  test("the list is soonest first, in pages; what could not be sent says why", async () => {
    const room = await roomOf(ann, [eve])
    for (const times of [3, 1, 2]) {
      const send_at = inFuture(house, times * SOON_MS)
      await eve.post(`/rooms/${room.id}/scheduled`, { content: `in ${times}`, send_at })
    }
    await ann.put(`/rooms/${room.id}/bans/${eve.id}`)
    house.clock.advance(SOON_MS)
    const first = async () => (await eve.get("/scheduled?limit=2")).body[0]
    await waitUntil("it has failed", async () => (await first()).failed !== null)

    const page = await eve.get("/scheduled?limit=2")
    const next = page.headers.get("link")?.match(/<\/api\/v1(.+)>/)?.[1] ?? ""
    const rest = await eve.get(next)

    const inShort = [...page.body, ...rest.body].map((it) => [it.content, it.failed])
    expect(inShort).toEqual([
      ["in 1", { code: "banned" }],
      ["in 2", null],
      ["in 3", null],
    ])
    expect(await contentsIn(ann, room.id)).toEqual([])
  })

  refusals(
    () => house,
    [
      {
        name: "no time",
        by: () => ann,
        method: "POST",
        path: () => `/rooms/${secret}/scheduled`,
        body: { content: "x" },
        code: "invalid_request",
        wrong: ["send_at"],
      },
      {
        name: "a time that is over",
        by: () => ann,
        method: "POST",
        path: () => `/rooms/${secret}/scheduled`,
        body: { content: "x", send_at: "2020-01-01T00:00:00Z" },
        code: "invalid_request",
        wrong: ["send_at"],
      },
      {
        name: "too long a text",
        by: () => ann,
        method: "POST",
        path: () => `/rooms/${secret}/scheduled`,
        body: { content: "x".repeat(4001), send_at: "2020-01-01T00:00:00Z" },
        code: "invalid_request",
        wrong: ["content"],
      },
      {
        name: "a room that is not hers to see",
        by: () => eve,
        method: "POST",
        path: () => `/rooms/${secret}/scheduled`,
        body: { content: "x", send_at: new Date(Date.now() + SOON_MS * 60).toISOString() },
        code: "room_not_found",
      },
      {
        name: "an answer to no message of the room",
        by: () => ann,
        method: "POST",
        path: () => `/rooms/${secret}/scheduled`,
        body: {
          content: "x",
          reply_to: "nothing",
          send_at: new Date(Date.now() + SOON_MS * 60).toISOString(),
        },
        code: "invalid_request",
        wrong: ["reply_to"],
      },
      {
        name: "sending what has expired",
        by: () => ann,
        method: "POST",
        path: () => `/rooms/${secret}/messages`,
        body: { content: "x", expires_at: "2020-01-01T00:00:00Z" },
        code: "invalid_request",
        wrong: ["expires_at"],
      },
    ],
  )
})

test("given the server is killed before the time and starts after it, a message is sent once", async () => {
  const scratch = createScratch()
  const start = () =>
    startServerProcess({
      dataDir: scratch.folder,
      env: { ...UNLIMITED, JWT_SECRET: "s".repeat(43) },
    })
  const before = await start()
  const ann = await person(before.url, "ann")
  const { id } = await roomOf(ann)
  const soon = Date.now() + 300
  await ann.post(`/rooms/${id}/scheduled`, {
    content: "later",
    send_at: new Date(soon).toISOString(),
  })
  await before.kill()
  await waitUntil("it is time", () => Date.now() > soon)

  for (const _ of ["the first start", "the second"]) {
    const after = await start()
    const headers = { authorization: `Bearer ${ann.token}` }
    const read = async () => {
      const { body } = await call(after.url, {
        method: "GET",
        path: `/rooms/${id}/messages`,
        headers,
      })
      return body.map((it: { content: string }) => it.content)
    }
    await waitUntil("it is sent", async () => (await read()).length > 0)
    expect(await read()).toEqual(["later"])
    await after.kill()
  }
  scratch.remove()
}, 30_000)

test.skipIf(!isOnPostgres)(
  "given two nodes that both look, each message is told once by each of them, and ends once",
  async () => {
    const { nodes, settle } = await openHouses(2, { sweepMs: SWEEP_MS })
    const [one, two] = nodes
    if (one === undefined || two === undefined) throw new Error("there are no two nodes")
    const [ann, bob] = [await person(one.url, "ann"), await person(two.url, "bob")]
    const room = await roomOf(ann, [bob])
    const sockets = [await ann.connect(), await bob.connect()]
    for (const it of sockets) await it.ask("subscribe", { rooms: [{ room_id: room.id }] })
    const contents = Array.from({ length: 20 }, (_, index) => `no. ${index}`)
    for (const [index, content] of contents.entries())
      await ann.post(`/rooms/${room.id}/scheduled`, {
        content,
        send_at: inFuture(one, SOON_MS + index),
        expires_at: inFuture(one, 2 * SOON_MS),
      })

    one.clock.advance(SOON_MS + 1_000)
    const last = (it: (typeof sockets)[number]) =>
      it.next((frame) => frame.data.content === "no. 19")
    await Promise.all(sockets.map(last))
    one.clock.advance(SOON_MS)
    const seqs = (type: string) =>
      sockets.map((it) =>
        it.frames.filter((frame) => frame.type === type).map((frame) => frame.seq),
      )
    await waitUntil("all are deleted", () =>
      seqs("message.deleted").every((it) => it.length >= contents.length),
    )
    await settle()

    const head = (await ann.get(`/rooms/${room.id}`)).body.head
    const some = (from: number) => contents.map((_, index) => from + index)
    expect(head).toBe(2 + 2 * contents.length)
    expect(seqs("message.created")).toEqual([some(3), some(3)])
    expect(seqs("message.deleted")).toEqual([some(23), some(23)])
    for (const it of sockets) it.close()
    for (const node of nodes.toReversed()) await node.stop()
  },
  20_000,
)
