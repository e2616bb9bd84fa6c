import { expect, test } from "bun:test"
import { createAdministration } from "../../src/auth/administration"
import { createPasswords } from "../../src/auth/passwords"
import { openHouse } from "../support/house"
import { call, person } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"

// Keys that an admin had made for themselves went on making users when they no longer were one.
test("given an admin is one no longer, then their keys may do what they may, and no more", async () => {
  const house = await openHouse()
  const root = await person(house.url, "root")
  changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  house.clock.advance(1_001)
  const { key } = (await root.post("/auth/keys", { name: "app", scopes: ["users", "rooms"] })).body
  const byKey = (path: string, body: object) =>
    call(house.url, { method: "POST", path, body, headers: { "x-api-key": key } })
  const administration = createAdministration({
    store: house.store,
    passwords: createPasswords({ memoryKib: 8, passes: 1 }),
    now: house.clock.now,
    newId: () => Bun.randomUUIDv7(),
  })

  await administration.changeUser("root", { role: "user" })

  expectProblem(await byKey("/users", { username: "made" }), "forbidden")
  expectProblem(await byKey("/rooms", { name: "mine", id: "chosen" }), "forbidden")
  expect((await byKey("/rooms", { name: "mine" })).status).toBe(200)
  await house.stop()
})
