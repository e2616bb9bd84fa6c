import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { SQL } from "bun"
import type { Profile } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { postgresGround } from "../support/both-databases"
import { canRunPostgres } from "../support/postgres"
import { openNode, type TestNode } from "../support/postgres-node"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

// A node that stood still in a transaction held up all rooms of all nodes for up to 12 s.
describe.skipIf(!canRunPostgres())("given another node stands still, and so keeps a lock", () => {
  let ground: Awaited<ReturnType<typeof postgresGround>>
  let node: TestNode
  let holder: SQL
  let ann: Profile
  let bob: Profile
  let hot: RoomId
  let calm: RoomId

  beforeEach(async () => {
    ground = await postgresGround()
    node = await openNode(ground)
    holder = new SQL({ url: ground.url, max: 1 })
    ann = await node.person("ann")
    bob = await node.person("bob")
    hot = await node.room("hot", [ann, bob])
    calm = await node.room("calm", [ann, bob])
    await holder.unsafe("begin")
  }, 30_000)
  afterEach(async () => {
    await holder.close()
    await node.store.close()
    await ground.remove()
  })

  /** How long it took to store them in this room. */
  async function timed(room: RoomId, count: number): Promise<number> {
    const startedAt = performance.now()
    await Promise.all(numbers(count).map((it) => node.send(room, ann, `${it}`)))
    return performance.now() - startedAt
  }

  test("of a room, then others are stored within 1 s, and then without waiting for it; its own in order when it is free", async () => {
    await holder.unsafe("select 1 from rooms where id = 'hot' for update")

    const stuck = numbers(30).map((it) => node.send(hot, it % 3 === 0 ? bob : ann, null, `${it}`))
    const first = await timed(calm, 20)
    const more = numbers(30).map((it) => node.send(hot, ann, null, `${it + 30}`))
    const next = [await timed(calm, 20), await timed(calm, 20), await timed(calm, 20)]
    expect(first).toBeLessThan(1_000)
    // The first of them has waited for the lock; the machine may be busy for one of the others.
    expect(Math.min(...next)).toBeLessThan(first)
    expect(node.troubles).toEqual([])
    await holder.unsafe("rollback")

    const receipts = await Promise.all([...stuck, ...more])
    expect(receipts.map(({ message }) => message.content)).toEqual(numbers(60).map(String))
    expect(receipts.map(({ message }) => message.seq)).toEqual(numbers(62).slice(2))
    expect(node.seqsOf(hot)).toEqual(numbers(62))
  }, 30_000)

  test("of a room for longer than 10 s, then who sends there is to try again", async () => {
    await holder.unsafe("select 1 from rooms where id = 'hot' for update")

    const startedAt = performance.now()
    const refusal = await node.send(hot, ann, "a").catch((error) => error)

    expect(refusal).toMatchObject({ code: "overloaded" })
    expect(performance.now() - startedAt).toBeWithin(9_900, 12_000)
    await holder.unsafe("rollback")
    expect(await node.send(hot, ann, "a")).toMatchObject({ duplicate: false })
  }, 30_000)
})
