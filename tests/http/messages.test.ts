import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

describe("messages", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let open: { readonly id: string }
  let secret: { readonly id: string }

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
    open = await roomOf(ann, [bob])
    secret = (await ann.post("/rooms", { name: "secret", type: "private" })).body
  })
  afterAll(() => house.stop())

  const send = (by: Person, roomId: string, body: unknown) =>
    by.post(`/rooms/${roomId}/messages`, body)

  test("sending one answers the whole message, and so does asking for it", async () => {
    const room = await roomOf(ann, [bob])

    const { status, body } = await send(bob, room.id, {
      content: "hello ✓",
      client_id: "c-1",
      metadata: { colour: "green", deep: [{ a: null }] },
      numeric_id: 7,
      user: { id: ann.id },
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      numeric_id: expect.any(Number),
      room_id: room.id,
      seq: 3,
      changed_seq: 3,
      user_id: bob.id,
      user: { id: bob.id, username: "bob", display_name: null, avatar_url: null },
      type: "text",
      content: "hello ✓",
      client_id: "c-1",
      reply_to: null,
      thread_id: null,
      thread_count: 0,
      attachments: [],
      mentions: [],
      reactions: [],
      pinned: false,
      metadata: { colour: "green", deep: [{ a: null }] },
      created_at: expect.stringMatching(/Z$/),
      edited_at: null,
      deleted_at: null,
    })
    expect((await ann.get(`/messages/${body.id}`)).body).toEqual(body)
    expect((await ann.get(`/rooms/${room.id}/messages`)).body).toEqual([body])
  })

  test("without a client_id there is none in the answer", async () => {
    expect((await send(ann, open.id, { content: "x" })).body).not.toHaveProperty("client_id")
  })

  test("sending it again answers the first one, and other content is a conflict", async () => {
    const first = await send(ann, open.id, { content: "once", client_id: "same" })
    const before = house.everything()

    const again = await send(ann, open.id, { content: "once", client_id: "same" })
    const other = await send(ann, open.id, { content: "twice", client_id: "same" })

    expect(first.body).not.toHaveProperty("duplicate")
    expect(again.body).toEqual({ ...first.body, duplicate: true })
    expectProblem(other, "conflict")
    expect(house.everything()).toEqual(before)
  })

  test("sending to a public room makes a member", async () => {
    const room = await roomOf(ann)

    expect((await send(eve, room.id, { content: "hello" })).body).toMatchObject({ seq: 3 })

    expect((await ann.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 2, head: 3 })
  })

  test("metadata cannot reach a prototype", async () => {
    const metadata = JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"a": 1}}')

    const { body } = await send(ann, open.id, { content: "x", metadata })

    expect(body.metadata.isAdmin).toBeUndefined()
    expect(Reflect.get({}, "isAdmin")).toBeUndefined()
  })

  test("4,000 characters are a message, and 4,001 are not", async () => {
    expect((await send(ann, open.id, { content: "🙂".repeat(4000) })).status).toBe(200)
    expectProblem(await send(ann, open.id, { content: "🙂".repeat(4001) }), "invalid_request", [
      "content",
    ])
  })

  describe("history", () => {
    let history: { readonly id: string }
    beforeAll(async () => {
      history = await roomOf(ann)
      // Seqs 2 to 11: the room's making was the first.
      for (let seq = 2; seq <= 11; seq++) await send(ann, history.id, { content: `${seq}` })
    })

    test.each([
      ["", [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
      ["limit=3", [9, 10, 11]],
      ["before=5", [2, 3, 4]],
      ["before=9&limit=2", [7, 8]],
      ["before=2", []],
      ["before=0", []],
      ["after=9", [10, 11]],
      ["after=0&limit=3", [2, 3, 4]],
      ["after=11", []],
      ["after=9007199254740991", []],
      ["around=6&limit=5", [4, 5, 6, 7, 8]],
      ["around=6&limit=4", [4, 5, 6, 7]],
      ["around=6&limit=1", [6]],
      ["around=2&limit=4", [2, 3]],
      ["around=99&limit=4", [10, 11]],
    ])("?%s is, oldest first, %j", async (query, seqs) => {
      const { status, body } = await bob.get(`/rooms/${history.id}/messages?${query}`)

      expect(status).toBe(200)
      expect(body.map((it: { seq: number }) => it.seq)).toEqual(seqs)
      expect(body.map((it: { content: string }) => it.content)).toEqual(seqs.map(String))
    })

    test("joins, changes and departures stand in none", async () => {
      const room = await roomOf(ann, [bob])
      await send(ann, room.id, { content: "one" })
      await ann.patch(`/rooms/${room.id}`, { name: "renamed" })
      await bob.post(`/rooms/${room.id}/leave`)
      await send(ann, room.id, { content: "two" })

      const { body } = await ann.get(`/rooms/${room.id}/messages`)

      expect(body.map((it: { seq: number; content: string }) => [it.seq, it.content])).toEqual([
        [3, "one"],
        [6, "two"],
      ])
    })

    test("walked backwards page by page tells each message once", async () => {
      const seqs: number[] = []
      for (let before = 99; ; ) {
        const { body } = await ann.get(`/rooms/${history.id}/messages?limit=4&before=${before}`)
        if (body.length === 0) break
        seqs.unshift(...body.map((it: { seq: number }) => it.seq))
        before = body[0].seq
      }
      expect(seqs).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    })
  })

  test("a message of a private room does not exist for a stranger", async () => {
    const { body } = await send(ann, secret.id, { content: "between us" })

    const hidden = await eve.get(`/messages/${body.id}`)
    const absent = await eve.get("/messages/no-such-message")

    expectProblem(hidden, "message_not_found")
    expect(hidden.body).toEqual(absent.body)
  })

  const to = { by: () => ann, method: "POST", path: () => `/rooms/${open.id}/messages` } as const
  const wrong = (name: string, body: unknown, ...fields: string[]) => ({
    ...to,
    name,
    body,
    code: "invalid_request" as const,
    wrong: fields,
  })
  const history = (query: string, ...fields: string[]) =>
    ({
      name: `?${query}`,
      by: () => ann,
      method: "GET",
      path: () => `/rooms/${open.id}/messages?${query}`,
      code: "invalid_request",
      wrong: fields,
    }) as const
  refusals(
    () => house,
    [
      wrong("nothing to say", {}, "content"),
      wrong("an empty message", { content: "" }, "content"),
      wrong("a number", { content: 7 }, "content"),
      wrong("NUL", { content: "a\0b" }, "content"),
      wrong("a lone surrogate", { content: "\ud800" }, "content"),
      wrong("an unknown type", { content: "x", type: "video" }, "type"),
      wrong("an image that is a script", { content: "javascript:1", type: "image" }, "content"),
      wrong("a client_id of 129", { content: "x", client_id: "x".repeat(129) }, "client_id"),
      wrong("an empty client_id", { content: "x", client_id: "" }, "client_id"),
      wrong("metadata that is a list", { content: "x", metadata: [1] }, "metadata"),
      wrong("metadata of 9 KB", { content: "x", metadata: { a: "x".repeat(9000) } }, "metadata"),
      wrong(
        "several at once",
        { content: 1, client_id: 2, type: 3 },
        "content",
        "client_id",
        "type",
      ),
      {
        ...to,
        by: () => bob,
        name: "a system message of a member",
        body: { content: "x", type: "system" },
        code: "forbidden",
      },
      { ...to, by: undefined, name: "a stranger", body: { content: "x" }, code: "unauthorized" },
      history("before=1&after=1", "before"),
      history("around=1&before=1", "before"),
      history("before=-1", "before"),
      history("limit=0", "limit"),
      history("limit=201", "limit"),
      history("after=soon&limit=many", "after", "limit"),
    ],
  )
})
