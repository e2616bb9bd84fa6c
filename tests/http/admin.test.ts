import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Answer, call, PASSWORD, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"

let house: House
let root: Person
let ann: Person
let bob: Person

beforeAll(async () => {
  house = await openHouse({ env: { CHAT_SERVER_NAME: "The Tea House" } })
  root = await person(house.url, "root")
  changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
})
afterAll(() => house.stop())

const usernames = ({ body }: Answer) => body.map((it: { username: string }) => it.username)
const names = ({ body }: Answer) => body.map((it: { name: string }) => it.name)
const logIn = (name: string) =>
  call(house.url, {
    method: "POST",
    path: "/auth/login",
    body: { username: name, password: PASSWORD },
  })

test("everybody, with or without an account, learns what the server is called and allows", async () => {
  const { status, body } = await call(house.url, { method: "GET", path: "/server" })

  expect(status).toBe(200)
  expect(body).toEqual({
    name: "The Tea House",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    registration: "open",
    limits: { max_message_length: 4_000, max_upload_bytes: 26_214_400 },
  })
})

describe("figures", () => {
  test("are of the whole server, and count what happens", async () => {
    const { body: before } = await root.get("/admin/stats")
    const { body: room } = await ann.post("/rooms", { name: "counted" })
    const socket = await ann.connect()
    await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    await ann.post(`/rooms/${room.id}/messages`, { content: "one" })
    await socket.next("message.created")

    const { status, body: after } = await root.get("/admin/stats")

    expect(status).toBe(200)
    expect(before).toMatchObject({ users: { total: 3, online: 0 }, connections: { native: 0 } })
    expect(after.users).toEqual({ total: 3, online: 1 })
    expect(after.connections).toMatchObject({ native: 1, "room-commands": 0 })
    expect(after.connections.rest).toBeUndefined()
    expect(after.messages.sent).toBe(before.messages.sent + 1)
    expect(after.deliveries).toBeGreaterThan(before.deliveries)
    expect(after.commits.count).toBeGreaterThan(before.commits.count)
    expect(after.commits.mean_ms).toBeGreaterThan(0)
    expect(after.memory_bytes).toBeGreaterThan(10_000_000)
    expect(after.event_loop_lag_ms).toBeGreaterThanOrEqual(0)
    expect(Date.parse(after.started_at)).toBeLessThanOrEqual(Date.parse(after.time))
    socket.close()
  })

  test("of whole tables are counted again after 10 seconds, and not before", async () => {
    const total = async () => (await root.get("/admin/stats")).body.users.total
    house.clock.advance(10_000)
    const before = await total()
    await person(house.url, "newcomer")

    house.clock.advance(9_000)
    const soon = await total()
    house.clock.advance(1_000)

    expect(soon).toBe(before)
    expect(await total()).toBe(before + 1)
  })
})

describe("accounts", () => {
  test("are listed whole, newest first, in pages", async () => {
    const first = await root.get("/admin/users?limit=2")
    const [next] = /\/admin\/users[^>]*/.exec(first.headers.get("link") ?? "") ?? []

    expect(usernames(first)).toEqual(["newcomer", "bob"])
    expect(usernames(await root.get(next ?? ""))).toEqual(["ann", "root"])
    expect(first.body[1]).toEqual({
      id: bob.id,
      numeric_id: expect.any(Number),
      username: "bob",
      display_name: null,
      avatar_url: null,
      created_at: expect.stringMatching(/Z$/),
      last_seen_at: null,
      email: null,
      role: "user",
      disabled_at: null,
    })
  })

  test.each([
    ["EWCOM", ["newcomer"]],
    ["lovelace", ["ann"]],
    ["ann@", ["ann"]],
    ["%", []],
    ["_", []],
    ["\\", []],
    ["\0", []],
    ["a\0", []],
  ])("are found by what their names and addresses hold: %p", async (query, found) => {
    await ann.patch("/users/me", { display_name: "Ada Lovelace", email: "ann@chat.example" })

    expect(usernames(await root.get(`/admin/users?query=${encodeURIComponent(query)}`))).toEqual(
      found,
    )
  })

  test("that are disabled lose their sockets and every credential, until they are enabled", async () => {
    const socket = await bob.connect()

    const disabled = await root.put(`/admin/users/${bob.id}/disabled`)
    const again = await root.put(`/admin/users/${bob.id}/disabled`)
    const { code } = await socket.closed

    expect(disabled.status).toBe(200)
    expect(disabled.body).toMatchObject({ id: bob.id, role: "user" })
    expect(disabled.body.disabled_at).toMatch(/Z$/)
    expect(again.body).toEqual(disabled.body)
    expect(code).toBe(4201)
    expect((await bob.get("/users/me")).status).toBe(401)
    expect((await logIn("bob")).status).toBe(401)
    expect((await root.get("/admin/users?query=bob")).body).toMatchObject([
      { disabled_at: disabled.body.disabled_at },
    ])

    const enabled = await root.delete(`/admin/users/${bob.id}/disabled`)

    expect(enabled.body).toMatchObject({ id: bob.id, disabled_at: null })
    expect((await bob.get("/users/me")).status).toBe(200)
    expect((await logIn("bob")).status).toBe(200)
  })

  test("nobody can disable themselves, or whom there is not", async () => {
    const disable = (id: string) => root.put(`/admin/users/${id}/disabled`)
    const code = async (answer: Promise<Answer>) => (await answer).body.code

    expect(await code(disable(root.id))).toBe("forbidden")
    expect(await code(disable("nobody"))).toBe("user_not_found")
    // By the id alone: a name is not one.
    expect(await code(disable("ann"))).toBe("user_not_found")
    expect(await code(root.delete("/admin/users/nobody/disabled"))).toBe("user_not_found")
    expect(house.rows("select id from users where disabled_at is not null")).toEqual([])
  })
})

describe("rooms", () => {
  test("are listed but for conversations and deleted ones, private ones of others too", async () => {
    const { body: secret } = await ann.post("/rooms", { name: "Secret plans", type: "private" })
    const { body: gone } = await ann.post("/rooms", { name: "gone" })
    await ann.delete(`/rooms/${gone.id}`)
    await ann.post("/conversations", { user_ids: [bob.id] })

    const all = await root.get("/admin/rooms")
    const some = await root.get("/admin/rooms?query=PLANS")
    const [first] = (await root.get("/admin/rooms?limit=1")).body

    expect(names(all)).toEqual(["Secret plans", "counted"])
    expect(some.body).toMatchObject([{ id: secret.id, type: "private", member_count: 1 }])
    expect(first.id).toBe(secret.id)
    expect(names(await root.get("/admin/rooms?query=nothing"))).toEqual([])
  })
})

test.each([
  ["get", "/admin/stats"],
  ["get", "/admin/users"],
  ["get", "/admin/rooms"],
  ["put", "/admin/users/:id/disabled"],
  ["delete", "/admin/users/:id/disabled"],
] as const)("who is no admin is told nothing: %s %s", async (method, path) => {
  const answer = await ann[method](path.replace(":id", bob.id))

  expect(answer.status).toBe(403)
  expect(answer.body.code).toBe("forbidden")
})
