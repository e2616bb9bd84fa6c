import { expect, test } from "bun:test"
import { person } from "../support/people"
import { startServer } from "../support/server"

test("refuses the 21st join of a minute in development, also where sending would have joined", async () => {
  const server = await startServer({ env: { CHAT_MAX_ROOMS_PER_USER: "0" } })
  const [ann, bob] = [await person(server.url, "ann"), await person(server.url, "bob")]
  const statuses: number[] = []

  for (let index = 0; index < 21; index++) {
    const room = (await ann.post("/rooms", { name: `room ${index}` })).body
    statuses.push((await bob.post(`/rooms/${room.id}/messages`, { content: "hello" })).status)
  }

  expect(statuses.slice(0, 20).every((status) => status === 200)).toBe(true)
  expect(statuses[20]).toBe(429)
  await server.stop()
})
