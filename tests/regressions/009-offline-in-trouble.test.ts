import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { listening } from "../support/listening"
import { person, roomOf } from "../support/people"
import { breakTable } from "../support/rows"

// Who left while nothing could be stored stayed online for the others.
test("given it cannot be stored when somebody was last there, then the others are told all the same", async () => {
  const house = await openHouse()
  const [ann, bob] = [await person(house.url, "ann"), await person(house.url, "bob")]
  const room = await roomOf(ann, [bob])
  const watcher = await listening(ann, room)
  const leaving = await listening(bob, room)
  await watcher.next(({ type, data }) => type === "presence" && data.user_id === bob.id)
  breakTable(house.path, "users", "update")

  leaving.close()

  const frame = await watcher.next(
    ({ type, data }) => type === "presence" && data.user_id === bob.id,
  )
  expect(frame.data.status).toBe("offline")
  await house.stop()
}, 20_000)
