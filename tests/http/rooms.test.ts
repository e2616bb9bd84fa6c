import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { call, type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem, refusals } from "../support/scenarios"

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString()

describe("rooms", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let root: Person
  let open: { readonly id: string }
  let secret: { readonly id: string }

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
    root = await person(house.url, "root")
    changeRows(house.path, "update users set role = 'admin' where username = 'root'")
    open = await roomOf(ann, [bob])
    secret = (await ann.post("/rooms", { name: "secret", type: "private" })).body
    await ann.put(`/rooms/${secret.id}/members/${bob.id}`)
  })
  afterAll(() => house.stop())

  test("making one answers the whole room, with its maker as the owner", async () => {
    const { status, body } = await eve.post("/rooms", {
      name: "Café ✓",
      topic: "coffee",
      max_users: 3,
      colour: "unknown fields are ignored",
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Café ✓",
      type: "public",
      topic: "coffee",
      max_users: 3,
      members_can_invite: false,
      user_count: 0,
      member_count: 1,
      created_by: eve.id,
      created_at: expect.any(String),
      updated_at: body.created_at,
      epoch: expect.stringMatching(/^[\w-]{12}$/),
      head: 1,
    })
    expect((await eve.get(`/rooms/${body.id}`)).body).toEqual(body)
    expect((await ann.get(`/rooms/${body.id}/members`)).body).toMatchObject([
      { user_id: eve.id, role: "owner" },
    ])
  })

  test("one can be made so that members can invite, and tells so until it is changed", async () => {
    const made = (await eve.post("/rooms", { name: "free", members_can_invite: true })).body
    const read = (await bob.get(`/rooms/${made.id}`)).body
    const changed = await eve.patch(`/rooms/${made.id}`, { members_can_invite: false })

    expect([made, read, changed.body].map((it) => it.members_can_invite)).toEqual([
      true,
      true,
      false,
    ])
  })

  test("each has an epoch of its own", async () => {
    const epochs = [await roomOf(eve), await roomOf(eve)].map((room) => room.epoch)

    expect(epochs[0]).not.toBe(epochs[1])
  })

  test("an admin chooses an id, which is never used twice, not even once the room is gone", async () => {
    const wish = { name: "lobby", id: "lobby.1" }
    expect((await root.post("/rooms", wish)).body.id).toBe("lobby.1")
    expectProblem(await root.post("/rooms", wish), "conflict")
    expect((await root.delete("/rooms/lobby.1")).status).toBe(204)

    expectProblem(await root.post("/rooms", wish), "conflict")
    expectProblem(await root.get("/rooms/lobby.1"), "room_not_found")
  })

  test("changing one takes one seq and tells when; changing nothing takes none", async () => {
    const room = await roomOf(ann)
    house.clock.advance(1000)

    const changed = await ann.patch(`/rooms/${room.id}`, { name: "new", topic: "t", max_users: 9 })
    const same = await ann.patch(`/rooms/${room.id}`, { name: "new", topic: "t" })
    const empty = await ann.patch(`/rooms/${room.id}`, {})

    expect(changed.status).toBe(200)
    expect(changed.body).toEqual({
      ...room,
      name: "new",
      topic: "t",
      max_users: 9,
      head: 2,
      updated_at: changed.body.updated_at,
    })
    expect(Date.parse(changed.body.updated_at)).toBeGreaterThan(Date.parse(room.updated_at))
    expect(same.body).toEqual(changed.body)
    expect(empty.body).toEqual(changed.body)
    const cleared = await ann.patch(`/rooms/${room.id}`, { topic: null })
    expect(cleared.body).toMatchObject({ topic: null, name: "new", head: 3 })
  })

  test("a public room that becomes private is gone for strangers, and stays for members", async () => {
    const room = await roomOf(ann, [bob])

    await ann.patch(`/rooms/${room.id}`, { type: "private" })

    expectProblem(await eve.get(`/rooms/${room.id}`), "room_not_found")
    expect((await bob.get(`/rooms/${room.id}`)).status).toBe(200)
  })

  test("deleting one ends it for everybody, its messages with it", async () => {
    const room = await roomOf(ann, [bob])
    const message = (await bob.post(`/rooms/${room.id}/messages`, { content: "hello" })).body

    expect((await ann.delete(`/rooms/${room.id}`)).status).toBe(204)

    for (const somebody of [ann, bob]) {
      expectProblem(await somebody.get(`/rooms/${room.id}`), "room_not_found")
      expectProblem(await somebody.get(`/rooms/${room.id}/messages`), "room_not_found")
      expectProblem(await somebody.get(`/messages/${message.id}`), "message_not_found")
      expectProblem(await somebody.post(`/rooms/${room.id}/join`), "room_not_found")
      const ids = (await somebody.get("/rooms?limit=200")).body.map((it: { id: string }) => it.id)
      expect(ids).not.toContain(room.id)
      const unread = (await somebody.get("/unread")).body
      expect(unread.map((it: { room_id: string }) => it.room_id)).not.toContain(room.id)
    }
    expectProblem(await ann.delete(`/rooms/${room.id}`), "room_not_found")
  })

  test("an admin changes and deletes a room that is not theirs", async () => {
    const room = await roomOf(ann)

    expect((await root.patch(`/rooms/${room.id}`, { name: "kept tidy" })).status).toBe(200)
    expect((await root.delete(`/rooms/${room.id}`)).status).toBe(204)
  })

  describe("are listed", () => {
    const namesFor = async (somebody: Person, query: string) => {
      const { status, body } = await somebody.get(`/rooms?limit=200${query}`)
      expect(status).toBe(200)
      return body.map((it: { name: string }) => it.name)
    }

    test("to each as far as they may know of them", async () => {
      expect(await namesFor(bob, "&type=private")).toContain("secret")
      expect(await namesFor(eve, "&type=private")).toEqual([])
      expect(await namesFor(eve, "")).not.toContain("secret")
      expect(await namesFor(eve, "")).toContain("general")
      expect(await namesFor(bob, "&type=public")).not.toContain("secret")
    })

    test("but direct ones never, not even to those who talk there", async () => {
      const { id } = (await bob.post("/conversations", { user_ids: [eve.id] })).body

      for (const [somebody, query] of [[bob, "&mine=true"] as const, [eve, ""] as const]) {
        const { body } = await somebody.get(`/rooms?limit=200${query}`)
        expect(body.map((it: { id: string }) => it.id)).not.toContain(id)
        expect(body.map((it: { type: string }) => it.type)).not.toContain("direct")
      }
      expect((await bob.get(`/rooms/${id}`)).body).toMatchObject({ type: "direct" })
      expectProblem(await ann.get(`/rooms/${id}`), "room_not_found")
      expectProblem(await bob.delete(`/rooms/${id}`), "forbidden")
      expectProblem(await bob.post(`/rooms/${id}/leave`), "forbidden")
    })

    test("mine only, where that is asked, and no longer once I have left", async () => {
      const room = await roomOf(bob, [eve])
      const mine = async () => (await eve.get("/rooms?mine=true&limit=200")).body
      expect((await mine()).map((it: { id: string }) => it.id)).toContain(room.id)

      await eve.post(`/rooms/${room.id}/leave`)

      expect((await mine()).map((it: { id: string }) => it.id)).not.toContain(room.id)
    })

    test.each([
      ["100%_sure", "%_", true],
      ["100 sure", "%", false],
      ["Straße", "straß", true],
      ["École", "École", true],
      ["back\\slash", "k\\s", true],
    ])("%p is found by %p: %p", async (name, query, isFound) => {
      const { body } = await ann.post("/rooms", { name })

      expect((await namesFor(eve, `&query=${encodeURIComponent(query)}`)).includes(name)).toBe(
        isFound,
      )
      await ann.delete(`/rooms/${body.id}`)
    })
  })

  const refused = { method: "POST", path: "/rooms", code: "invalid_request" } as const
  const room = (id: () => { readonly id: string }) => () => `/rooms/${id().id}`
  refusals(
    () => house,
    [
      { ...refused, by: () => ann, name: "no name", body: {}, wrong: ["name"] },
      {
        ...refused,
        by: () => ann,
        name: "all of it wrong",
        body: { name: "", type: "direct", topic: 5, max_users: -1, id: "a/b" },
        wrong: ["name", "type", "topic", "max_users", "id"],
      },
      { ...refused, name: "a stranger", body: { name: "x" }, code: "unauthorized" },
      {
        ...refused,
        by: () => ann,
        name: "a chosen id",
        body: { name: "x", id: "mine" },
        code: "forbidden",
      },
      {
        name: "a wrong name",
        by: () => ann,
        method: "PATCH",
        path: room(() => open),
        body: { name: "x".repeat(101), members_can_invite: "yes" },
        code: "invalid_request",
        wrong: ["name", "members_can_invite"],
      },
      {
        name: "an id that is none",
        by: () => ann,
        method: "GET",
        path: "/rooms/a%2Fb",
        code: "invalid_request",
        wrong: ["id"],
      },
      {
        name: "an unknown type and a wrong mine",
        by: () => ann,
        method: "GET",
        path: "/rooms?type=direct&mine=perhaps",
        code: "invalid_request",
        wrong: ["type", "mine"],
      },
    ],
  )

  const all = "every route that takes a room's id"
  describe("a private room, a deleted one and one that never was are the same to a stranger", () => {
    let deleted: { readonly id: string }
    let someMember: string
    beforeAll(async () => {
      deleted = await roomOf(ann, [bob])
      await ann.delete(`/rooms/${deleted.id}`)
      someMember = bob.id
    })
    const routes = [
      ["GET", "", undefined],
      ["PATCH", "", { name: "x" }],
      ["DELETE", "", undefined],
      ["POST", "/join", undefined],
      ["POST", "/leave", undefined],
      ["GET", "/members", undefined],
      ["GET", "/presence", undefined],
      ["GET", "/bans", undefined],
      ["PUT", "/bans/:user", undefined],
      ["DELETE", "/bans/:user", undefined],
      ["PUT", "/mutes/:user", undefined],
      ["DELETE", "/mutes/:user", undefined],
      ["POST", "/invites", undefined],
      ["GET", "/invites", undefined],
      ["DELETE", "/invites/:code", undefined],
      ["PUT", "/members/:user", { role: "owner" }],
      ["DELETE", "/members/:user", undefined],
      ["POST", "/messages", { content: "x" }],
      ["GET", "/messages", undefined],
      ["POST", "/scheduled", { content: "x", send_at: TOMORROW }],
      ["GET", "/pins", undefined],
      ["GET", "/reads", undefined],
      ["GET", "/changes?epoch=x&since=0", undefined],
      ["GET", "/changes", undefined],
      ["PUT", "/read", { seq: 1 }],
    ] as const

    test.each([...routes])(`${all}: %s /rooms/{id}%s`, async (method, path, body) => {
      const before = house.everything()
      const ask = (id: string) =>
        call(house.url, {
          method,
          path: `/rooms/${id}${path.replace(":user", someMember)}`,
          body,
          headers: { authorization: `Bearer ${eve.token}` },
        })

      const answers = [await ask(secret.id), await ask(deleted.id), await ask("no-such-room")]

      for (const answer of answers) {
        expectProblem(answer, "room_not_found")
        expect(answer.body).toEqual(answers[0]?.body)
      }
      expect(house.everything()).toEqual(before)
    })

    test("no route with a room's id has been forgotten above", () => {
      const prefix = "/api/v1/rooms/:id"
      const known = new Set(routes.map(([method, path]) => `${method} ${path.split("?")[0]}`))
      const found = house.routes
        .filter(({ path }) => path.startsWith(prefix))
        .map(({ method, path }) => `${method} ${path.slice(prefix.length).replace(/\/$/, "")}`)

      expect([...new Set(found)].sort()).toEqual([...known].sort())
    })
  })
})
