import { afterAll, beforeAll, expect, test } from "bun:test"
import { decodeCursor } from "../../../src/sockets/event-stream/cursor"
import { streamOf } from "../../support/event-stream"
import { type House, openHouse } from "../../support/house"
import { type Person, person, roomOf } from "../../support/people"
import { changeRows } from "../../support/rows"
import type { TestFrame } from "../../support/socket"

const ROOMS = 700

let house: House
let ann: Person
let bob: Person

beforeAll(async () => {
  house = await openHouse({ env: { CHAT_MAX_FRAMES_PER_SEC: "0" } })
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
  const at = house.clock.now()
  const owner = "(select numeric_id from users where username = 'bob')"
  changeRows(
    house.path,
    `insert into rooms (id, name, type, created_by, created_at, updated_at, epoch, head, changed_seq)
     with recursive number(n) as (select 1 union all select n + 1 from number where n < ${ROOMS})
     select 'many-' || n, 'many', 'public', ${owner}, ${at}, ${at}, 'epoch', 1, 1 from number`,
  )
  changeRows(
    house.path,
    `insert into members (room_numeric_id, user_numeric_id, role, joined_at, changed_seq)
     select numeric_id, ${owner}, 'owner', ${at}, 1 from rooms where name = 'many'`,
  )
  const sender = await bob.connect()
  for (let n = 1; n <= ROOMS; n += 200) {
    const rooms = Array.from({ length: Math.min(200, ROOMS - n + 1) }, (_, i) => `many-${n + i}`)
    await Promise.all(
      rooms.map((room_id) => sender.ask("message.send", { room_id, content: "old" })),
    )
  }
  sender.close()
}, 60_000)
afterAll(() => house.stop())

const isSnapshot = ({ type }: TestFrame) => type === "snapshot"

test(`of ${ROOMS} rooms, of which a cursor names only some, only what was missed is told`, async () => {
  house.clock.advance(120_000)
  const first = await streamOf(house.url, bob)
  first.close()
  const cursor = decodeCursor(first.lastId)
  const named = cursor?.places.size ?? 0
  const told = first.events.filter(({ frame }) => isSnapshot(frame))
  const [unnamed, last] = [told[0]?.frame.room_id ?? "", told.at(-1)?.frame.room_id ?? ""]
  const added = await roomOf(ann, [bob])
  for (const room of [unnamed, last, added.id]) {
    await ann.post(`/rooms/${room}/messages`, { content: "missed" })
  }
  house.clock.advance(240_000)

  const again = await streamOf(house.url, bob, { lastId: first.lastId })
  again.close()

  expect(told.length).toBe(ROOMS)
  expect(named).toBeGreaterThan(400)
  expect(named).toBeLessThan(ROOMS)
  expect(first.lastId.length).toBeLessThanOrEqual(4_096)
  const snapshots = again.events.map(({ frame }) => frame).filter(isSnapshot)
  const byRoom = new Map(snapshots.map(({ room_id, data }) => [room_id, data]))
  expect([...byRoom.keys()].sort()).toEqual([unnamed, last, added.id].sort())
  for (const { messages } of byRoom.values()) {
    expect(messages.map(({ content }: { content: string }) => content)).toEqual(["missed"])
  }
  expect(byRoom.get(unnamed).recovered).toBe(true)
  expect(byRoom.get(last).recovered).toBe(true)
  expect(byRoom.get(added.id).recovered).toBe(false)
}, 60_000)
