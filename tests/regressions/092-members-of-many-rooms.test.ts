import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Profile } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { inShort, openChat } from "../support/chat"
import { openNode, type TestNode } from "../support/postgres-node"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

// One transaction held all rooms of whoever changed their name: nobody else could write meanwhile.
describe.each(bothDatabases)("given a member of 150 rooms, on $name", ({ create }) => {
  let ground: TestGround
  let node: TestNode
  let ann: Profile
  let rooms: readonly RoomId[]

  beforeEach(async () => {
    ground = await create()
    node = await openNode(ground)
    ann = await node.person("ann")
    const bob = await node.person("bob")
    rooms = await Promise.all(numbers(150).map((it) => node.room(`room ${it}`, [ann, bob])))
    node.told.length = 0
    node.batches.length = 0
  }, 30_000)
  afterEach(async () => {
    await node.store.close()
    await ground.remove()
  })

  test("a new profile is told to each room once, with its next seq, in writes of 64 rooms", async () => {
    const [gone, left, full] = rooms
    if (gone === undefined || left === undefined || full === undefined) throw new Error("no rooms")
    await ground.change(`update rooms set deleted_at = 1 where id = '${gone}'`)
    await node.leave(left, ann)
    await ground.change(`update rooms set head = ${2 ** 30 - 1} where id = '${full}'`)
    node.told.length = 0
    const sizes: number[] = []

    const { store } = node
    const next = await store.write(function* () {
      const touched = yield* store.touchMemberships(ann)
      sizes.push(touched.events.length)
      return { result: touched.next, events: touched.events }
    })
    await store.touchFurther(ann, next)

    expect(sizes).toEqual([64])
    expect(node.told.map(({ type }) => type)).toEqual(numbers(147).map(() => "member.updated"))
    for (const room of rooms.slice(3)) expect(node.seqsOf(room)).toEqual([3])
    for (const event of node.told) {
      if (event.type !== "member.updated") continue
      expect(event.member).toMatchObject({ roomId: event.room.id, changedSeq: 3 })
      expect(event.member.user.numericId).toBe(ann.numericId)
      expect(event.room).toMatchObject({ head: 3 })
    }
  }, 30_000)
})

test("an account in 20 rooms leaves 8 in a write, and ends in the last", async () => {
  const house = await openChat()
  const ann = await house.person("ann")
  const bob = await house.person("bob")
  const rooms = []
  for (const _ of numbers(20)) rooms.push(await house.room(bob, [ann]))
  house.told.length = 0
  house.batches.length = 0

  await house.chat.users.deleteAccount(ann)

  expect(house.batches).toEqual([1, 1, 1])
  const told = inShort(house.told)
  const leaving = (count: number) => numbers(count).flatMap(() => ["member.left 3", "room.removed"])
  expect(told).toEqual([...leaving(16), "user.updated", ...leaving(4), "user.disabled"])
  const { members, users } = house.store
  expect(await house.store.read(members.roomsOf(ann.user.numericId, 30))).toEqual([])
  expect(await house.store.read(users.find(ann.user.id))).toBeNull()
  await house.close()
})
