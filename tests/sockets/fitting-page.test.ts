import { afterAll, beforeAll, expect, test } from "bun:test"
import { LIMITS } from "../../src/protocol/limits"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"
import { changeRows } from "../support/rows"

let house: House
let ann: Person
let room: string

/** As JSON six times as long. */
const CONTROLS = "\u0001".repeat(4_000)

beforeAll(async () => {
  house = await openHouse()
  ann = await person(house.url, "ann")
  room = (await ann.post("/rooms", { name: "loud" })).body.id
  const socket = await ann.connect()
  const send = (content: string) => socket.ask("message.send", { room_id: room, content })
  await Promise.all(Array.from({ length: 200 }, (_, index) => send(String(index))))
  changeRows(house.path, `update messages set content = '${CONTROLS}'`)
})
afterAll(() => house.stop())

test("a history that no socket could take comes in parts, next to the place asked for, and no socket closes", async () => {
  const socket = await ann.connect()
  const read = async (range: object) => {
    const answer = await socket.ask("history", { room_id: room, limit: 200, ...range })
    const length = JSON.stringify(answer).length
    expect(length).toBeLessThanOrEqual(LIMITS.answerCharsMax)
    return answer.data.messages.map(({ seq }: { seq: number }) => seq) as number[]
  }
  const all = Array.from({ length: 200 }, (_, index) => index + 2)

  const newest = await read({})
  const oldest = await read({ after: 0 })
  const middle = await read({ around: 100 })
  const backwards = []
  for (let page = newest; page.length > 0; page = await read({ before: page[0] })) {
    backwards.unshift(...page)
  }

  expect(newest.at(-1)).toBe(201)
  expect(oldest[0]).toBe(2)
  expect(oldest).toEqual(all.slice(0, oldest.length))
  expect(middle).toEqual(Array.from(middle, (_, index) => (middle[0] ?? 0) + index))
  expect(Math.abs((middle[0] ?? 0) + (middle.at(-1) ?? 0) - 200)).toBeLessThanOrEqual(2)
  expect(newest.length).toBeGreaterThan(40)
  expect(backwards).toEqual(all)
  expect((await socket.ask("ping")).type).toBe("ok")
})
