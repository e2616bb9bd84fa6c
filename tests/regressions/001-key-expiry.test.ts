import { expect, test } from "bun:test"
import { person } from "../support/people"
import { startServer } from "../support/server"
import { openSocket } from "../support/socket"

test("given a socket was opened with a key that expires, then it is closed with 4102 at that time", async () => {
  const server = await startServer({ sweepMs: 50 })
  const ann = await person(server.url, "ann")
  const expires_at = new Date(server.clock.now() + 60_000).toISOString()
  const { key } = (await ann.post("/auth/keys", { name: "bot", expires_at })).body
  const socket = await openSocket(`${server.url}/api/v1/ws`, { headers: { "x-api-key": key } })
  await socket.next("hello")

  server.clock.advance(61_000)

  expect(await socket.closed).toMatchObject({ code: 4102 })
  await server.stop()
})
