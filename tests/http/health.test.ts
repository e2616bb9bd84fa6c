import { expect, test } from "bun:test"
import { z } from "zod"
import { createHeldReads } from "../support/held-reads"
import { openHouse } from "../support/house"
import { person, roomOf } from "../support/people"
import { changeRows, refuseWrites } from "../support/rows"

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

test("given writes are refused, the server is not ready until one succeeds, and finds out itself", async () => {
  const house = await openHouse()
  const ann = await person(house.url, "ann")
  const ready = async () => {
    const response = await fetch(`${house.url}/ready`)
    const body = z.object({ detail: z.string().optional() }).parse(await response.json())
    return [response.status, body.detail]
  }
  const allowWrites = refuseWrites(house.path)
  expect(await ready()).toEqual([200, undefined])

  expect((await ann.post("/rooms", { name: "general" })).status).toBe(503)
  const whileStuck = [await ready(), await ready()]
  allowWrites()

  expect(whileStuck).toEqual([
    [503, "nothing can be stored"],
    [503, "nothing can be stored"],
  ])
  // Nobody wrote anything: a server that is not ready is sent nothing to write.
  expect(await ready()).toEqual([200, undefined])
  expect((await ann.post("/rooms", { name: "general" })).status).toBe(200)
  await house.stop()
})

test("asking whether it is ready writes nothing while writing works", async () => {
  const house = await openHouse()
  const before = house.everything()

  for (let count = 0; count < 5; count++) await fetch(`${house.url}/ready`)

  const metrics = await (await fetch(`${house.url}/metrics`)).text()
  expect(metrics).toContain("parley_commit_batch_size_count 0\n")
  expect(house.everything()).toEqual(before)
  await house.stop()
})

test("a server that stops is alive and no longer ready, while it says goodbye", async () => {
  const reads = createHeldReads()
  const house = await openHouse({ beforeReads: reads.beforeReads })
  const ann = await person(house.url, "ann")
  const room = await roomOf(ann)
  const socket = await ann.connect()
  // It says goodbye for as long as somebody waits for an answer.
  const { answer } = await reads.holdUp(() => socket.ask("history", { room_id: room.id }))

  const stopped = house.stop({ drainMs: 15_000 })
  await socket.next("notice")
  const [ready, health] = await Promise.all([
    fetch(`${house.url}/ready`),
    fetch(`${house.url}/health`),
  ])

  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { code: "overloaded", detail: "the server is stopping" },
  ])
  expect(health.status).toBe(200)
  reads.letGo()
  expect((await answer).type).toBe("ok")
  await stopped
})
