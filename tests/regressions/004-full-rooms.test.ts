import { expect, test } from "bun:test"
import { person } from "../support/people"
import { startServer } from "../support/server"

test("given a room is full, then one who follows all their rooms joins it but is not in it", async () => {
  const server = await startServer()
  const [ann, bob] = [await person(server.url, "ann"), await person(server.url, "bob")]
  const room = (await ann.post("/rooms", { name: "small", max_users: 1 })).body
  const annSocket = await ann.connect()
  const bobSocket = await bob.connect()
  await annSocket.ask("subscribe", { rooms: [{ room_id: room.id }] })
  await bobSocket.ask("subscribe", { all: true })

  await bob.post(`/rooms/${room.id}/join`)
  await annSocket.ask("message.send", { room_id: room.id, content: "alone" })

  await bobSocket.next("room.added")
  const heard = await bobSocket.framesUntilQuiet()
  expect(heard.filter((frame) => frame.type === "message.created")).toEqual([])
  expect((await ann.get(`/rooms/${room.id}`)).body.user_count).toBe(1)
  await server.stop()
})
