import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { call, PASSWORD } from "../support/people"
import { breakTable } from "../support/rows"

// The account was stored and its session was not: trying again was answered with `conflict`.
test("given the session of a new account cannot be stored, then there is no account, and trying again works", async () => {
  const house = await openHouse()
  const register = () =>
    call(house.url, {
      method: "POST",
      path: "/auth/register",
      body: { username: "ann", password: PASSWORD },
    })
  const mend = breakTable(house.path, "sessions", "insert")

  const refused = await register()
  const users = house.rows("select username from users where numeric_id > 0")
  mend()
  const again = await register()

  expect([refused.status, users, again.status]).toEqual([500, [], 200])
  await house.stop()
})
