import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { expectProblem } from "../support/scenarios"

let house: House
let ann: Person
let room: { readonly id: string }
beforeAll(async () => {
  house = await openHouse()
  ann = await person(house.url, "ann")
  room = await roomOf(ann)
})
afterAll(() => house.stop())

const login = () =>
  call(house.url, {
    method: "POST",
    path: "/auth/login",
    body: { username: "ann", password: PASSWORD },
  })

const LISTS: readonly (readonly [string, () => string, () => Promise<unknown>])[] = [
  ["sessions", () => "/auth/sessions", login],
  ["keys", () => "/auth/keys", () => ann.post("/auth/keys", { name: "bot" })],
  ["invites", () => `/rooms/${room.id}/invites`, () => ann.post(`/rooms/${room.id}/invites`)],
]

// They answered all that there was, whatever `limit` said.
describe.each(LISTS)("the list of %s", (_name, path, add) => {
  test("has 50 where nothing is said, then the rest, each once and newest first", async () => {
    for (let index = 0; index < 61; index++) {
      house.clock.advance(1_000)
      await add()
    }
    const all = (await ann.get(`${path()}?limit=200`)).body

    const first = await ann.get(path())
    const next = /^<\/api\/v1(.+)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1] ?? ""
    const second = await ann.get(next)

    expect(first.body).toHaveLength(50)
    expect(second.headers.get("link")).toBeNull()
    expect([...first.body, ...second.body]).toEqual(all)
    const times = all.map((it: { created_at: string }) => it.created_at)
    expect(times.length).toBeGreaterThanOrEqual(61)
    expect(times).toEqual([...new Set(times)].sort().reverse())
    expect((await ann.get(`${path()}?limit=2`)).body).toEqual(all.slice(0, 2))
  })

  test("names a limit or a cursor that is none, and ends beyond its end", async () => {
    for (const name of ["limit", "cursor"]) {
      const answer = await ann.get(`${path()}?${name}=-1`)
      expectProblem(answer, "invalid_request")
      expect(answer.body.errors).toMatchObject([{ path: name }])
    }
    const beyond = await ann.get(`${path()}?cursor=${Number.MAX_SAFE_INTEGER.toString(36)}`)
    expect([beyond.status, beyond.body]).toEqual([200, []])
  })
})

test("refuses the 101st good key of a user with conflict, and one that ended makes room", async () => {
  const bob = await person(house.url, "bob")
  const expires_at = new Date(house.clock.now() + 60_000).toISOString()
  const { id } = (await bob.post("/auth/keys", { name: "first" })).body
  await bob.post("/auth/keys", { name: "short", expires_at })
  for (let index = 2; index < 100; index++) await bob.post("/auth/keys", { name: "more" })
  const make = () => bob.post("/auth/keys", { name: "late" })
  const before = house.everything()

  expectProblem(await make(), "conflict")
  expect(house.everything()).toEqual(before)

  await bob.delete(`/auth/keys/${id}`)
  expect((await make()).status).toBe(200)
  expectProblem(await make(), "conflict")
  house.clock.advance(61_000)
  expect((await make()).status).toBe(200)
  expectProblem(await make(), "conflict")
})
