import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem, refusals } from "../support/scenarios"

const SYSTEM_ID = "00000000-0000-0000-0000-000000000000"

describe("users", () => {
  let house: House
  let ann: Person
  let bob: Person
  let root: Person

  beforeAll(async () => {
    house = await openHouse()
    ann = asPerson(
      house.url,
      await call(house.url, {
        method: "POST",
        path: "/auth/register",
        body: {
          username: "ann",
          password: PASSWORD,
          email: "Ann@example.org",
          display_name: "Ann",
        },
      }),
    )
    bob = await person(house.url, "bob")
    root = await person(house.url, "root")
    changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  })
  afterAll(() => house.stop())

  test("see their own address and role, admins see everybody's address, and nobody else does", async () => {
    const shown = {
      id: ann.id,
      numeric_id: 1,
      username: "ann",
      display_name: "Ann",
      avatar_url: null,
      created_at: expect.stringMatching(/Z$/),
      last_seen_at: null,
    }
    const path = `/users/${ann.id}`

    const own = { ...shown, email: "Ann@example.org", role: "user" }
    expect((await ann.get("/users/me")).body).toEqual(own)
    expect((await ann.get(path)).body).toEqual(own)
    expect((await root.get("/users/me")).body).toMatchObject({ role: "admin" })
    expect((await root.get(path)).body).toEqual({ ...shown, email: "Ann@example.org" })
    expect((await bob.get(path)).body).toEqual(shown)
  })

  test("are listed in the same way", async () => {
    const emails = async (by: Person) =>
      (await by.get("/users")).body.map((it: { username: string; email?: string }) => [
        it.username,
        it.email,
      ])

    expect(await emails(bob)).toEqual([
      ["root", undefined],
      ["bob", null],
      ["ann", undefined],
    ])
    expect(await emails(root)).toEqual([
      ["root", null],
      ["bob", null],
      ["ann", "Ann@example.org"],
    ])
  })

  test("no answer of any kind holds a password's hash", async () => {
    const answers = [
      await root.get("/users"),
      await ann.get("/users/me"),
      await ann.get(`/users/${bob.id}`),
    ]

    expect(JSON.stringify(answers.map((it) => it.body))).not.toMatch(/argon2|password|hash/)
  })

  test("the system is shown as the author of what the server says, and is in no list", async () => {
    const { body } = await ann.get(`/users/${SYSTEM_ID}`)

    expect(body).toMatchObject({ id: SYSTEM_ID, numeric_id: 0, username: "system" })
    expect((await ann.get("/users?query=sys")).body).toEqual([])
  })

  describe("are made for others", () => {
    const NEW = { username: "made", password: PASSWORD, email: "made@example.org" }
    const asKey = (key: string, body: unknown) =>
      call(house.url, { method: "POST", path: "/users", body, headers: { "x-api-key": key } })
    const login = (username: string, password: string) =>
      call(house.url, { method: "POST", path: "/auth/login", body: { username, password } })

    test("by an admin: whoever it is can log in, and is not logged in by it", async () => {
      const answer = await root.post("/users", { ...NEW, display_name: "Made", role: "admin" })

      expect(answer.status).toBe(200)
      expect(answer.body).toEqual({
        id: expect.any(String),
        numeric_id: expect.any(Number),
        username: "made",
        display_name: "Made",
        avatar_url: null,
        created_at: expect.any(String),
        last_seen_at: null,
        email: "made@example.org",
      })
      expect(answer.headers.get("set-cookie")).toBeNull()
      const number = answer.body.numeric_id
      expect(house.rows(`select * from sessions where user_numeric_id = ${number}`)).toEqual([])
      expect(house.rows(`select role from users where numeric_id = ${number}`)).toEqual([
        { role: "user" },
      ])
      expect((await login("made", PASSWORD)).status).toBe(200)
    })

    test("without a password, nobody can log in as them, by none whatever", async () => {
      expect((await root.post("/users", { username: "bot" })).status).toBe(200)

      for (const password of ["", "null", "undefined", PASSWORD]) {
        expectProblem(await login("bot", password), "unauthorized")
      }
    })

    test("by a key with the scope users, that only an admin can give, and by a plain one not", async () => {
      const make = async (by: Person, scopes: readonly string[]): Promise<string> =>
        (await by.post("/auth/keys", { name: "app", scopes })).body.key
      const key = await make(root, ["users"])
      const plain = await make(ann, [])
      expectProblem(await ann.post("/auth/keys", { name: "a", scopes: ["users"] }), "forbidden")

      expect((await asKey(key, { username: "by-key" })).body).toMatchObject({ username: "by-key" })
      const before = house.everything()

      expectProblem(await asKey(plain, { username: "no" }), "forbidden")
      expect(house.everything()).toEqual(before)
    })

    test("where registration is closed all the same", async () => {
      const env = { CHAT_REGISTRATION: "closed", INTERNAL_API_KEY: "a secret of gateways" }
      const closed = await openHouse({ path: house.path, env })
      try {
        const headers = { "x-internal-api-key": "a secret of gateways", "x-user-id": "root" }
        const request = { method: "POST", path: "/users", headers }
        const made = await call(closed.url, { ...request, body: { username: "invited" } })
        const plain = { ...headers, "x-user-id": "ann" }
        const body = { username: "uninvited" }
        const refused = await call(closed.url, { ...request, headers: plain, body })

        expect(made.body).toMatchObject({ username: "invited" })
        expectProblem(refused, "forbidden")
      } finally {
        await closed.stop()
      }
    })

    const made = { by: () => root, method: "POST", path: "/users" } as const
    refusals(
      () => house,
      [
        { ...made, name: "by a user", by: () => ann, body: { username: "x1" }, code: "forbidden" },
        { ...made, name: "by a stranger", by: undefined, body: NEW, code: "unauthorized" },
        {
          ...made,
          name: "a username that is taken, in another case",
          body: { username: "ANN" },
          code: "conflict",
          wrong: ["username"],
        },
        {
          ...made,
          name: "an address that is taken, in another case",
          body: { username: "x2", email: "ann@EXAMPLE.org" },
          code: "conflict",
          wrong: ["email"],
        },
        {
          ...made,
          name: "all of it wrong",
          body: { username: "!!", password: "short", email: "x", display_name: "" },
          code: "invalid_request",
          wrong: ["username", "password", "email", "display_name"],
        },
      ],
    )
  })

  refusals(
    () => house,
    [
      {
        name: "nobody",
        by: () => ann,
        method: "GET",
        path: "/users/no-such-user",
        code: "user_not_found",
      },
      {
        name: "a name is no id",
        by: () => ann,
        method: "GET",
        path: "/users/bob",
        code: "user_not_found",
      },
      {
        name: "a query of 101",
        by: () => ann,
        method: "GET",
        path: `/users?query=${"x".repeat(101)}`,
        code: "invalid_request",
        wrong: ["query"],
      },
      { name: "a stranger", method: "GET", path: "/users/me", code: "unauthorized" },
      { name: "a stranger", method: "GET", path: () => `/users/${ann.id}`, code: "unauthorized" },
    ],
  )
})
