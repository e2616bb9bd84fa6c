import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { refusals } from "../support/scenarios"

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

  test("see their own e-mail address, admins see everybody's, and nobody else does", async () => {
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

    expect((await ann.get("/users/me")).body).toEqual({ ...shown, email: "Ann@example.org" })
    expect((await ann.get(path)).body).toEqual({ ...shown, email: "Ann@example.org" })
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
