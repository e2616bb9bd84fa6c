import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { asRoomNumericId } from "../../src/protocol/ids"
import { messageNumericId } from "../../src/protocol/message-id"
import { type Cast, openCast } from "../support/cast"
import { type House, openHouse } from "../support/house"
import { type Answer, type Person, person } from "../support/people"
import { expectProblem } from "../support/scenarios"

interface Call {
  readonly by?: Person | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const PATH = "/api/chats/conversations"

/** Asks the protocol's own REST; without anybody it is a stranger who asks. */
async function ask(url: string, route: string, { by, body, headers }: Call = {}): Promise<Answer> {
  const [method = "", path = ""] = route.split(" ")
  const response = await fetch(url + PATH + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(by === undefined ? {} : { authorization: `Bearer ${by.token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const pageOf = ({ body }: Answer) => body.data.map((it: { content: string }) => it.content)

describe("conversations by number", () => {
  let cast: Cast
  let ann: Person
  let bob: Person
  let eve: Person

  beforeAll(async () => {
    cast = await openCast()
    eve = cast.eve
  })
  afterAll(() => cast.stop())
  /** Two who have not talked before. */
  beforeEach(async () => {
    ann = await cast.stranger()
    bob = await cast.stranger()
  })

  const numberOf = ({ id }: { readonly id: string }) =>
    Number(cast.rows(`select numeric_id from users where id = '${id}'`)[0]?.numeric_id)
  const open = (by: Person, other: Person) =>
    ask(cast.url, "POST /", {
      by,
      body: { sender_id: numberOf(by), receiver_id: numberOf(other) },
    })
  const read = (by: Person, id: number, query = "") =>
    ask(cast.url, `GET /${id}/messages${query}`, { by })
  const roomIdOf = (id: number) =>
    String(cast.rows(`select id from rooms where numeric_id = ${id}`)[0]?.id)
  const say = (by: Person, id: number, content: string) =>
    by.post(`/rooms/${roomIdOf(id)}/messages`, { content })

  test("the first who asks begins one, and the other gets the same", async () => {
    const first = await open(ann, bob)
    const again = await open(ann, bob)
    const byBob = await open(bob, ann)

    expect(first.status).toBe(200)
    expect(first.body).toEqual({
      id: expect.any(Number),
      sender_id: numberOf(ann),
      receiver_id: numberOf(bob),
      created_at: expect.stringMatching(/Z$/),
      updated_at: first.body.created_at,
    })
    expect(again.body).toEqual(first.body)
    expect(byBob.body).toEqual(first.body)
  })

  test("it is the direct room of the two, whichever API made it", async () => {
    const { body: room } = await ann.post("/conversations", { user_ids: [bob.id] })

    const { body } = await open(bob, ann)

    expect(roomIdOf(body.id)).toBe(room.id)
    expect(body).toMatchObject({ sender_id: numberOf(ann), receiver_id: numberOf(bob) })
  })

  test("nobody begins one in another's name, with themselves, or with nobody", async () => {
    const [me, you] = [numberOf(ann), numberOf(bob)]
    const before = cast.everything()
    const post = (body: unknown) => ask(cast.url, "POST /", { by: ann, body })

    expectProblem(await post({ sender_id: you, receiver_id: me }), "forbidden")
    expectProblem(await post({ sender_id: me, receiver_id: me }), "invalid_request", [
      "receiver_id",
    ])
    expectProblem(await post({ sender_id: me, receiver_id: 999_999 }), "user_not_found")
    expectProblem(await post({ sender_id: me, receiver_id: 0 }), "user_not_found")
    expectProblem(await post({ sender_id: me, receiver_id: -1 }), "user_not_found")
    expectProblem(await post({ sender_id: `${me}`, receiver_id: 1.5 }), "invalid_request", [
      "sender_id",
      "receiver_id",
    ])
    expectProblem(await post({}), "invalid_request", ["sender_id", "receiver_id"])
    expectProblem(await ask(cast.url, "POST /", { body: {} }), "unauthorized")
    expect(cast.everything()).toEqual(before)
  })

  test("where one has blocked the other, none is begun", async () => {
    await bob.put(`/users/${ann.id}/block`)
    const before = cast.everything()

    expectProblem(await open(ann, bob), "forbidden")
    expectProblem(await open(bob, ann), "forbidden")
    expect(cast.everything()).toEqual(before)
  })

  test("the list has those of two, newest first, in pages where asked for", async () => {
    const { body: withBob } = await open(ann, bob)
    await ann.post("/conversations", { user_ids: [bob.id, eve.id] })
    const { body: withEve } = await open(ann, eve)

    const list = await ask(cast.url, "GET /", { by: ann })
    const first = await ask(cast.url, "GET /?limit=1", { by: ann })
    const link = /<(.+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? ""
    const second = await ask(cast.url, `GET ${link.replace(PATH, "")}`, { by: ann })

    expect(list.body).toEqual([withEve, withBob])
    expect([...first.body, ...second.body]).toEqual(list.body)
    expect((await ask(cast.url, "GET /", { by: bob })).body).toEqual([withBob])
    expectProblem(await ask(cast.url, "GET /"), "unauthorized")
  })

  test("messages come in pages, newest first, with how many there are", async () => {
    const { body: conversation } = await open(ann, bob)
    for (let n = 1; n <= 45; n++) await say(n % 2 === 0 ? ann : bob, conversation.id, `${n}`)

    const [first, last, beyond] = [
      await read(ann, conversation.id),
      await read(bob, conversation.id, "?page=3&limit=20"),
      await read(ann, conversation.id, "?page=4&limit=20"),
    ]

    const counts = { limit: 20, total: 45, totalPages: 3 }
    expect(first.body).toMatchObject({ page: 1, ...counts })
    expect(pageOf(first)).toEqual(Array.from({ length: 20 }, (_, n) => `${45 - n}`))
    expect(first.body.data[0]).toEqual({
      id: messageNumericId(asRoomNumericId(conversation.id), 47),
      sender_id: numberOf(bob),
      conversation_id: conversation.id,
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/),
      message_type: "text",
      content: "45",
      conversation: {
        id: conversation.id,
        sender_id: numberOf(ann),
        receiver_id: numberOf(bob),
      },
    })
    expect(last.body).toMatchObject({ page: 3, ...counts })
    expect(pageOf(last)).toEqual(["5", "4", "3", "2", "1"])
    expect(beyond.body).toEqual({ data: [], page: 4, ...counts })
    expect((await read(ann, conversation.id, "?page=2&limit=200")).body.data).toEqual([])
  })

  test("an empty conversation has no page", async () => {
    const { body } = await open(ann, bob)

    expect((await read(ann, body.id)).body).toEqual({
      data: [],
      page: 1,
      limit: 20,
      total: 0,
      totalPages: 0,
    })
  })

  test("what the server says in one is on no page and not counted", async () => {
    const { body } = await open(cast.root, bob)
    await say(cast.root, body.id, "before")
    const said = await cast.root.post(`/rooms/${roomIdOf(body.id)}/messages`, {
      content: "all is well",
      type: "system",
    })
    await say(cast.root, body.id, "after")

    const page = await read(bob, body.id, "?limit=2")

    expect(said.status).toBe(200)
    expect(pageOf(page)).toEqual(["after", "before"])
    expect(page.body).toMatchObject({ total: 2, totalPages: 1 })
  })

  test("a page is from 1 on, and has 1 to 200", async () => {
    const { body } = await open(ann, bob)

    for (const query of ["page=0", "page=-1", "page=x", "page=1.5", "page=2000000000"]) {
      expectProblem(await read(ann, body.id, `?${query}`), "invalid_request", ["page"])
    }
    for (const limit of ["0", "201", "x"]) {
      expectProblem(await read(ann, body.id, `?limit=${limit}`), "invalid_request", ["limit"])
    }
    expect((await read(ann, body.id, "?page=1073741824&limit=200")).body.data).toEqual([])
  })

  test("only the two may read; to all others there is nothing", async () => {
    const { body } = await open(ann, bob)
    await say(ann, body.id, "psst")
    const { body: trio } = await ann.post("/conversations", { user_ids: [bob.id, eve.id] })
    const { body: room } = await ann.post("/rooms", { name: "general" })
    const numberOfRoom = ({ id }: { readonly id: string }) =>
      Number(cast.rows(`select numeric_id from rooms where id = '${id}'`)[0]?.numeric_id)

    expectProblem(await read(eve, body.id), "room_not_found")
    expectProblem(await read(cast.root, body.id), "room_not_found")
    expectProblem(await read(ann, 999_999), "room_not_found")
    expectProblem(await read(ann, numberOfRoom(trio)), "room_not_found")
    expectProblem(await read(ann, numberOfRoom(room)), "room_not_found")
    expectProblem(await ask(cast.url, `GET /${body.id}/messages`), "unauthorized")
    expectProblem(await ask(cast.url, "GET /x/messages", { by: ann }), "invalid_request", ["id"])
  })

  test("who names the caller in the query must name themselves", async () => {
    const { body } = await open(ann, bob)

    for (const name of ["userId", "user_id"]) {
      const mine = await read(ann, body.id, `?${name}=${numberOf(ann)}`)
      expect(mine.status).toBe(200)
      expectProblem(await read(ann, body.id, `?${name}=${numberOf(bob)}`), "forbidden")
      const stranger = await ask(cast.url, `GET /?${name}=${numberOf(ann)}`)
      expectProblem(stranger, "unauthorized")
    }
  })
})

describe("conversations where client ids are trusted", () => {
  let house: House
  beforeEach(async () => {
    house = await openHouse({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
  })
  afterEach(() => house.stop())

  const open = (sender_id: unknown, receiver_id: unknown, more: Call = {}) =>
    ask(house.url, "POST /", { body: { sender_id, receiver_id }, ...more })
  const users = () => house.rows("select numeric_id, username from users where numeric_id > 0")

  test("given an empty server, then the first conversation is number 1, between users 1 and 2", async () => {
    const { status, body } = await open(1, 2)

    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 1, sender_id: 1, receiver_id: 2 })
    expect(users()).toEqual([
      { numeric_id: 1, username: "user-1" },
      { numeric_id: 2, username: "user-2" },
    ])
    expect((await open(2, 1)).body).toEqual(body)
  })

  test("its messages may be read by who says nothing, and the list by who is named", async () => {
    const { body } = await open(1, 2)

    const page = await ask(house.url, "GET /1/messages?page=1&limit=20")

    expect(page.body).toEqual({ data: [], page: 1, limit: 20, total: 0, totalPages: 0 })
    for (const query of ["userId=2", "user_id=2", "user_id=user-1"]) {
      expect((await ask(house.url, `GET /?${query}`)).body).toEqual([body])
      expect((await ask(house.url, `GET /1/messages?${query}`)).status).toBe(200)
    }
    expectProblem(await ask(house.url, "GET /"), "unauthorized")
    expectProblem(await ask(house.url, "GET /1/messages?userId=3"), "room_not_found")
    expectProblem(await ask(house.url, "GET /2/messages"), "room_not_found")
  })

  test("what is refused makes nobody", async () => {
    const before = house.everything()

    expectProblem(await open(1, 1), "invalid_request", ["receiver_id"])
    expectProblem(await open(0, 1), "forbidden")
    expectProblem(await open(1_000_000_000, 1), "invalid_request", ["sender_id"])
    expectProblem(await open(1, 2, { headers: { authorization: "Bearer no" } }), "unauthorized")
    expect(house.everything()).toEqual(before)
  })

  test("who has an account is nobody's to be, but may be talked to", async () => {
    const ann = await person(house.url, "ann")
    const bob = await person(house.url, "bob")
    expect(users()).toMatchObject([{ numeric_id: 1 }, { numeric_id: 2 }])

    const { body } = await open(7, 1)
    const { body: between } = await open(1, 2, { by: ann })

    expectProblem(await open(1, 7), "forbidden")
    expectProblem(await open(7, 2, { by: bob }), "forbidden")
    expect(body).toMatchObject({ sender_id: 7, receiver_id: 1 })
    // User 7 could be anybody; of ann and bob nobody is.
    expect((await ask(house.url, `GET /${body.id}/messages`)).status).toBe(200)
    expectProblem(await ask(house.url, `GET /${between.id}/messages`), "room_not_found")
    expectProblem(await ask(house.url, `GET /${between.id}/messages?userId=1`), "forbidden")
  })

  test("nobody talks to who has gone", async () => {
    const ann = await person(house.url, "ann")
    await ann.delete("/users/me")

    expectProblem(await open(7, 1), "user_not_found")
  })
})
