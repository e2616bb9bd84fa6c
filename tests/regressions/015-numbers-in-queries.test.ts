import { afterAll, beforeAll, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { expectProblem } from "../support/scenarios"

let house: House
let ann: Person
let room: { readonly id: string }
beforeAll(async () => {
  house = await openHouse()
  ann = await person(house.url, "ann")
  room = await roomOf(ann)
})
afterAll(() => house.stop())

// An empty one was 0, so a client that had no place yet was shown an empty history.
test.each([
  ["messages", "before", ""],
  ["messages", "after", "%20"],
  ["messages", "around", "0x1"],
  ["messages", "before", "1.0"],
  ["messages", "before", "9007199254740993"],
  ["messages", "before", "00000000000000001"],
  ["messages", "limit", "1e2"],
  ["messages", "limit", "+5"],
  ["members", "limit", "0x10"],
  ["members", "limit", ""],
  ["members", "limit", "201"],
  ["members", "limit", "0"],
  ["changes", "since", "%091"],
])("of %s, %s=%p is no number, and is named", async (list, name, value) => {
  const answer = await ann.get(`/rooms/${room.id}/${list}?${name}=${value}`)

  expectProblem(answer, "invalid_request")
  const paths = answer.body.errors.map((it: { path: string }) => it.path)
  expect(new Set(paths)).toEqual(new Set([name]))
})

test.each([
  ["messages", "before", "0"],
  ["messages", "after", "9007199254740991"],
  ["messages", "limit", "007"],
  ["members", "limit", "200"],
])("of %s, %s=%s is one", async (list, name, value) => {
  expect((await ann.get(`/rooms/${room.id}/${list}?${name}=${value}`)).status).toBe(200)
})
