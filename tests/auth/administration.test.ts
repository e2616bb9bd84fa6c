import { afterAll, beforeAll, expect, test } from "bun:test"
import { type Administration, createAdministration } from "../../src/auth/administration"
import { createPasswords } from "../../src/auth/passwords"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"

let house: House
let ann: Person
let bob: Person
let administration: Administration

beforeAll(async () => {
  house = await openHouse()
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
  administration = createAdministration({
    store: house.store,
    passwords: createPasswords({ memoryKib: 8, passes: 1 }),
    now: house.clock.now,
    newId: () => Bun.randomUUIDv7(),
  })
})
afterAll(() => house.stop())

test("a new name is a change of each of the user's places, so who resumes learns of it; a new role is none", async () => {
  const { body: room } = await ann.post("/rooms", { name: "general" })
  await bob.post(`/rooms/${room.id}/join`)
  const since = (await ann.get(`/rooms/${room.id}`)).body.head
  const changes = async () =>
    (await ann.get(`/rooms/${room.id}/changes?epoch=${room.epoch}&since=${since}`)).body

  await administration.changeUser("bob", { role: "admin" })
  const before = await changes()
  await administration.changeUser("bob", { displayName: "Bob" })
  await administration.changeUser("bob", { displayName: "Bob" })
  const after = await changes()

  expect(before).toMatchObject({ head: since, members: [] })
  expect(after.head).toBe(since + 1)
  expect(after.members).toMatchObject([
    { user: { username: "bob", display_name: "Bob" }, changed_seq: since + 1 },
  ])
})
