import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"
import { openSocket } from "../support/socket"

const NEXT = "another password"

describe("changing one's password", () => {
  let house: House
  let ann: Person
  let bob: Person
  let people = 0

  beforeAll(async () => {
    house = await openHouse({ env: { INTERNAL_API_KEY: "a secret of gateways" } })
    bob = await person(house.url, "bob")
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    ann = await person(house.url, `ann${++people}`)
  })

  const change = (by: Person, current_password: string, new_password = NEXT) =>
    by.post("/auth/password", { current_password, new_password })
  const login = (name: string, password: string) =>
    call(house.url, { method: "POST", path: "/auth/login", body: { username: name, password } })
  const loginAs = async ({ name }: Person) => asPerson(house.url, await login(name, PASSWORD))
  const refresh = ({ refreshToken }: Person) =>
    call(house.url, {
      method: "POST",
      path: "/auth/refresh",
      body: { refresh_token: refreshToken },
    })

  test("ends all other sessions, their tokens and sockets, and keeps this one with its socket", async () => {
    const others = [await loginAs(ann), await loginAs(ann)]
    const ended = await Promise.all(others.map((it) => it.connect()))
    const [kept, stranger] = [await ann.connect(), await bob.connect()]

    const answer = await change(ann, PASSWORD)

    expect([answer.status, answer.body]).toEqual([204, null])
    for (const socket of ended) expect(await socket.closed).toMatchObject({ code: 4102 })
    for (const it of others) {
      expectProblem(await it.get("/users/me"), "unauthorized")
      expectProblem(await refresh(it), "unauthorized")
    }
    expect((await ann.get("/users/me")).status).toBe(200)
    expect((await ann.get("/auth/sessions")).body).toHaveLength(1)
    expect((await kept.ask("ping")).type).toBe("ok")
    expect((await stranger.ask("ping")).type).toBe("ok")
    expect((await refresh(ann)).status).toBe(200)
  })

  test("the new one logs in, and the old one no more", async () => {
    await change(ann, PASSWORD)

    expectProblem(await login(ann.name, PASSWORD), "unauthorized")
    expect((await login(ann.name, NEXT)).status).toBe(200)
  })

  test("given the current one is wrong, then it is forbidden and nothing happens", async () => {
    const other = await loginAs(ann)
    const socket = await other.connect()
    const before = house.everything()

    for (const wrong of ["", "wrong password", `${PASSWORD} `]) {
      expectProblem(await change(ann, wrong), "forbidden")
    }

    expect(house.everything()).toEqual(before)
    expect((await socket.ask("ping")).type).toBe("ok")
  })

  test("given two devices change it at once, then one is right and the other is out", async () => {
    const other = await loginAs(ann)

    const answers = await Promise.all([
      change(ann, PASSWORD, "chosen by one"),
      change(other, PASSWORD, "chosen by the other"),
    ])

    // 401 where the other's session had ended before this one's request was even looked at.
    const [won, lost] = answers.map(({ status }) => status).sort()
    expect([won, lost]).toEqual([204, lost === 401 ? 401 : 403])
    const isFirst = answers[0]?.status === 204
    const [winner, loser] = isFirst ? [ann, other] : [other, ann]
    expect((await winner.get("/users/me")).status).toBe(200)
    expectProblem(await loser.get("/users/me"), "unauthorized")
    const password = isFirst ? "chosen by one" : "chosen by the other"
    expect((await login(ann.name, password)).status).toBe(200)
  })

  test("a key cannot, and goes on when its owner has", async () => {
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const headers = { "x-api-key": key }
    const socket = await openSocket(`${house.url}/api/v1/ws`, { headers })
    await socket.next("hello")
    const body = { current_password: PASSWORD, new_password: NEXT }
    const before = house.everything()

    const answer = await call(house.url, { method: "POST", path: "/auth/password", body, headers })

    expectProblem(answer, "forbidden")
    expect(house.everything()).toEqual(before)
    await change(ann, PASSWORD)
    expect((await socket.ask("ping")).type).toBe("ok")
    const me = await call(house.url, { method: "GET", path: "/users/me", headers })
    expect(me.status).toBe(200)
  })

  test("by a gateway, which has no session to keep, it ends all of them", async () => {
    const socket = await ann.connect()
    const headers = { "x-internal-api-key": "a secret of gateways", "x-user-id": ann.id }
    const body = { current_password: PASSWORD, new_password: NEXT }

    const answer = await call(house.url, { method: "POST", path: "/auth/password", body, headers })

    expect(answer.status).toBe(204)
    expect(await socket.closed).toMatchObject({ code: 4102 })
    expectProblem(await ann.get("/users/me"), "unauthorized")
  })

  const wrong = (name: string, body: unknown, ...fields: string[]) =>
    ({
      name,
      by: () => bob,
      method: "POST",
      path: "/auth/password",
      body,
      code: "invalid_request",
      wrong: fields,
    }) as const
  const both = { current_password: PASSWORD, new_password: NEXT }
  refusals(
    () => house,
    [
      wrong("a new one of 7", { ...both, new_password: "🙂".repeat(7) }, "new_password"),
      wrong("a new one of 1,025", { ...both, new_password: "x".repeat(1025) }, "new_password"),
      wrong("no current one", { new_password: NEXT }, "current_password"),
      wrong("nothing", {}, "current_password", "new_password"),
      {
        name: "a stranger",
        method: "POST",
        path: "/auth/password",
        body: both,
        code: "unauthorized",
      },
    ],
  )
})
