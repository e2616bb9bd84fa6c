import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { call, type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"

/** What clients of `room-path` ask for without saying who they are. */
const OPEN_ROUTES = [
  "GET /rooms",
  "POST /rooms",
  "GET /rooms/:room",
  "GET /rooms/:room/messages",
  "POST /rooms/:room/messages",
  "GET /users",
  "POST /users",
  "GET /users/:user",
] as const

let count = 0

/** A body that every POST of the table takes. */
const bodyOf = (method: string) =>
  method === "GET" ? {} : { body: { name: "room", content: "hello", username: `new-${++count}` } }

describe("given client ids are trusted", () => {
  let house: House
  let ann: Person
  let room: { readonly id: string }

  beforeAll(async () => {
    house = await openHouse({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
    ann = await person(house.url, "ann")
    room = await roomOf(ann)
  })
  afterAll(() => house.stop())

  const ask = (method: string, path: string, more: object = {}) =>
    call(house.url, { method, path, ...more })
  const placed = (path: string) => path.replace(":room", room.id).replace(":user", ann.id)
  const say = (more: object, headers: Record<string, string> = {}) =>
    ask("POST", `/rooms/${room.id}/messages`, { body: { content: "hello", ...more }, headers })
  const userNamed = (username: string) =>
    house.rows(`select * from users where username = '${username}'`)[0]

  test.each(OPEN_ROUTES)("%s needs no credentials", async (route) => {
    const [method = "", path = ""] = route.split(" ")

    const answer = await ask(method, placed(path), bodyOf(method))

    expect(answer.status).toBe(200)
  })

  test.each(OPEN_ROUTES)("%s is refused with wrong credentials, as ever", async (route) => {
    const [method = "", path = ""] = route.split(" ")
    const before = house.everything()

    for (const headers of [{ authorization: "Bearer no" }, { "x-api-key": "no" }]) {
      expectProblem(await ask(method, placed(path), { ...bodyOf(method), headers }), "unauthorized")
    }

    expect(house.everything()).toEqual(before)
  })

  test("every other route needs credentials, a claim or none", async () => {
    const before = house.everything()
    const open = new Set<string>(OPEN_ROUTES)
    const routes = house.routes
      .map(({ method, path }) => `${method} ${path.replace(/(.)\/$/, "$1")}`)
      .filter(
        (route) =>
          route.includes("/api/v1/") && !/\/ws\b|\/(register|login|refresh|server)$/.test(route),
      )
      .map((route) => route.replace("/api/v1", ""))
      .map((route) =>
        route.replace("/rooms/:id", "/rooms/:room").replace("/users/:id", "/users/:user"),
      )
      .filter((route) => !open.has(route))

    expect(routes.length).toBeGreaterThan(35)
    for (const route of routes) {
      const [method = "", path = ""] = route.split(" ")
      const answer = await ask(method, `${placed(path)}?user_id=bob`, {
        ...(method === "GET" ? {} : { body: { user_id: "bob" } }),
      })
      expect([route, answer.status]).toEqual([route, 401])
    }
    expect(house.everything()).toEqual(before)
  })

  test("who says nothing is the user visitor, one for all", async () => {
    const made = await ask("POST", "/rooms", { body: { name: "a visitor's" } })
    const said = await ask("POST", `/rooms/${made.body.id}/messages`, { body: { content: "hi" } })

    expect(made.body.created_by).toBeNull()
    expect(said.body).toMatchObject({ user_id: "visitor", user: { username: "visitor" } })
    expect(userNamed("visitor")).toMatchObject({ id: "visitor", origin: "claimed", role: "user" })
  })

  test("a message is from whom its user_id names, a string or a number, made on the fly once", async () => {
    const first = await say({ user_id: "user123" })
    const again = await say({ user_id: "USER123" })
    const byNumber = await say({ user_id: first.body.user_id })
    const numbered = await say({ user_id: 4711 })

    expect(first.body).toMatchObject({ user_id: "user123", user: { username: "user123" } })
    expect([again.body.user_id, byNumber.body.user_id]).toEqual(["user123", "user123"])
    expect(numbered.body.user.username).toBe("user-4711")
    expect(userNamed("user-4711")).toMatchObject({ numeric_id: 4711, origin: "claimed" })
    expect(house.rows("select 1 from users where username_key = 'user123'")).toHaveLength(1)
  })

  test("GETs may name the caller in the query, who then sees what is theirs", async () => {
    const made = await ask("GET", "/rooms?user_id=quentin")
    const foreign = await ask("GET", `/users?user_id=${ann.id}`)
    const wrong = await ask("GET", "/users?user_id=a%20b")

    expect(made.status).toBe(200)
    expect(userNamed("quentin")).toMatchObject({ id: "quentin", origin: "claimed" })
    expectProblem(foreign, "forbidden")
    expectProblem(wrong, "invalid_request", ["user_id"])
  })

  test("a private room is there for those who name a member, and for no visitor", async () => {
    await say({ user_id: "mary" })
    const { body: hidden } = await ann.post("/rooms", { name: "hidden", type: "private" })
    await ann.put(`/rooms/${hidden.id}/members/mary`)

    expectProblem(await ask("GET", `/rooms/${hidden.id}`), "room_not_found")
    expect((await ask("GET", `/rooms/${hidden.id}?user_id=mary`)).status).toBe(200)
  })

  test("a room made without credentials is nobody's: no quota, no owner, and public for ever", async () => {
    const quota = { CHAT_MAX_ROOMS_PER_USER: "1", CHAT_TRUST_CLIENT_IDS: "true" }
    const demo = await openHouse({ env: quota })
    const rooms = []
    for (let i = 0; i < 25; i++) {
      const { status, body } = await call(demo.url, {
        method: "POST",
        path: "/rooms",
        body: { name: "General Chat", topic: "anything", max_users: 7, members_can_invite: true },
      })
      expect(status).toBe(200)
      rooms.push(body)
    }
    const root = await person(demo.url, "root")
    changeRows(demo.path, "update users set role = 'admin' where username = 'root'")
    demo.clock.advance(1_000)

    expect(rooms[0]).toMatchObject({ name: "General Chat", topic: "anything", max_users: 7 })
    expect(rooms[0]).toMatchObject({ created_by: null, member_count: 0, members_can_invite: true })
    expect(demo.rows("select 1 from members")).toEqual([])
    expectProblem(await root.patch(`/rooms/${rooms[0].id}`, { type: "private" }), "forbidden")
    const listed = await call(demo.url, { method: "GET", path: "/rooms" })
    expect(listed.body.map(({ id }: { id: string }) => id)).toEqual(
      rooms.map(({ id }) => id).reverse(),
    )
    await demo.stop()
  })

  test("a private room, or one of a chosen id, takes credentials to make", async () => {
    await ask("GET", "/rooms")
    const before = house.everything()

    for (const more of [{ type: "private" }, { id: "chosen" }]) {
      expectProblem(await ask("POST", "/rooms", { body: { name: "a", ...more } }), "forbidden")
    }

    expect(house.everything()).toEqual(before)
  })

  describe("a room that nobody has made yet", () => {
    const write = (id: string, more: object = {}) =>
      ask("POST", `/rooms/${id}/messages`, {
        body: { content: "hello", user_id: "namer", ...more },
      })

    test("has no messages, and is none: reading makes nothing", async () => {
      await ask("GET", "/rooms")
      const before = house.everything()

      const history = await ask("GET", "/rooms/unmade/messages?limit=50")

      expect([history.status, history.body]).toEqual([200, []])
      expectProblem(await ask("GET", "/rooms/unmade"), "room_not_found")
      expectProblem(await ask("GET", "/rooms/a%20b/messages"), "invalid_request")
      expect(house.everything()).toEqual(before)
    })

    test("is made by a message to it, once, public and nobody's", async () => {
      const first = await write("room123")
      const second = await write("room123", { user_id: "other" })
      const { body: made } = await ask("GET", "/rooms/room123")

      expect(first.body).toMatchObject({ room_id: "room123", user_id: "namer", content: "hello" })
      expect(second.status).toBe(200)
      expect(made).toMatchObject({ id: "room123", name: "room123", type: "public" })
      expect(made).toMatchObject({ created_by: null, member_count: 2 })
      const { body: history } = await ask("GET", "/rooms/room123/messages?limit=50")
      expect(history).toEqual([first.body, second.body])
    })

    test("is not made by a message that is refused", async () => {
      await write("room123")
      const before = house.rows("select id from rooms")

      expectProblem(await write("refused", { type: "system" }), "forbidden")
      expectProblem(await write("refused", { content: "" }), "invalid_request")
      expectProblem(await write("refused", { content: "x".repeat(4001) }), "invalid_request")
      expectProblem(await write(".."), "not_found")
      expectProblem(await write("user:1"), "invalid_request")

      expect(house.rows("select id from rooms")).toEqual(before)
    })

    test("is no room for who has credentials, and cannot pass for one that is hidden or gone", async () => {
      const { body: hidden } = await ann.post("/rooms", { name: "hidden", type: "private" })
      const gone = await roomOf(ann)
      await ann.delete(`/rooms/${gone.id}`)
      const hello = { content: "hello" }

      expectProblem(await ann.get("/rooms/never-made/messages"), "room_not_found")
      expectProblem(await ann.post("/rooms/never-made/messages", hello), "room_not_found")
      expectProblem(await write(hidden.id), "forbidden")
      expectProblem(await ask("GET", `/rooms/${hidden.id}/messages`), "forbidden")
      expectProblem(await write(gone.id), "room_not_found")
      expectProblem(await ask("GET", `/rooms/${gone.id}/messages`), "room_not_found")
    })

    test("is made 20 times a minute for one user: the 21st new name is refused", async () => {
      const say = (id: string) => write(id, { user_id: "hasty" })
      for (let i = 0; i < 20; i++) expect((await say(`hasty-${i}`)).status).toBe(200)

      expectProblem(await say("hasty-20"), "rate_limited")
      expect((await say("hasty-0")).status).toBe(200)
      expect((await write("hasty-20")).status).toBe(200)
    })

    test("is not made with CHAT_AUTO_CREATE_ROOMS=false", async () => {
      const env = { CHAT_TRUST_CLIENT_IDS: "true", CHAT_AUTO_CREATE_ROOMS: "false" }
      const strict = await openHouse({ env })
      const body = { content: "hello" }
      const path = "/rooms/room123/messages"

      expectProblem(await call(strict.url, { method: "POST", path, body }), "room_not_found")
      expectProblem(await call(strict.url, { method: "GET", path }), "room_not_found")
      await strict.stop()
    })
  })

  test("nobody with an account is anybody's to be", async () => {
    const before = house.everything()
    for (const claim of [ann.id, "ann", "ANN", 1, "1", "system", 0, "0"]) {
      expectProblem(await say({ user_id: claim }), "forbidden")
    }
    expect(house.everything()).toEqual(before)
  })

  test("with credentials one is who one is, in a query too", async () => {
    const authorization = { authorization: `Bearer ${ann.token}` }
    await say({ user_id: "nora" })

    expectProblem(await say({ user_id: "nora" }, authorization), "forbidden")
    expectProblem(await ask("GET", "/rooms?user_id=nora", { headers: authorization }), "forbidden")
    expect((await ask("GET", "/rooms?user_id=ann", { headers: authorization })).status).toBe(200)
    expect((await say({ user_id: "ann" }, authorization)).body.user_id).toBe(ann.id)
  })

  test("everybody may make a user, whom then anybody may be; nothing that leads to it besides", async () => {
    const made = await ask("POST", "/users", { body: { username: "john_doe", display_name: "J" } })
    const byHer = await ann.post("/users", { username: "jane_doe" })
    const said = await say({ user_id: made.body.id })
    const named = await say({ user_id: "john_doe" })

    expect(made.body).toMatchObject({ username: "john_doe", display_name: "J" })
    expect(byHer.status).toBe(200)
    expect([said.body.user_id, named.body.user_id]).toEqual([made.body.id, made.body.id])
    expectProblem(await ask("POST", "/users", { body: { username: "John_Doe" } }), "conflict")
    const before = house.everything()
    for (const more of [{ password: "correct horse" }, { email: "a@example.org" }]) {
      const body = { username: "other", ...more }
      expectProblem(await ask("POST", "/users", { body }), "forbidden")
    }
    expect(house.everything()).toEqual(before)
  })

  test("admins make accounts that are nobody's to claim, as ever", async () => {
    const root = await person(house.url, "root")
    changeRows(house.path, "update users set role = 'admin' where username = 'root'")
    house.clock.advance(1_000)

    const made = await root.post("/users", { username: "made" })

    expect(userNamed("made")).toMatchObject({ origin: "local" })
    expectProblem(await say({ user_id: made.body.id }), "forbidden")
  })
})

describe("given client ids are not trusted", () => {
  let house: House
  let ann: Person
  let bob: Person
  let room: { readonly id: string }

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    room = await roomOf(ann, [bob])
  })
  afterAll(() => house.stop())

  const say = (by: Person, user_id: unknown) =>
    by.post(`/rooms/${room.id}/messages`, { content: "hello", user_id })

  test("a message may name its sender, by any of their ids", async () => {
    for (const claim of [ann.id, "ann", "Ann", 1, "1"]) {
      const { status, body } = await say(ann, claim)
      expect([claim, status, body.user_id]).toEqual([claim, 200, ann.id])
    }
  })

  test("another user's id is refused, whoever it is, and nothing is stored", async () => {
    const before = house.everything()

    for (const claim of [bob.id, "bob", 2, "2", "nobody", 99, 0, "system", -1, "9".repeat(30)]) {
      const answer = await say(ann, claim)
      expectProblem(answer, "forbidden")
      expect(answer.body.detail).toBe("user_id is another user's id")
    }
    for (const wrong of [null, true, 1.5, "", "x".repeat(101), ["ann"]]) {
      expectProblem(await say(ann, wrong), "invalid_request", ["user_id"])
    }

    expect(house.everything()).toEqual(before)
  })

  test("a claim without credentials is nothing, and user_id in a query no claim", async () => {
    const before = house.everything()
    for (const route of OPEN_ROUTES) {
      const [method = "", path = ""] = route.split(" ")
      const at = path.replace(":room", room.id).replace(":user", ann.id)
      const more = method === "GET" ? {} : { body: { user_id: "new", content: "x", name: "x" } }
      const answer = await call(house.url, { method, path: `${at}?user_id=new`, ...more })
      expectProblem(answer, "unauthorized")
    }
    expect(house.everything()).toEqual(before)
    expect((await ann.get("/rooms?user_id=bob")).status).toBe(200)
  })
})
