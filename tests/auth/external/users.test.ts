import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { JWTPayload } from "jose"
import { asUserNumericId } from "../../../src/protocol/ids"
import { AUDIENCE, claimsFor, forged, ISSUER } from "../../support/app"
import { type House, openHouse } from "../../support/house"
import { type Answer, call, PASSWORD, type Person, person } from "../../support/people"
import { changeRows } from "../../support/rows"
import { expectProblem } from "../../support/scenarios"

const SECRET = "the secret of the app, 32 letters"
const GATEWAY = "a gateway's secret"
const MADE_NAME = /^user-[0-9a-f]{8}$/

describe("users of the app", () => {
  let house: House
  let ann: Person

  beforeAll(async () => {
    house = await openHouse({
      env: {
        JWT_EXTERNAL_SECRET: SECRET,
        JWT_EXTERNAL_ISSUER: ISSUER,
        JWT_EXTERNAL_AUDIENCE: AUDIENCE,
        INTERNAL_API_KEY: GATEWAY,
      },
    })
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  const tokenOf = (subject: string, more: JWTPayload = {}) =>
    forged({ alg: "HS256" }, claimsFor(subject, house.clock.now(), more), SECRET)
  const as = (token: string, method: string, path: string, body?: unknown): Promise<Answer> =>
    call(house.url, { method, path, body, headers: { authorization: `Bearer ${token}` } })
  const me = (token: string) => as(token, "GET", "/users/me")
  const rowOf = (subject: string) =>
    house.rows(`select * from users where issuer = '${ISSUER}' and subject = '${subject}'`)

  test("are made at first sight, and stay the same user with every later token", async () => {
    const first = await me(tokenOf("stays", { name: "Bob B.", preferred_username: "bob" }))
    const later = await me(tokenOf("stays", { name: "Robert", preferred_username: "robert" }))

    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ username: "bob", display_name: "Bob B." })
    expect(later.body).toEqual(first.body)
    expect(rowOf("stays")).toMatchObject([
      { id: first.body.id, origin: "external", password_hash: null, role: "user" },
    ])
  })

  test("given twenty first sights at the same moment, then they are one user", async () => {
    const tokens = Array.from({ length: 20 }, (_, jti) => tokenOf("crowd", { jti: `${jti}` }))

    const answers = await Promise.all(tokens.map(me))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(rowOf("crowd")).toHaveLength(1)
  })

  test("are never a local account, by its id, its number, its name or its address", async () => {
    const cleo = await call(house.url, {
      method: "POST",
      path: "/auth/register",
      body: { username: "cleo", password: PASSWORD, email: "cleo@example.com" },
    })
    const { id, numeric_id: numericId } = cleo.body.user
    const address = { email: "Cleo@example.com", email_verified: true }

    for (const subject of [id, String(numericId), "cleo", "cleo@example.com", ann.id, "0"]) {
      const names = { preferred_username: "Cleo", ...address }
      const { body } = await me(tokenOf(subject, names))
      expect(body.id).not.toBe(id)
      expect(body.id).not.toBe(ann.id)
      expect(body.numeric_id).toBeGreaterThan(numericId)
      expect(body.username).toMatch(MADE_NAME)
      expect(rowOf(subject)).toMatchObject([{ id: body.id, email: null }])
    }
    expect((await ann.get("/users/me")).body.id).toBe(ann.id)
    expect(house.rows("select issuer from users where username = 'cleo'")).toEqual([
      { issuer: null },
    ])
  })

  test("are told apart letter by letter", async () => {
    const subjects = ["Case", "case", "case ", "c%", "c_se", "cáse", "ca\u0301se"]

    const ids = await Promise.all(subjects.map(async (it) => (await me(tokenOf(it))).body.id))

    expect(new Set(ids).size).toBe(subjects.length)
  })

  test.each<[string, JWTPayload, string | RegExp]>([
    ["preferred_username", { preferred_username: "p1", nickname: "n1", name: "x1" }, "p1"],
    ["nickname, where that is none", { preferred_username: "a b", nickname: "n2" }, "n2"],
    ["nickname, where that is taken", { preferred_username: "ANN", nickname: "n3" }, "n3"],
    ["name, where that is one", { name: "x4" }, "x4"],
    ["a made one, without claims", {}, MADE_NAME],
    ["a made one, if none can be used", { preferred_username: "1234", name: "A B" }, MADE_NAME],
    ["a made one, if all are taken", { preferred_username: "ann", nickname: "Ann" }, MADE_NAME],
    ["a made one, for an address", { preferred_username: "d@example.com" }, MADE_NAME],
    ["a made one, for the system's", { preferred_username: "system" }, MADE_NAME],
    ["a made one, for an odd claim", { preferred_username: ["p"] }, MADE_NAME],
  ])("are named by %s", async (what, claims, name) => {
    const { body } = await me(tokenOf(`named by ${what}`, claims))

    if (typeof name === "string") expect(body.username).toBe(name)
    else expect(body.username).toMatch(name)
  })

  test.each<[string, JWTPayload, object]>([
    [
      "all of it",
      { name: "Dora", picture: "https://x.example/d.png" },
      { display_name: "Dora", avatar_url: "https://x.example/d.png" },
    ],
    ["no picture that a page would run", { picture: "javascript:alert(1)" }, { avatar_url: null }],
    ["no picture inside the token", { picture: "data:image/png;base64,AA" }, { avatar_url: null }],
    ["no endless picture", { picture: `https://x/${"x".repeat(2048)}` }, { avatar_url: null }],
    ["no endless name", { name: "x".repeat(65) }, { display_name: null }],
    ["no half letters", { name: "\ud800" }, { display_name: null }],
    ["an address that was checked", { email: "d1@x.example", email_verified: true }, {}],
  ])("show what the app says of them: %s", async (what, claims, shown) => {
    const { status, body } = await me(tokenOf(`shown ${what}`, claims))

    expect(status).toBe(200)
    expect(body).toMatchObject(shown)
    expect(rowOf(`shown ${what}`)).toMatchObject([
      { email: claims.email_verified === true ? claims.email : null },
    ])
  })

  test.each<[string, unknown]>([
    ["false", false],
    ["the word true", "true"],
    ["1", 1],
    ["missing", undefined],
  ])("have no address where email_verified is %s", async (what, verified) => {
    const claims = { email: `${what.length}@x.example`, email_verified: verified }
    await me(tokenOf(`address ${what}`, claims))

    expect(rowOf(`address ${what}`)).toMatchObject([{ email: null, email_key: null }])
  })

  test("given one is disabled, then they are nobody, until they are enabled", async () => {
    const token = tokenOf("disabled")
    await me(token)
    changeRows(house.path, "update users set disabled_at = 1 where subject = 'disabled'")
    // Another program's change: what was looked up within the last second may still count.
    house.clock.advance(1_000)

    expectProblem(await me(token), "unauthorized")
    expectProblem(await me(tokenOf("disabled", { jti: "another" })), "unauthorized")

    changeRows(house.path, "update users set disabled_at = null where subject = 'disabled'")
    house.clock.advance(1_000)
    expect((await me(token)).status).toBe(200)
  })

  test("given one is disabled by this server, then they are nobody at once", async () => {
    const token = tokenOf("disabled here")
    await me(token)
    // Now it is remembered that they are there.
    const { body } = await me(token)
    const user = asUserNumericId(body.numeric_id)
    changeRows(house.path, "update users set disabled_at = 1 where subject = 'disabled here'")
    await house.store.write(function* () {
      yield* house.store.users.setLastSeen(user, 1)
      return { result: undefined, events: [{ type: "user.disabled", user }] }
    })

    expectProblem(await me(token), "unauthorized")
  })

  test("given one is deleted and their identity with them, then a new user is made; without that, nobody is", async () => {
    const token = tokenOf("deleted")
    const first = await me(token)
    const deletion = "update users set deleted_at = 1"
    changeRows(house.path, `${deletion} where subject = 'deleted'`)
    house.clock.advance(1_000)
    expectProblem(await me(token), "unauthorized")

    changeRows(house.path, "update users set issuer = null, subject = null where deleted_at = 1")

    const second = await me(token)
    expect(second.status).toBe(200)
    expect(second.body.id).not.toBe(first.body.id)
  })

  test("have no sessions to log out of and no password, and can make keys", async () => {
    const token = tokenOf("keys", { preferred_username: "keymaker" })
    const { body: user } = await me(token)

    expectProblem(await as(token, "POST", "/auth/logout"), "forbidden")
    expect((await as(token, "GET", "/auth/sessions")).body).toEqual([])
    const login = { username: "keymaker", password: "null" }
    expectProblem(await as("", "POST", "/auth/login", login), "unauthorized")
    const { body } = await as(token, "POST", "/auth/keys", { name: "bot" })
    const byKey = await call(house.url, {
      method: "GET",
      path: "/users/me",
      headers: { "x-api-key": body.key },
    })
    expect(byKey.body.id).toBe(user.id)
  })

  test("come by cookie where the page is ours, and not from a foreign page or in a REST address", async () => {
    const token = tokenOf("cookie")
    const cookie = `access_token=${token}`
    const get = (headers: Record<string, string>, path = "/users/me") =>
      call(house.url, { method: "GET", path, headers })

    expect((await get({ cookie, origin: "http://localhost:5173" })).status).toBe(200)
    expectProblem(await get({ cookie, origin: "https://evil.example" }), "forbidden")
    expectProblem(await get({}, `/users/me?token=${token}`), "unauthorized")
  })

  test("come also where registration is closed: the app lets them in", async () => {
    const closed = await openHouse({
      env: {
        JWT_EXTERNAL_SECRET: SECRET,
        JWT_EXTERNAL_ISSUER: ISSUER,
        JWT_EXTERNAL_AUDIENCE: AUDIENCE,
        CHAT_REGISTRATION: "closed",
      },
    })

    const answer = await call(closed.url, {
      method: "POST",
      path: "/rooms",
      body: { name: "general" },
      headers: { authorization: `Bearer ${tokenOf("eve")}` },
    })

    expect(answer.status).toBe(200)
    await closed.stop()
  })
})
