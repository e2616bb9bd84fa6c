import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { createOrder, type OrderDeps, type Replay } from "../../src/cluster/order"
import { EVENT_EXAMPLES } from "../../src/dialects/native/examples"
import { createMeters } from "../../src/ops/meters"
import type { BusMessage, RoomEvent } from "../../src/protocol/events"
import type { RoomNumericId } from "../../src/protocol/ids"
import { waitUntil } from "../support/wait"

const example = (type: RoomEvent["type"]): RoomEvent => {
  const { event } = EVENT_EXAMPLES[type]
  if (!("seq" in event) || event.type === "read") throw new Error("an event of a room is needed")
  return event
}
const created = example("message.created")
const { room } = created
const PAGE = 3

/** A thing of the room has changed: it was made, where this is its first change. */
const change = (changedSeq: number, thing: number, seq = changedSeq): RoomEvent => {
  if (!("message" in created)) throw new Error("the event of a message is needed")
  const message = { ...created.message, clientId: `thing ${thing}`, seq, changedSeq }
  const type = seq === changedSeq ? "message.created" : "message.updated"
  return { ...created, type, seq: changedSeq, message }
}

/** As it is read by who has heard all until then. */
const asRead = (event: RoomEvent, since: number): RoomEvent =>
  "message" in event && event.message.seq > since ? { ...event, type: "message.created" } : event

const thingOf = (event: BusMessage) => ("message" in event ? event.message.clientId : null)
const seqOf = (event: BusMessage) => ("seq" in event ? event.seq : event.type)

/** An order above a room whose events the test commits, in a database that answers later. */
function orderOf(more: Partial<OrderDeps> = {}) {
  const log: RoomEvent[] = []
  const told: BusMessage[] = []
  const followed: string[] = []
  const doubts: number[] = []
  const gone: number[] = []
  const troubles: unknown[] = []
  const reads = { events: 0, heads: 0, atOnce: 0, atOnceMax: 0 }
  const meters = createMeters()
  let isAway = false
  let lost = 0
  const answerLater = async () => {
    reads.atOnceMax = Math.max(reads.atOnceMax, ++reads.atOnce)
    await new Promise<void>((resolve) => setImmediate(resolve))
    reads.atOnce--
    if (isAway) throw new Error("the database is away")
  }
  const head = () => log.length - lost
  const order = createOrder({
    bus: {
      follow: (it) => void followed.push(`+${it}`),
      unfollow: (it) => void followed.push(`-${it}`),
    },
    hearing: null,
    async readEvents(_, since): Promise<Replay> {
      reads.events++
      const last = new Map(log.slice(0, head()).map((event) => [thingOf(event), event]))
      const all = [...last.values()].filter(({ seq }) => seq > since)
      const page = all.sort((one, other) => one.seq - other.seq).slice(0, PAGE)
      const events = page.map((event) => asRead(event, since))
      const isWhole = events.length === all.length
      const until = isWhole ? head() : (events.at(-1)?.seq ?? since)
      await answerLater()
      return { events, until, more: !isWhole }
    },
    async readHeads(rooms) {
      reads.heads++
      const rows = rooms.map((numericId) => ({ numericId, head: head() }))
      await answerLater()
      return rows
    },
    deliver: (message) => void told.push(message),
    doubt: (user) => void doubts.push(user),
    isGone: (it) => void gone.push(it),
    meter: meters.order,
    onTrouble: (error) => void troubles.push(error),
    holdMs: 1,
    reconcileMs: 5,
    ...more,
  })
  const commit = (thing: number = log.length): RoomEvent => {
    const first = log.find((event) => thingOf(event) === `thing ${thing}`)
    const event = change(log.length + 1, thing, first?.seq)
    log.push(event)
    return event
  }
  return {
    order,
    told,
    log,
    followed,
    doubts,
    gone,
    troubles,
    reads,
    meter: meters.order,
    commit,
    commitAll: (count: number) => Array.from({ length: count }, () => commit()),
    setAway: (next: boolean) => {
      isAway = next
    },
    /** The database is restored as it was so many changes ago. */
    goBack: (changes: number) => {
      lost = changes
    },
    seqs: () => told.map(seqOf),
    caughtUp: () => waitUntil("all is told", () => order.toldOf(room) === head()),
  }
}

