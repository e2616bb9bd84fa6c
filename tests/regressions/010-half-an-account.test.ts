import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { call, PASSWORD } from "../support/people"
import { changeRows } from "../support/rows"

// The account was stored and its session was not: trying again was answered with `conflict`.
test("given the session of a new account cannot be stored, then there is no account, and trying again works", async () => {
  const house = await openHouse()
  const register = () =>
    call(house.url, {
      method: "POST",
      path: "/auth/register",
      body: { username: "ann", password: PASSWORD },
    })
  changeRows(
    house.path,
    "create trigger t before insert on sessions begin select raise(abort, 'no'); end",
  )

  const refused = await register()
  const users = house.rows("select username from users where numeric_id > 0")
  changeRows(house.path, "drop trigger t")
  const again = await register()

  expect([refused.status, users, again.status]).toEqual([500, [], 200])
  await house.stop()
})
