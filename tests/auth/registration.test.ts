import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { call, PASSWORD, person } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

const GOOD = { username: "newcomer", password: PASSWORD }

describe("registering", () => {
  let house: House

  beforeAll(async () => {
    house = await openHouse()
    await call(house.url, {
      method: "POST",
      path: "/auth/register",
      body: { username: "Ann", password: PASSWORD, email: "Ann@Example.org" },
    })
  })
  afterAll(() => house.stop())

  const register = (body: unknown) =>
    call(house.url, { method: "POST", path: "/auth/register", body })

  test("answers tokens, the user with their own address, and a cookie for pages", async () => {
    const answer = await register({
      ...GOOD,
      username: "cleo",
      email: "cleo@example.org",
      display_name: "Cleo ✓",
    })

    expect(answer.status).toBe(200)
    const { access_token, refresh_token, user, ...rest } = answer.body
    expect(rest).toEqual({ token_type: "Bearer", expires_in: 3600 })
    expect(access_token.split(".")).toHaveLength(3)
    expect(refresh_token).toMatch(/^prt_[\w-]{43}$/)
    expect(user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      numeric_id: expect.any(Number),
      username: "cleo",
      display_name: "Cleo ✓",
      avatar_url: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      last_seen_at: null,
      email: "cleo@example.org",
      role: "user",
    })
    expect(answer.headers.get("set-cookie")).toBe(
      `access_token=${access_token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600`,
    )
  })

  test("ignores fields that it does not know, and cannot make an admin", async () => {
    const { status, body } = await register({
      ...GOOD,
      username: "mallory",
      role: "admin",
      id: "x",
    })

    expect(status).toBe(200)
    expect(house.rows("select role from users where username = 'mallory'")).toEqual([
      { role: "user" },
    ])
    expect(body.user.id).not.toBe("x")
  })

  test.each(["ab", "x".repeat(32), "a.b-c_d", "1a", "..", "-_"])(
    "accepts the username %p",
    async (username) => {
      expect((await register({ ...GOOD, username })).status).toBe(200)
    },
  )

  test.each(["x".repeat(8), "x".repeat(1024), "🙂".repeat(8), "🙂".repeat(1024), "        "])(
    "accepts a password of 8 to 1,024 code points (case %#)",
    async (password) => {
      const username = `p${Bun.hash(password).toString(36)}`
      expect((await register({ username, password })).status).toBe(200)

      const login = await call(house.url, {
        method: "POST",
        path: "/auth/login",
        body: { username, password },
      })
      expect(login.status).toBe(200)
    },
  )

  const wrong = (name: string, body: unknown, ...fields: string[]) =>
    ({
      name,
      method: "POST",
      path: "/auth/register",
      body,
      code: "invalid_request",
      wrong: fields,
    }) as const
  const taken = (name: string, body: unknown, field: string) =>
    ({
      name,
      method: "POST",
      path: "/auth/register",
      body,
      code: "conflict",
      wrong: [field],
    }) as const
  refusals(
    () => house,
    [
      wrong("a username of 1", { ...GOOD, username: "a" }, "username"),
      wrong("a username of 33", { ...GOOD, username: "a".repeat(33) }, "username"),
      wrong("a username with a space", { ...GOOD, username: "a b" }, "username"),
      wrong("a username with a newline at its end", { ...GOOD, username: "ann\n" }, "username"),
      wrong("a username with an umlaut", { ...GOOD, username: "jürgen" }, "username"),
      wrong("a username with a look-alike", { ...GOOD, username: "аnn" }, "username"),
      wrong("a username of digits only", { ...GOOD, username: "12345" }, "username"),
      wrong(
        "a username like a UUID without its dashes",
        { ...GOOD, username: "018f0000000070008000000000000000" },
        "username",
      ),
      wrong(
        "a username like a UUID",
        { ...GOOD, username: "018f0000-0000-7000-8000-000000000000" },
        "username",
      ),
      wrong("no username", { password: PASSWORD }, "username"),
      wrong("a number for a username", { ...GOOD, username: 7 }, "username"),
      wrong("a password of 7", { ...GOOD, password: "x".repeat(7) }, "password"),
      wrong("a password of 7 wide characters", { ...GOOD, password: "🙂".repeat(7) }, "password"),
      wrong("a password of 1,025", { ...GOOD, password: "x".repeat(1025) }, "password"),
      wrong("a password with NUL", { ...GOOD, password: "abcdefgh\0" }, "password"),
      wrong("an address without @", { ...GOOD, email: "nobody" }, "email"),
      wrong(
        "an address of 255",
        { ...GOOD, email: `${"a".repeat(61)}@${"b.".repeat(95)}org` },
        "email",
      ),
      wrong("an empty display name", { ...GOOD, display_name: "" }, "display_name"),
      wrong("a display name of 65", { ...GOOD, display_name: "x".repeat(65) }, "display_name"),
      wrong("a lone surrogate", { ...GOOD, display_name: "\ud800" }, "display_name"),
      wrong("all of it wrong at once", { username: "!", password: "" }, "username", "password"),
      taken("a username that is taken, in another case", { ...GOOD, username: "aNN" }, "username"),
      taken("the name of the system", { ...GOOD, username: "System" }, "username"),
      taken(
        "an address that is taken, in another case",
        { ...GOOD, email: "ann@EXAMPLE.org" },
        "email",
      ),
    ],
  )

  test("given many register one name at the same moment, one gets it and the others a conflict", async () => {
    const names = ["racer", "Racer", "RACER", "rAcEr", "raceR"]

    const answers = await Promise.all(names.map((username) => register({ ...GOOD, username })))

    expect(answers.map((it) => it.status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(house.rows("select * from users where username_key = 'racer'")).toHaveLength(1)
  })

  test("is refused where registration is closed, and logging in is not", async () => {
    const closed = await openHouse({ path: house.path, env: { CHAT_REGISTRATION: "closed" } })
    try {
      const refused = await call(closed.url, {
        method: "POST",
        path: "/auth/register",
        body: { ...GOOD, username: "late" },
      })
      expectProblem(refused, "forbidden")
      const login = await call(closed.url, {
        method: "POST",
        path: "/auth/login",
        body: { username: "ann", password: PASSWORD },
      })
      expect(login.status).toBe(200)
    } finally {
      await closed.stop()
    }
  })

  test("the cookie is Secure where a trusted proxy says that the page came by https", async () => {
    const behind = await openHouse({ env: { CHAT_TRUST_PROXY: "1" } })
    try {
      const cookie = async (headers: Record<string, string>) => {
        const username = `u${Object.values(headers).join("").length}`
        const { headers: got } = await call(behind.url, {
          method: "POST",
          path: "/auth/register",
          body: { username: `${username}x`, password: PASSWORD },
          headers,
        })
        return got.get("set-cookie") ?? ""
      }
      expect(await cookie({ "x-forwarded-proto": "https" })).toEndWith("; Secure")
      expect(await cookie({ "x-forwarded-proto": "https, http" })).not.toContain("Secure")
    } finally {
      await behind.stop()
    }
    const direct = await call(house.url, {
      method: "POST",
      path: "/auth/login",
      body: { username: "ann", password: PASSWORD },
      headers: { "x-forwarded-proto": "https" },
    })
    expect(direct.headers.get("set-cookie")).not.toContain("Secure")
  })
})

describe("logging in", () => {
  let house: House

  beforeAll(async () => {
    house = await openHouse()
    await call(house.url, {
      method: "POST",
      path: "/auth/register",
      body: { username: "Ann", password: PASSWORD, email: "Ann@Example.org" },
    })
    await person(house.url, "bob")
  })
  afterAll(() => house.stop())

  const login = (body: unknown) => call(house.url, { method: "POST", path: "/auth/login", body })

  test.each([
    { username: "Ann" },
    { username: "ANN" },
    { email: "Ann@Example.org" },
    { email: "ann@example.ORG" },
  ])("works with %j, whatever its case", async (name) => {
    const { status, body } = await login({ ...name, password: PASSWORD })

    expect(status).toBe(200)
    expect(body.user.username).toBe("Ann")
  })

  test("answers the same for a name that nobody has and for a wrong password", async () => {
    const answers = [
      await login({ username: "ann", password: "wrong password" }),
      await login({ username: "nobody", password: "wrong password" }),
      await login({ email: "nobody@example.org", password: PASSWORD }),
      await login({ username: "system", password: "" }),
      await login({ username: "ann", password: PASSWORD.toUpperCase() }),
      await login({ username: "ann", password: `${PASSWORD} ` }),
      await login({ username: "bob", email: undefined, password: "" }),
    ]

    for (const answer of answers) {
      expectProblem(answer, "unauthorized")
      expect(answer.body).toEqual(answers[0]?.body)
      expect(answer.headers.get("set-cookie")).toBeNull()
    }
  })

  test("an address is no username, nor a username an address", async () => {
    expectProblem(await login({ username: "ann@example.org", password: PASSWORD }), "unauthorized")
    expectProblem(await login({ email: "ann", password: PASSWORD }), "unauthorized")
  })

  refusals(
    () => house,
    [
      {
        name: "both names",
        method: "POST",
        path: "/auth/login",
        body: { username: "ann", email: "ann@example.org", password: PASSWORD },
        code: "invalid_request",
        wrong: ["username"],
      },
      {
        name: "no name",
        method: "POST",
        path: "/auth/login",
        body: { password: PASSWORD },
        code: "invalid_request",
        wrong: ["username"],
      },
      {
        name: "no password",
        method: "POST",
        path: "/auth/login",
        body: { username: "ann" },
        code: "invalid_request",
        wrong: ["password"],
      },
    ],
  )
})
