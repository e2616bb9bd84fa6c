import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { call, person } from "../support/people"
import { expectProblem } from "../support/scenarios"

// Who corrected what was told first learned of the other only then.
test("a key that ends in the past is told before what its sender may not do", async () => {
  const house = await openHouse()
  try {
    const ann = await person(house.url, "ann")
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const past = { name: "child", expires_at: new Date(house.clock.now()).toISOString() }
    const byKey = (body: object) =>
      call(house.url, { method: "POST", path: "/auth/keys", body, headers: { "x-api-key": key } })
    const before = house.everything()

    for (const answer of [
      await byKey(past),
      await ann.post("/auth/keys", { ...past, scopes: ["users"] }),
    ]) {
      expectProblem(answer, "invalid_request")
      expect(answer.body.errors).toMatchObject([{ path: "expires_at" }])
    }
    expectProblem(await byKey({ name: "child" }), "forbidden")
    expect(house.everything()).toEqual(before)
  } finally {
    await house.stop()
  }
})
