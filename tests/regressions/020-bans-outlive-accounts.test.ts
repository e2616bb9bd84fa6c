import { expect, test } from "bun:test"
import { AUDIENCE, claimsFor, forged, ISSUER } from "../support/app"
import { openHouse } from "../support/house"
import { call, person, roomOf } from "../support/people"
import { expectProblem } from "../support/scenarios"

const SECRET = "the secret of the app, 32 letters"

// Whoever came by the tokens of an app ended their account, came back by the same token as
// somebody new, and was banned from nothing.
test("given somebody of an app ends their account, then no token of theirs makes another, and nothing says who it was", async () => {
  const house = await openHouse({
    env: {
      JWT_EXTERNAL_SECRET: SECRET,
      JWT_EXTERNAL_ISSUER: ISSUER,
      JWT_EXTERNAL_AUDIENCE: AUDIENCE,
    },
  })
  const ann = await person(house.url, "ann")
  const room = await roomOf(ann)
  const tokenOf = (subject: string) =>
    forged({ alg: "HS256" }, claimsFor(subject, house.clock.now(), {}), SECRET)
  const as = (token: string, method: string, path: string) =>
    call(house.url, { method, path, headers: { authorization: `Bearer ${token}` } })
  const token = tokenOf("a-subject-of-the-app")
  const { body: eve } = await as(token, "GET", "/users/me")
  await ann.put(`/rooms/${room.id}/bans/${eve.id}`)
  expectProblem(await as(token, "POST", `/rooms/${room.id}/join`), "banned")

  expect((await as(token, "DELETE", "/users/me")).status).toBe(204)

  expectProblem(await as(token, "GET", "/users/me"), "unauthorized")
  expectProblem(
    await as(tokenOf("a-subject-of-the-app"), "POST", `/rooms/${room.id}/join`),
    "unauthorized",
  )
  expect(JSON.stringify(house.everything())).not.toContain("a-subject-of-the-app")
  expect((await as(tokenOf("another"), "GET", "/users/me")).status).toBe(200)
  await house.stop()
})
