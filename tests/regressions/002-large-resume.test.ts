import { expect, test } from "bun:test"
import { person } from "../support/people"
import { startServer } from "../support/server"

// A resume of many large rooms was one frame of many megabytes: the next frame then cut the
// socket, and the client came back to ask the same again.
test("given a client missed 13 MB in many rooms, then each answer has about 1 MiB, and all of it is told in the end", async () => {
  const server = await startServer({
    env: {
      CHAT_MAX_MESSAGES_PER_MIN: "0",
      CHAT_HTTP_MAX_PER_MIN: "0",
      CHAT_MAX_ROOMS_PER_USER: "0",
      CHAT_MAX_FRAMES_PER_SEC: "0",
    },
  })
  const ann = await person(server.url, "ann")
  const socket = await ann.connect()
  const rooms: { readonly id: string; readonly epoch: string }[] = []
  for (let index = 0; index < 8; index++) {
    rooms.push((await ann.post("/rooms", { name: `room ${index}` })).body)
  }
  for (const room of rooms) {
    const sends = Array.from({ length: 200 }, () =>
      socket.ask("message.send", { room_id: room.id, content: "\u0001".repeat(4000) }),
    )
    await Promise.all(sends)
  }

  const missing = new Map(rooms.map((room) => [room.id, { since: 1, told: 0 }]))
  let answers = 0
  while (missing.size > 0 && answers < 200) {
    const wanted = [...missing].map(([room_id, { since }]) => ({
      room_id,
      since,
      epoch: rooms.find((room) => room.id === room_id)?.epoch,
    }))
    const answer = await socket.ask("subscribe", { rooms: wanted })
    answers++
    expect(JSON.stringify(answer).length).toBeLessThan(1.25 * 1024 * 1024)
    for (const { room_id, until, messages, more } of answer.data.rooms) {
      const place = missing.get(room_id)
      if (place === undefined) continue
      place.since = until
      place.told += messages.length
      if (more) continue
      expect(place.told).toBe(200)
      missing.delete(room_id)
    }
  }

  expect(missing.size).toBe(0)
  socket.close()
  await server.stop()
}, 20_000)