describe("a room's events on a node that is not alone", () => {
  test("whatever is late, lost or doubled: each seq is told once at most, ascending, up to the head, each thing in its last state and as new once and first", async () => {
    const step = fc.record({
      thing: fc.nat(12),
      isHeard: fc.constantFrom(0, 1, 1, 1, 2),
      delay: fc.nat(9),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const node = orderOf()
        node.order.follow(room, 0)
        const flight: { at: number; event: RoomEvent }[] = []
        for (const [index, { thing, isHeard, delay }] of steps.entries()) {
          const event = node.commit(thing)
          for (let n = 0; n < isHeard; n++) flight.push({ at: index + delay * (n + 1), event })
          for (const it of flight.filter(({ at }) => at === index)) node.order.receive(it.event)
          if (delay === 9) await new Promise<void>((resolve) => setImmediate(resolve))
        }
        for (const it of flight.filter(({ at }) => at >= steps.length)) node.order.receive(it.event)
        await node.order.reconcileAll()
        await node.caughtUp()
        node.order.stop()

        const seqs = node.told.map((event) => Number(seqOf(event)))
        expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other))
        expect(seqs.at(-1)).toBe(node.log.length)
        const lastOf = (events: readonly BusMessage[]) =>
          new Map(events.map((event) => [thingOf(event), seqOf(event)]))
        expect([...lastOf(node.told)].sort()).toEqual([...lastOf(node.log)].sort())
        const made = node.told.filter(({ type }) => type === "message.created").map(thingOf)
        expect(made.toSorted()).toEqual([...new Set(node.log.map(thingOf))].sort())
        const firstOf = new Map(node.told.toReversed().map((event) => [thingOf(event), event.type]))
        expect([...new Set(firstOf.values())]).toEqual(["message.created"])
      }),
      { numRuns: 60 },
    )
  }, 30_000)

  test("in order and once, they are told at once, and nothing is read", async () => {
    const node = orderOf()
    node.order.follow(room, 0)
    await waitUntil("it was compared", () => node.reads.heads === 1)

    for (const event of node.commitAll(3)) node.order.receive(event)

    expect(node.seqs()).toEqual([1, 2, 3])
    expect(node.reads.events).toBe(0)
  })

  test("an event that comes before an earlier one is held back for it", () => {
    const node = orderOf()
    node.order.follow(room, 0)
    const [one, two, three] = node.commitAll(3)
    if (one === undefined || two === undefined || three === undefined) throw new Error("three")

    node.order.receive(three)
    node.order.receive(two)
    expect(node.seqs()).toEqual([])

    node.order.receive(one)
    expect(node.seqs()).toEqual([1, 2, 3])
    expect(node.meter).toMatchObject({ held: 2, doubles: 0, repairs: 0 })
    node.order.stop()
  })

  test("what does not come within the hold is read, and what comes later is a double", async () => {
    const node = orderOf()
    node.order.follow(room, 0)
    const [one, two] = node.commitAll(2)
    if (one === undefined || two === undefined) throw new Error("two")

    node.order.receive(two)
    await node.caughtUp()
    node.order.receive(one)

    expect(node.seqs()).toEqual([1, 2])
    expect(node.meter).toMatchObject({ repairs: 1, repaired: 2, doubles: 1 })
    node.order.stop()
  })

  test("a lost last event is told after the next look at all rooms", async () => {
    const node = orderOf()
    node.order.follow(room, 0)
    await waitUntil("it was compared", () => node.reads.heads === 1)
    node.commitAll(7)

    node.order.start()
    await node.caughtUp()

    expect(node.seqs()).toEqual([1, 2, 3, 4, 5, 6, 7])
    node.order.stop()
  })

  test("what happened between the read of the head and the first listening is told", async () => {
    const node = orderOf()
    node.commitAll(5)

    node.order.follow(room, 3)
    await node.caughtUp()

    expect(node.seqs()).toEqual([4, 5])
    node.order.stop()
  })

  test("a member who leaves hears nothing from then on, though the others are told later", () => {
    const node = orderOf()
    node.order.follow(room, 0)
    const left = { ...example("member.left"), seq: 2 }

    node.order.receive(left)

    expect(node.told.map(({ type }) => type)).toEqual(["access.ended"])
    node.order.receive(change(1, 1))
    expect(node.told.map(({ type }) => type)).toEqual([
      "access.ended",
      "message.created",
      "member.left",
    ])
    expect(node.doubts).toHaveLength(1)
    node.order.stop()
  })

  test("who learns of their removal before the room does is looked up, and after it is not", () => {
    const { event } = EVENT_EXAMPLES["room.removed"]
    if (event.type !== "room.removed") throw new Error("a notice is needed")
    const removed = { ...event, room: { ...event.room, numericId: room.numericId, head: 1 } }
    const node = orderOf()
    node.order.follow(room, 0)

    node.order.receive(removed)
    expect(node.doubts).toEqual([event.user])
    node.order.receive(change(1, 1))
    node.order.receive(removed)

    expect(node.doubts).toEqual([event.user])
    node.order.stop()
  })

  test("a room that is deleted is told at once, whatever is missing before it", () => {
    const node = orderOf()
    node.order.follow(room, 0)

    node.order.receive(change(2, 1))
    node.order.receive({ ...example("room.deleted"), seq: 9, room: roomEntity() })

    expect(node.told.map(({ type }) => type)).toEqual(["room.deleted"])
    node.order.stop()
  })

  test("what has no seq of its own passes at once", () => {
    const node = orderOf()
    node.order.follow(room, 0)
    node.order.receive(change(2, 1))

    const passing = ["typing", "read", "presence", "room.added", "room.removed"] as const
    for (const type of passing) node.order.receive(EVENT_EXAMPLES[type].event)

    expect(node.told.map(({ type }) => type)).toEqual([...passing])
    node.order.stop()
  })

  test("of a room that nobody listens to, what happens here passes, and nothing is read", async () => {
    const node = orderOf()
    node.order.start()

    for (const event of node.commitAll(3).reverse()) node.order.receive(event)
    await node.order.reconcileAll()

    expect(node.seqs()).toEqual([3, 2, 1])
    expect(node.reads).toMatchObject({ events: 0, heads: 0 })
    expect(node.followed).toEqual([])
    node.order.stop()
  })

  test("when the last listener goes, what is held is dropped and the bus is told", () => {
    const node = orderOf()
    node.order.follow(room, 0)
    node.order.receive(change(2, 1))

    node.order.unfollow(room)
    node.order.follow(room, 1)
    node.order.receive(change(2, 1))

    expect(node.seqs()).toEqual([2])
    expect(node.followed).toEqual([
      `+${room.numericId}`,
      `-${room.numericId}`,
      `+${room.numericId}`,
    ])
    node.order.stop()
  })

  test("of many rooms with gaps, 4 are read at once", async () => {
    const node = orderOf()
    node.commitAll(1)
    const rooms = Array.from({ length: 50 }, (_, n) => ({
      ...room,
      numericId: (n + 1) as RoomNumericId,
    }))
    for (const it of rooms) node.order.follow(it, 0)
    await waitUntil("all is told", () => rooms.every((it) => node.order.toldOf(it) === 1))

    expect(node.reads).toMatchObject({ heads: 1, events: 50, atOnceMax: 4 })
    node.order.stop()
  })

  test("given the room is no more, and nobody has told of it, then its listeners are looked up", async () => {
    const { order, gone } = orderOf({ readHeads: async () => [] })
    order.follow(room, 0)

    await order.reconcileAll()

    expect(gone).toContain(room.numericId)
    order.stop()
  })

  test("2,500 rooms are compared by three reads of 1,000 at the most", async () => {
    const sizes: number[] = []
    const node = orderOf({
      readHeads: async (rooms) => {
        sizes.push(rooms.length)
        return []
      },
    })
    for (let n = 1; n <= 2_500; n++) {
      node.order.follow({ ...room, numericId: n as RoomNumericId }, 0)
    }
    await waitUntil("they were compared", () => sizes.length === 3)

    expect(sizes).toEqual([1_000, 1_000, 500])
    node.order.stop()
  })

  test("who waits for a seq goes on when it is told, without the hold", async () => {
    const node = orderOf({ holdMs: 60_000 })
    node.order.follow(room, 0)
    node.commitAll(4)

    expect(await node.order.reach(room, 4)).toBe(true)

    expect(node.seqs()).toEqual([1, 2, 3, 4])
    expect(node.order.reach(room, 4)).toBeUndefined()
    node.order.stop()
  })

  test("who waits for what cannot be read is told so within 2 s", async () => {
    const node = orderOf()
    node.order.follow(room, 0)
    node.setAway(true)
    node.commitAll(1)

    expect(await node.order.reach(room, 1)).toBe(false)
    node.order.stop()
  })

  test("while the database is away nothing is thrown and little is asked, and then all is told", async () => {
    const node = orderOf({ reconcileMs: 20 })
    node.order.follow(room, 0)
    node.setAway(true)
    const events = node.commitAll(5)
    node.order.start()
    for (const event of events.slice(2)) node.order.receive(event)
    await waitUntil("there was trouble", () => node.troubles.length >= 5)

    expect(node.reads.events).toBeLessThan(4)
    node.setAway(false)
    await node.caughtUp()
    expect(node.seqs()).toEqual([1, 2, 3, 4, 5])
    node.order.stop()
  })

  test("after the database has gone back, what it counts anew is told", async () => {
    const node = orderOf()
    node.order.follow(room, 0)
    for (const event of node.commitAll(5)) node.order.receive(event)

    node.goBack(3)
    await node.order.reconcileAll()
    node.order.receive(change(3, 7))

    expect(node.seqs()).toEqual([1, 2, 3, 4, 5, 3])
    node.order.stop()
  })
})

function roomEntity() {
  const event = example("room.deleted")
  if (event.type !== "room.deleted") throw new Error("the event of a room is needed")
  return { ...event.room, numericId: room.numericId }
}
