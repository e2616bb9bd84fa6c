import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { call, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"

const GATEWAY = "a gateway's secret"
const PAGES = "https://chat.example"

describe("who a request comes from", () => {
  let house: House
  let ann: Person
  let bob: Person
  let key: string

  beforeAll(async () => {
    house = await openHouse({
      env: { INTERNAL_API_KEY: GATEWAY, FRONTEND_URL: `http://localhost:5173,${PAGES}` },
    })
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    key = (await ann.post("/auth/keys", { name: "bot" })).body.key
  })
  afterAll(() => house.stop())

  const me = (headers: Record<string, string>) =>
    call(house.url, { method: "GET", path: "/users/me", headers })
  const host = () => new URL(house.url).host
  const cookie = (token = ann.token) => ({ cookie: `theme=dark; access_token=${token}; x=1` })

  test.each([
    ["a bearer token", () => ({ authorization: `Bearer ${ann.token}` })],
    [
      "a bearer token, the scheme in small letters",
      () => ({ authorization: `bearer ${ann.token}` }),
    ],
    ["an API key", () => ({ "x-api-key": key })],
    ["a cookie, without Origin: no browser sent it", () => cookie()],
    ["a cookie in quotes", () => ({ cookie: `access_token="${ann.token}"` })],
    ["a cookie from a page of ours", () => ({ ...cookie(), origin: PAGES })],
    ["a cookie from this very server's page", () => ({ ...cookie(), origin: `http://${host()}` })],
    [
      "a header from a page of anybody",
      () => ({
        authorization: `Bearer ${ann.token}`,
        origin: "https://evil.example",
      }),
    ],
    ["a gateway, by public id", () => ({ "x-internal-api-key": GATEWAY, "x-user-id": ann.id })],
    ["a gateway, by name", () => ({ "x-internal-api-key": GATEWAY, "x-user-id": "ANN" })],
    ["a gateway, by number", () => ({ "x-internal-api-key": GATEWAY, "x-user-id": "1" })],
    [
      "a header and another's cookie: the header counts",
      () => ({
        authorization: `Bearer ${ann.token}`,
        ...cookie(bob.token),
      }),
    ],
    [
      "a key and another's cookie: the key counts",
      () => ({
        "x-api-key": key,
        ...cookie(bob.token),
      }),
    ],
    [
      "a gateway's secret without a user, and a cookie",
      () => ({
        "x-internal-api-key": GATEWAY,
        ...cookie(),
      }),
    ],
  ])("is ann, by %s", async (_carrier, headers) => {
    const answer = await me(headers())

    expect(answer.status).toBe(200)
    expect(answer.body.id).toBe(ann.id)
  })

  test.each([
    ["nothing", () => ({})],
    ["an empty bearer", () => ({ authorization: "Bearer " })],
    ["another scheme", () => ({ authorization: `Basic ${ann.token}` })],
    ["two tokens", () => ({ authorization: `Bearer ${ann.token} ${ann.token}` })],
    ["a wrong header and a good cookie", () => ({ authorization: "Bearer no", ...cookie() })],
    ["a wrong key", () => ({ "x-api-key": "prk_no" })],
    ["an empty key", () => ({ "x-api-key": "" })],
    ["a wrong key and a good cookie", () => ({ "x-api-key": "no", ...cookie() })],
    ["a key as a bearer token", () => ({ authorization: `Bearer ${key}` })],
    ["a token as a key", () => ({ "x-api-key": ann.token })],
    ["a cookie of another name", () => ({ cookie: `xaccess_token=${ann.token}` })],
    ["a wrong gateway secret", () => ({ "x-internal-api-key": "no", "x-user-id": ann.id })],
    ["a gateway for nobody", () => ({ "x-internal-api-key": GATEWAY, "x-user-id": "nobody" })],
    ["a gateway for the system", () => ({ "x-internal-api-key": GATEWAY, "x-user-id": "0" })],
    [
      "a gateway for the system by name",
      () => ({
        "x-internal-api-key": GATEWAY,
        "x-user-id": "system",
      }),
    ],
  ])("is nobody, by %s", async (_carrier, headers) => {
    const answer = await me(headers())

    expectProblem(answer, "unauthorized")
    expect(answer.headers.get("www-authenticate")).toBe("Bearer")
  })

  test("a token in the URL counts for no REST request", async () => {
    const answer = await call(house.url, { method: "GET", path: `/users/me?token=${ann.token}` })

    expectProblem(answer, "unauthorized")
  })

  test.each([
    "https://evil.example",
    "null",
    "http://chat.example",
    "https://chat.example.evil.example",
    "https://evil-chat.example",
    "https://chat.example:8443",
    "http://127.0.0.1",
    "nonsense",
  ])("a cookie from a page of %s is forbidden, and nothing happens", async (origin) => {
    const before = house.everything()

    const answer = await call(house.url, {
      method: "POST",
      path: "/rooms",
      body: { name: "forged" },
      headers: { ...cookie(), origin },
    })

    expectProblem(answer, "forbidden")
    expect(house.everything()).toEqual(before)
  })

  test("without INTERNAL_API_KEY there are no gateways", async () => {
    const closed = await openHouse({ path: house.path })
    try {
      for (const secret of ["", "null", GATEWAY]) {
        const answer = await call(closed.url, {
          method: "GET",
          path: "/users/me",
          headers: { "x-internal-api-key": secret, "x-user-id": ann.id },
        })
        expectProblem(answer, "unauthorized")
      }
    } finally {
      await closed.stop()
    }
  })

  test("a disabled user is nobody by any carrier, and cannot log in, until they are enabled", async () => {
    const cleo = await person(house.url, "cleo")
    const hers: string = (await cleo.post("/auth/keys", { name: "bot" })).body.key
    changeRows(house.path, "update users set disabled_at = 1 where username = 'cleo'")
    // Another program's change: what was looked up within the last second may still count.
    house.clock.advance(1_000)

    const carriers: Record<string, string>[] = [
      { authorization: `Bearer ${cleo.token}` },
      { "x-api-key": hers },
      { "x-internal-api-key": GATEWAY, "x-user-id": cleo.id },
      cookie(cleo.token),
    ]
    for (const headers of carriers) expectProblem(await me(headers), "unauthorized")
    const login = { username: "cleo", password: "correct horse" }
    const refused = await call(house.url, { method: "POST", path: "/auth/login", body: login })
    expectProblem(refused, "unauthorized")
    const renewed = await call(house.url, {
      method: "POST",
      path: "/auth/refresh",
      body: { refresh_token: cleo.refreshToken },
    })
    expectProblem(renewed, "unauthorized")

    changeRows(house.path, "update users set disabled_at = null where username = 'cleo'")
    expect((await cleo.get("/users/me")).status).toBe(200)
  })
})
