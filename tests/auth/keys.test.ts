import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem, refusals } from "../support/scenarios"
import { openSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

describe("API keys", () => {
  let house: House
  let ann: Person
  let bob: Person
  let admin: Person

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    admin = await person(house.url, "root")
    changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  })
  afterAll(() => house.stop())

  const ask = (key: string, path: string, method = "GET", body?: unknown) =>
    call(house.url, { method, path, body, headers: { "x-api-key": key } })

  test("are shown once, stand for their owner, and are listed without their secret", async () => {
    const made = await ann.post("/auth/keys", { name: "bot", scopes: [] })

    expect(made.status).toBe(200)
    expect(made.body).toEqual({
      id: expect.any(String),
      key: expect.stringMatching(/^prk_[\w-]{43}$/),
    })
    expect((await ask(made.body.key, "/users/me")).body.id).toBe(ann.id)
    await waitUntil("its use is noted", () => lastUse(made.body.id) !== null)
    expect((await ann.get("/auth/keys")).body).toEqual([
      {
        id: made.body.id,
        name: "bot",
        scopes: [],
        created_at: expect.any(String),
        expires_at: null,
        last_used_at: expect.any(String),
      },
    ])
    expect((await bob.get("/auth/keys")).body).toEqual([])
  })

  test("cannot make keys, nor log out", async () => {
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const before = house.everything()

    expectProblem(await ask(key, "/auth/keys", "POST", { name: "child" }), "forbidden")
    expectProblem(await ask(key, "/auth/logout", "POST"), "forbidden")
    expect(house.everything()).toEqual(before)
  })

  const lastUse = (id: string) =>
    house.rows(`select last_used_at from api_keys where id = '${id}'`)[0]?.last_used_at ?? null

  test("tell when they were last used, written after the answer and once in 60 s", async () => {
    const { id, key } = (await ann.post("/auth/keys", { name: "busy" })).body
    expect(lastUse(id)).toBeNull()
    const before = house.clock.now()

    await ask(key, "/users/me")
    await waitUntil("the use is noted", () => lastUse(id) !== null)
    const first = Number(lastUse(id))
    expect(first).toBeWithin(before, house.clock.now() + 1)

    house.clock.advance(59_000)
    await ask(key, "/users/me")
    // A write of later than the use: had that been noted, it would be here by now.
    await ann.post("/auth/keys", { name: "another" })
    expect(lastUse(id)).toBe(first)

    house.clock.advance(1_000)
    await ask(key, "/users/me")
    await waitUntil("the later use is noted", () => Number(lastUse(id)) >= first + 60_000)
  })

  test("end at their time", async () => {
    const expires_at = new Date(house.clock.now() + 60_000).toISOString()
    const { key } = (await ann.post("/auth/keys", { name: "short", expires_at })).body
    house.clock.advance(59_000)
    expect((await ask(key, "/users/me")).status).toBe(200)

    house.clock.advance(1000)

    expectProblem(await ask(key, "/users/me"), "unauthorized")
  })

  test("end at once when they are deleted, which only their owner can do, and their sockets close with 4102", async () => {
    const { id, key } = (await bob.post("/auth/keys", { name: "doomed" })).body
    const socket = await openSocket(`${house.url}/api/v1/ws`, { headers: { "x-api-key": key } })
    await socket.next("hello")
    const other = await bob.connect()
    const before = house.everything()

    expectProblem(await ann.delete(`/auth/keys/${id}`), "not_found")
    expect(house.everything()).toEqual(before)
    expect((await bob.delete(`/auth/keys/${id}`)).status).toBe(204)

    expect(await socket.closed).toMatchObject({ code: 4102 })
    expectProblem(await ask(key, "/users/me"), "unauthorized")
    expectProblem(await bob.delete(`/auth/keys/${id}`), "not_found")
    expect((await bob.get("/auth/keys")).body).toEqual([])
    expect(await other.ask("ping")).toMatchObject({ type: "ok" })
  })

  test("with the scope `rooms`, given by an admin, choose the ids of rooms; others do not", async () => {
    const { key } = (await admin.post("/auth/keys", { name: "app", scopes: ["rooms"] })).body
    const { key: plain } = (await ann.post("/auth/keys", { name: "app" })).body

    const room = await ask(key, "/rooms", "POST", { name: "lobby", id: "lobby" })

    expect(room.body).toMatchObject({ id: "lobby" })
    expectProblem(await ask(plain, "/rooms", "POST", { name: "l", id: "mine" }), "forbidden")
  })

  test("end with their owner's account, and outlive the session that made them", async () => {
    const cleo = await person(house.url, "cleo")
    const { key } = (await cleo.post("/auth/keys", { name: "bot" })).body
    const again = await call(house.url, {
      method: "POST",
      path: "/auth/login",
      body: { username: "cleo", password: PASSWORD },
    })
    await cleo.post("/auth/logout")
    expect((await ask(key, "/users/me")).body.id).toBe(cleo.id)

    await asPerson(house.url, again).delete("/users/me")

    expectProblem(await ask(key, "/users/me"), "unauthorized")
  })

  const keys = { by: () => ann, method: "POST", path: "/auth/keys" } as const
  refusals(
    () => house,
    [
      {
        ...keys,
        name: "the scope users",
        body: { name: "k", scopes: ["users"] },
        code: "forbidden",
      },
      {
        ...keys,
        name: "the scope rooms",
        body: { name: "k", scopes: ["rooms"] },
        code: "forbidden",
      },
      { ...keys, name: "no name", body: {}, code: "invalid_request", wrong: ["name"] },
      {
        ...keys,
        name: "a name of 101",
        body: { name: "x".repeat(101) },
        code: "invalid_request",
        wrong: ["name"],
      },
      {
        ...keys,
        name: "a scope that is no text",
        body: { name: "k", scopes: ["rooms", 5] },
        code: "invalid_request",
        wrong: ["scopes.1"],
      },
      {
        ...keys,
        name: "a scope that there is not",
        body: { name: "k", scopes: ["messages"] },
        code: "invalid_request",
        wrong: ["scopes.0"],
      },
      {
        ...keys,
        name: "an end that is past",
        body: { name: "k", expires_at: "2001-01-01T00:00:00Z" },
        code: "invalid_request",
        wrong: ["expires_at"],
      },
      {
        ...keys,
        name: "an end that is no time",
        body: { name: "k", expires_at: "tomorrow" },
        code: "invalid_request",
        wrong: ["expires_at"],
      },
      {
        name: "a stranger",
        method: "POST",
        path: "/auth/keys",
        body: { name: "k" },
        code: "unauthorized",
      },
    ],
  )
})
