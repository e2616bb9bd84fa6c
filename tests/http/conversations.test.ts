import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { SYSTEM_USER_ID } from "../../src/protocol/ids"
import { type Cast, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import type { Person } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

describe("conversations", () => {
  let cast: Cast
  let ann: Person
  let bob: Person
  let eve: Person
  let root: Person

  beforeAll(async () => {
    cast = await openCast()
    eve = cast.eve
    root = cast.root
  })
  afterAll(() => cast.stop())
  /** Two who have not talked before. */
  beforeEach(async () => {
    ann = await cast.stranger()
    bob = await cast.stranger()
  })

  const open = (by: Person, ...others: readonly { readonly id: string }[]) =>
    by.post("/conversations", { user_ids: others.map(({ id }) => id) })

  test("are rooms of those who take part, all of them told so", async () => {
    const devices = [await ann.connect(), await bob.connect(), await eve.connect()]
    for (const device of devices) await device.ask("subscribe", { all: true })

    const { status, body } = await open(ann, bob)

    expect(status).toBe(200)
    expect(body).toEqual({
      id: expect.any(String),
      name: "",
      type: "direct",
      topic: null,
      max_users: 0,
      members_can_invite: false,
      user_count: 0,
      member_count: 2,
      created_by: ann.id,
      created_at: expect.stringMatching(/Z$/),
      updated_at: body.created_at,
      epoch: expect.any(String),
      head: 2,
      users: [
        { id: ann.id, username: ann.name, display_name: null, avatar_url: null },
        { id: bob.id, username: bob.name, display_name: null, avatar_url: null },
      ],
    })
    const [annHears, bobHears, eveHears] = await Promise.all(devices.map(toldInShort))
    expect(annHears).toEqual(["room.added"])
    expect(bobHears).toEqual(["room.added"])
    expect(eveHears).toEqual([])
  })

  test("messages flow to those who follow their rooms, and count as unread for the other", async () => {
    const device = await bob.connect()
    await device.ask("subscribe", { all: true })
    const { id } = (await open(ann, bob)).body

    await ann.post(`/rooms/${id}/messages`, { content: "psst" })
    await ann.post(`/rooms/${id}/messages`, { content: "hello?" })

    expect(await toldInShort(device)).toEqual([
      "room.added",
      "message.created 3",
      "message.created 4",
    ])
    const unreadOf = async (somebody: Person) => (await somebody.get("/unread")).body
    expect(await unreadOf(bob)).toMatchObject([{ room_id: id, unread: 2, head: 4 }])
    expect(await unreadOf(ann)).toMatchObject([{ room_id: id, unread: 0, head: 4 }])
    await bob.put(`/rooms/${id}/read`, { seq: 4 })
    expect(await unreadOf(bob)).toMatchObject([{ room_id: id, unread: 0 }])
    expect((await bob.get(`/rooms/${id}/messages`)).body).toMatchObject([
      { content: "psst" },
      { content: "hello?" },
    ])
  })

  test("there is one for each set of people, whoever asks, in whatever order, however often", async () => {
    const cleo = await cast.stranger()
    const two = (await open(ann, bob)).body
    const three = (await open(ann, bob, cleo)).body
    const before = cast.everything()

    expect((await open(bob, ann)).body).toEqual(two)
    expect((await open(bob, ann, bob, ann)).body).toEqual(two)
    expect((await open(cleo, bob, ann)).body).toEqual(three)
    expect((await open(bob, cleo, cleo, ann)).body).toEqual(three)

    expect(three).toMatchObject({ member_count: 3, head: 3 })
    expect(three.id).not.toBe(two.id)
    expect(cast.everything()).toEqual(before)
  })

  test("given both ask at once, and often, then there is one", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? open(ann, bob) : open(bob, ann))),
    )

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers[0]?.body).toMatchObject({ member_count: 2, head: 2 })
  })

  test("whoever is named by the ids of two sets is not mistaken for either", async () => {
    const cleo = await cast.stranger()

    const ids = [
      (await open(ann, bob)).body.id,
      (await open(ann, cleo)).body.id,
      (await open(bob, cleo)).body.id,
      (await open(ann, bob, cleo)).body.id,
    ]

    expect(new Set(ids).size).toBe(4)
  })

  test("are listed to those who take part, newest first, by pages, and are in no list of rooms", async () => {
    const cleo = await cast.stranger()
    const made = [(await open(ann, bob)).body, (await open(ann, cleo)).body]
    const third = (await open(bob, ann, cleo)).body

    const first = await ann.get("/conversations?limit=2")
    const next = /<\/api\/v1(.+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? ""

    expect(first.body).toEqual([third, made[1]])
    expect((await ann.get(next)).body).toEqual([made[0]])
    expect((await cleo.get("/conversations")).body).toEqual([third, made[1]])
    expect((await eve.get("/conversations")).body).toEqual([])
    for (const somebody of [ann, root]) {
      const types = (await somebody.get("/rooms?limit=200")).body.map((it: Room) => it.type)
      expect(types).not.toContain("direct")
    }
    expect((await ann.get("/rooms?mine=true")).body).toEqual([])
  })
  interface Room {
    readonly type: string
  }

  test("a conversation has at most 50 people, and a 51st is refused", async () => {
    const others = await Promise.all(Array.from({ length: 50 }, () => cast.stranger()))
    const ids = others.slice(0, 49).map(({ id }) => id)

    const answer = await ann.post("/conversations", { user_ids: ids })
    const withOneself = await ann.post("/conversations", { user_ids: [ann.id, ...ids] })
    const before = cast.everything()
    const tooMany = await ann.post("/conversations", { user_ids: others.map(({ id }) => id) })

    expect(answer.body).toMatchObject({ member_count: 50, head: 50 })
    expect(answer.body.users).toHaveLength(50)
    expect(withOneself.body).toEqual(answer.body)
    expectProblem(tooMany, "invalid_request", ["user_ids"])
    expect(cast.everything()).toEqual(before)
  })

  describe("are nobody's to run, and to all but those who take part they are not there", () => {
    let id: string
    let first: Person
    let second: Person
    beforeAll(async () => {
      first = await cast.stranger()
      second = await cast.stranger()
      id = (await open(first, second)).body.id
    })

    test.each([
      ["GET", "", "allowed"],
      ["GET", "/messages", "allowed"],
      ["GET", "/members", "allowed"],
      ["GET", "/changes", "allowed"],
      ["POST", "/join", "allowed"],
      ["POST", "/leave", "forbidden"],
      ["PATCH", "", "forbidden"],
      ["DELETE", "", "forbidden"],
      ["PUT", "/members/:eve", "forbidden"],
      ["PUT", "/members/:first", "forbidden"],
      ["DELETE", "/members/:second", "forbidden"],
      ["DELETE", "/members/:first", "forbidden"],
      ["POST", "/invites", "forbidden"],
      ["GET", "/invites", "forbidden"],
      ["PUT", "/bans/:second", "forbidden"],
      ["DELETE", "/bans/:second", "forbidden"],
      ["GET", "/bans", "forbidden"],
      ["PUT", "/mutes/:second", "forbidden"],
      ["DELETE", "/mutes/:second", "forbidden"],
    ] as const)("%s /rooms/{id}%s: %s to them", async (method, path, outcome) => {
      const before = cast.everything()
      const whole = `/rooms/${id}${path}`
        .replace(":eve", eve.id)
        .replace(":first", first.id)
        .replace(":second", second.id)
      const ask = (by: Person) =>
        ({
          GET: () => by.get(whole),
          POST: () => by.post(whole),
          PUT: () => by.put(whole),
          PATCH: () => by.patch(whole, { name: "ours" }),
          DELETE: () => by.delete(whole),
        })[method]()

      const answer = await ask(first)

      if (outcome === "allowed") expect(answer.status).toBe(200)
      else expectProblem(answer, outcome)
      for (const outsider of [eve, root]) expectProblem(await ask(outsider), "room_not_found")
      expect(cast.everything()).toEqual(before)
    })

    test("a frame of a stranger's is answered as where there is no room", async () => {
      const witness = await listening(first, { id })
      for (const outsider of [eve, root]) {
        const socket = await outsider.connect()
        const frames = [
          await socket.ask("message.send", { room_id: id, content: "x" }),
          await socket.ask("history", { room_id: id }),
          await socket.ask("typing", { room_id: id, is_typing: true }),
          await socket.ask("read", { room_id: id, seq: 1 }),
        ]
        const codes = frames.map(({ data }) => data.code)
        expect(codes).toEqual(Array.from({ length: 4 }, () => "room_not_found"))
        const { data } = await socket.ask("subscribe", { rooms: [{ room_id: id }] })
        expect(data.rooms).toMatchObject([{ error: { code: "room_not_found" } }])
      }
      expect(await toldInShort(witness)).toEqual([])
    })
  })

  test("given one of the two is gone for good, then the other keeps it, and no new one is made", async () => {
    const { id } = (await open(ann, bob)).body
    await bob.post(`/rooms/${id}/messages`, { content: "farewell" })
    const witness = await listening(ann, { id })

    expect((await bob.delete("/users/me")).status).toBe(204)

    expect(await toldInShort(witness)).toEqual(["member.left 4"])
    expect((await ann.get("/conversations")).body).toMatchObject([
      { id, member_count: 1, users: [{ id: ann.id }] },
    ])
    expect((await ann.get(`/rooms/${id}/messages`)).body).toMatchObject([{ content: "farewell" }])
    expectProblem(await open(ann, bob), "user_not_found")
  })

  const on = { method: "POST", path: "/conversations" } as const
  refusals(
    () => cast,
    [
      { ...on, name: "nobody", body: { user_ids: ["x"] }, code: "unauthorized" },
      ...[{}, { user_ids: [] }, { user_ids: "eve" }].map(
        (body) =>
          ({
            ...on,
            name: `a body of ${JSON.stringify(body)}`,
            by: () => eve,
            body,
            code: "invalid_request",
            wrong: ["user_ids"],
          }) as const,
      ),
      {
        ...on,
        name: "somebody who never was",
        by: () => eve,
        body: { user_ids: ["nobody"] },
        code: "user_not_found",
      },
      {
        ...on,
        name: "the system",
        by: () => eve,
        body: { user_ids: [SYSTEM_USER_ID] },
        code: "user_not_found",
      },
    ],
  )

  test("with oneself only is none", async () => {
    const before = cast.everything()

    expectProblem(await open(ann, ann, ann), "invalid_request", ["user_ids"])
    expect(cast.everything()).toEqual(before)
  })
})
