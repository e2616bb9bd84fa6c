import { afterAll, beforeAll, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"

let house: House
let ann: Person
let room: { readonly id: string }
beforeAll(async () => {
  house = await openHouse()
  ann = await person(house.url, "ann")
  room = await roomOf(ann)
})
afterAll(() => house.stop())

/** With metadata that JavaScript's own objects could not say. */
async function send(metadata: string) {
  const response = await fetch(`${house.url}/api/v1/rooms/${room.id}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${ann.token}`, "content-type": "application/json" },
    body: `{"content":"hello","client_id":${JSON.stringify(metadata)},"metadata":${metadata}}`,
  })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

// The first was stored without the field, the second's retry was a conflict with itself.
test.each([
  ['{"__proto__":{"a":1},"constructor":2}', '{"__proto__":{"a":1},"constructor":2}'],
  ['{"a":-0}', '{"a":0}'],
])("metadata of %s comes back, and sending it again is a retry", async (metadata, stored) => {
  const first = await send(metadata)
  const again = await send(metadata)
  const { body } = await ann.get(`/messages/${first.body.id}`)

  expect([first.status, again.status]).toEqual([200, 200])
  expect(again.body).toMatchObject({ id: first.body.id, duplicate: true })
  expect(JSON.stringify(first.body.metadata)).toBe(stored)
  expect(JSON.stringify(body.metadata)).toBe(stored)
})

// It was stored as null, and its retry was a conflict.
test("metadata with a number that no JSON can say again is refused", async () => {
  const { status, body } = await send('{"a":[{"b":1e999}]}')

  expect([status, body.code, body.errors[0].path]).toEqual([400, "invalid_request", "metadata"])
})
