import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"

describe("two people talk", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  test("given both are in a room, when ann sends, then both hear the same whole message", async () => {
    const room = await roomOf(ann, [bob])
    const annSocket = await ann.connect()
    const bobSocket = await bob.connect()
    await annSocket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    await bobSocket.ask("subscribe", { rooms: [{ room_id: room.id }] })

    const receipt = await annSocket.ask("message.send", { room_id: room.id, content: "hello" })

    const heard = await bobSocket.next("message.created")
    expect(receipt.data).toMatchObject({ room_id: room.id, seq: 3, duplicate: false })
    expect(heard).toMatchObject({
      room_id: room.id,
      seq: 3,
      data: { id: receipt.data.id, content: "hello", user_id: ann.id, type: "text" },
    })
    expect(await annSocket.next("message.created")).toEqual(heard)
  })

  test("given ann is typing, then bob is told and ann is not, and what ann was told before is kept", async () => {
    const room = await roomOf(ann, [bob])
    const annSocket = await ann.connect()
    const bobSocket = await bob.connect()
    await annSocket.ask("subscribe", { rooms: [{ room_id: room.id }] })
    await bobSocket.ask("subscribe", { rooms: [{ room_id: room.id }] })

    bobSocket.sendRaw(
      JSON.stringify({ type: "message.send", data: { room_id: room.id, content: "before" } }),
    )
    await annSocket.ask("typing", { room_id: room.id, is_typing: true })

    expect(await bobSocket.next("typing")).toMatchObject({
      data: { user_id: ann.id, is_typing: true },
    })
    await annSocket.next("message.created")
    expect(await annSocket.framesUntilQuiet()).toEqual([])
  })
})
