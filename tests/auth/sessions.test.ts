import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { expectProblem } from "../support/scenarios"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

describe("sessions", () => {
  let house: House
  let ann: Person
  let bob: Person
  let people = 0

  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    people++
    ann = await person(house.url, `ann${people}`)
    bob = await person(house.url, `bob${people}`)
  })

  const post = (path: string, body: unknown) => call(house.url, { method: "POST", path, body })
  const refresh = (token: string) => post("/auth/refresh", { refresh_token: token })
  const loginAs = async ({ name }: Person) =>
    asPerson(house.url, await post("/auth/login", { username: name, password: PASSWORD }))

  test("refreshing gives a new pair for the same session, and prolongs it", async () => {
    const answer = await refresh(ann.refreshToken)

    expect(answer.status).toBe(200)
    expect(answer.body.user).toMatchObject({ id: ann.id })
    expect(answer.body.refresh_token).not.toBe(ann.refreshToken)
    expect(answer.headers.get("set-cookie")).toContain(`access_token=${answer.body.access_token};`)
    const next = asPerson(house.url, answer)
    expect((await next.get("/auth/sessions")).body).toHaveLength(1)
    // The token from before stays good for as long as it was: the session is the same.
    expect((await ann.get("/users/me")).status).toBe(200)
  })

  test("a refresh token used twice ends the whole session: its tokens and the thief's", async () => {
    const other = await loginAs(ann)
    const first = asPerson(house.url, await refresh(ann.refreshToken))

    expectProblem(await refresh(ann.refreshToken), "unauthorized")

    expectProblem(await ann.get("/users/me"), "unauthorized")
    expectProblem(await first.get("/users/me"), "unauthorized")
    expectProblem(await refresh(first.refreshToken), "unauthorized")
    expect((await other.get("/users/me")).status).toBe(200)
    expect((await bob.get("/users/me")).status).toBe(200)
  })

  test("given both use one refresh token at the same moment, at most one of them gets tokens", async () => {
    const answers = await Promise.all([refresh(ann.refreshToken), refresh(ann.refreshToken)])

    expect(answers.map((it) => it.status).sort()).toEqual([200, 401])
  })

  test.each(["", "nonsense", "prt_", `prt_${"A".repeat(43)}`])(
    "a refresh token that was never given out is refused: %p",
    async (token) => {
      expect([400, 401]).toContain((await refresh(token)).status)
    },
  )

  test("an access token does not refresh, and a refresh token gives no access", async () => {
    expectProblem(await refresh(ann.token), "unauthorized")
    const answer = await call(house.url, {
      method: "GET",
      path: "/users/me",
      headers: { authorization: `Bearer ${ann.refreshToken}` },
    })
    expectProblem(answer, "unauthorized")
  })

  test("an access token is good for an hour, and no longer", async () => {
    const short = await openHouse()
    try {
      const cleo = await person(short.url, "cleo")
      short.clock.advance(HOUR_MS - MINUTE_MS)
      expect((await cleo.get("/users/me")).status).toBe(200)

      short.clock.advance(MINUTE_MS)
      expectProblem(await cleo.get("/users/me"), "unauthorized")

      const next = await call(short.url, {
        method: "POST",
        path: "/auth/refresh",
        body: { refresh_token: cleo.refreshToken },
      })
      expect((await asPerson(short.url, next).get("/users/me")).status).toBe(200)
    } finally {
      await short.stop()
    }
  })

  test("an unused session ends after 30 days, and each refresh gives it 30 more", async () => {
    const long = await openHouse()
    const renew = (token: string) =>
      call(long.url, { method: "POST", path: "/auth/refresh", body: { refresh_token: token } })
    try {
      const cleo = await person(long.url, "cleo")
      long.clock.advance(29 * DAY_MS)
      const second = await renew(cleo.refreshToken)
      expect(second.status).toBe(200)

      long.clock.advance(29 * DAY_MS)
      const third = await renew(second.body.refresh_token)
      expect(third.status).toBe(200)

      long.clock.advance(30 * DAY_MS)
      expectProblem(await renew(third.body.refresh_token), "unauthorized")
    } finally {
      await long.stop()
    }
  })

  test("logging out ends this session only, clears the cookie, and its refresh token is gone", async () => {
    const other = await loginAs(ann)

    const answer = await ann.post("/auth/logout")

    expect(answer.status).toBe(204)
    expect(answer.headers.get("set-cookie")).toBe(
      "access_token=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
    )
    expectProblem(await ann.get("/users/me"), "unauthorized")
    expectProblem(await ann.post("/auth/logout"), "unauthorized")
    expectProblem(await refresh(ann.refreshToken), "unauthorized")
    expect((await other.get("/users/me")).status).toBe(200)
  })

  test("logging out closes the session's sockets with 4102, and nobody else's", async () => {
    const other = await loginAs(ann)
    const [mine, theirs] = [await ann.connect(), await other.connect()]

    await ann.post("/auth/logout")

    expect(await mine.closed).toMatchObject({ code: 4102 })
    expect(await theirs.ask("ping")).toMatchObject({ type: "ok" })
  })

  test("a reused refresh token closes the session's sockets with 4102", async () => {
    const socket = await ann.connect()
    await refresh(ann.refreshToken)

    await refresh(ann.refreshToken)

    expect(await socket.closed).toMatchObject({ code: 4102 })
  })

  test("are listed with where they come from, the one that asks marked, newest first", async () => {
    house.clock.advance(1000)
    const answer = await call(house.url, {
      method: "POST",
      path: "/auth/login",
      body: { username: ann.name, password: PASSWORD },
      headers: { "user-agent": "x".repeat(300) },
    })
    const newest = asPerson(house.url, answer)

    const { status, body } = await newest.get("/auth/sessions")

    expect(status).toBe(200)
    expect(body).toHaveLength(2)
    expect(body[0]).toEqual({
      id: expect.any(String),
      created_at: expect.any(String),
      last_used_at: body[0].created_at,
      expires_at: new Date(Date.parse(body[0].created_at) + 30 * DAY_MS).toISOString(),
      user_agent: "x".repeat(200),
      address: "127.0.0.1",
      current: true,
    })
    expect(body[1]).toMatchObject({ current: false })
  })

  test("ending one of mine logs that device out; ending another's changes nothing", async () => {
    const device = await loginAs(ann)
    const mine = (await ann.get("/auth/sessions")).body
    const other = mine.find((it: { current: boolean }) => !it.current)
    const before = house.everything()

    expectProblem(await bob.delete(`/auth/sessions/${other.id}`), "not_found")
    expectProblem(await ann.delete("/auth/sessions/no-such-session"), "not_found")
    expect(house.everything()).toEqual(before)

    expect((await ann.delete(`/auth/sessions/${other.id}`)).status).toBe(204)
    expectProblem(await device.get("/users/me"), "unauthorized")
    expectProblem(await ann.delete(`/auth/sessions/${other.id}`), "not_found")
    expect((await ann.get("/auth/sessions")).body).toHaveLength(1)
  })

  test("all outlive a restart of the server, given the secret does", async () => {
    const tokenSecret = new Uint8Array(32).fill(7)
    const first = await openHouse({ tokenSecret })
    const cleo = await person(first.url, "cleo")
    const second = await openHouse({ tokenSecret, path: first.path })
    const other = await openHouse({ path: first.path })
    const asAt = ({ url }: House) => asPerson(url, { body: bodyOf(cleo) } as never)
    try {
      expect((await asAt(second).get("/users/me")).status).toBe(200)
      expectProblem(await asAt(other).get("/users/me"), "unauthorized")
    } finally {
      await Promise.all([second.stop(), other.stop()])
      await first.stop()
    }
  })
})

const bodyOf = ({ id, name, token, refreshToken }: Person) => ({
  access_token: token,
  refresh_token: refreshToken,
  user: { id, username: name },
})
