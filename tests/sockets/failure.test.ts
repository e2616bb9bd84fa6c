import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"

test("given the database breaks under it, then frames are answered with internal, no SQL is told, and the server goes on", async () => {
  const house = await openHouse()
  const ann = await person(house.url, "ann")
  const room = await roomOf(ann)
  const socket = await ann.connect()
  await socket.ask("message.send", { room_id: room.id, content: "before" })
  changeRows(house.path, "ALTER TABLE messages RENAME TO elsewhere")

  const answers = [
    await socket.ask("history", { room_id: room.id }),
    await socket.ask("message.send", { room_id: room.id, content: "during" }),
    await socket.ask("subscribe", { rooms: [{ room_id: room.id }] }),
  ]
  changeRows(house.path, "ALTER TABLE elsewhere RENAME TO messages")
  const after = await socket.ask("message.send", { room_id: room.id, content: "after" })

  for (const { type, data } of answers) {
    expect(type).toBe("error")
    expect(data).toEqual({ code: "internal", message: "The server failed", retryable: true })
  }
  expect(after).toMatchObject({ type: "ok", data: { seq: 3 } })
  await house.stop()
}, 20_000)
