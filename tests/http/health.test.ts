import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { changeRows } from "../support/rows"

test("a server that works is alive and ready, and asks nobody who they are", async () => {
  const house = await openHouse()

  const [health, ready] = await Promise.all(
    ["/health", "/ready"].map((path) => fetch(house.url + path)),
  )

  expect([health?.status, await health?.json()]).toEqual([200, { status: "ok" }])
  expect([ready?.status, await ready?.json()]).toEqual([200, { status: "ready" }])
  await house.stop()
})

test("given the database does not answer, the server is alive and not ready", async () => {
  const house = await openHouse()
  changeRows(house.path, "alter table users rename to gone")

  const [health, ready] = await Promise.all(
    ["/health", "/ready"].map((path) => fetch(house.url + path)),
  )

  expect(health?.status).toBe(200)
  expect(ready?.status).toBe(503)
  expect(await ready?.json()).toMatchObject({
    code: "overloaded",
    detail: "the database does not answer",
  })
  await house.stop()
})
