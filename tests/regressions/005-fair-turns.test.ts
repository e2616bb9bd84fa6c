import { expect, test } from "bun:test"
import { person } from "../support/people"
import { startServer } from "../support/server"

// Reading on SQLite waits for nothing, so a pile of frames was worked off in one turn of the
// event loop, and the whole server stood still for seconds.
test("given a client piles up large frames, then others are answered long before it is done", async () => {
  const server = await startServer({ env: { CHAT_MAX_ROOMS_PER_USER: "0" } })
  const ann = await person(server.url, "ann")
  const rooms = []
  for (let index = 0; index < 20; index++) {
    rooms.push((await ann.post("/rooms", { name: `room ${index}` })).body)
  }
  const [greedy, other] = [await ann.connect(), await ann.connect()]
  const frame = { rooms: rooms.map(({ id, epoch }) => ({ room_id: id, epoch, since: 1 })) }

  const pile = Array.from({ length: 100 }, () => greedy.ask("subscribe", frame))
  const order: string[] = []
  const last = pile.at(-1)?.then(() => order.push("the pile"))
  await other.ask("ping").then(() => order.push("the ping"))
  await last

  expect(order).toEqual(["the ping", "the pile"])
  await server.stop()
})
