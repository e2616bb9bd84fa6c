import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { call, PASSWORD } from "../support/people"

// Log-ins by a name and by an address shared a budget where both were one account's, so the limit
// told which belong together; and whoever registered a taken name kept its owner out.
test("given one has tried a name too often, then the address that goes with it is refused as any other; and its owner may log in by it", async () => {
  const house = await openHouse({
    env: { NODE_ENV: "production", CHAT_AUTH_MAX_PER_MIN: "3", CHAT_TRUST_PROXY: "1" },
  })
  let host = 0
  // From another address each time: it is the account's budget that is asked for.
  const post = async (path: string, body: object) =>
    (
      await call(house.url, {
        method: "POST",
        path,
        body,
        headers: { "x-forwarded-for": `192.0.2.${++host}` },
      })
    ).status
  const account = { username: "carol", email: "carol.secret@example.org", password: PASSWORD }
  await post("/auth/register", account)
  const wrong = { password: "not the password" }

  const byName = []
  for (let tries = 0; tries < 4; tries++) {
    byName.push(await post("/auth/login", { username: "carol", ...wrong }))
  }
  for (let tries = 0; tries < 4; tries++) {
    await post("/auth/register", { username: "carol", password: PASSWORD })
  }

  // Registering was the first.
  expect(byName).toEqual([401, 401, 429, 429])
  expect(await post("/auth/login", { email: "carol.secret@example.org", ...wrong })).toBe(401)
  expect(await post("/auth/login", { email: "nobody@example.org", ...wrong })).toBe(401)
  expect(await post("/auth/login", { email: account.email, password: PASSWORD })).toBe(200)
  await house.stop()
})
