import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import fc from "fast-check"
import type { OnlineStatus } from "../../src/cluster/presence"
import type { Actor, Room } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { openCluster, type TestCluster, type TestNode } from "../support/linked-chats"
import { turns } from "../support/turns"

/** Of the messages those about presence of others than watchers, in short. */
const inShort = (messages: readonly BusMessage[]): string[] =>
  messages.flatMap((it) => {
    switch (it.type) {
      case "user.online":
      case "user.offline":
      case "room.entered":
      case "room.exited":
        return [`${it.type} ${it.user.username}`]
      case "presence":
        return [`${it.user.username} is ${it.status}`]
      default:
        return []
    }
  })

const NODES = 3

/** On each node somebody watches the room, where the others may come and go. */
async function openHouse() {
  const cluster = await openCluster(NODES)
  const [first] = cluster.nodes
  if (first === undefined) throw new Error("there are three")
  const owner = await first.person("owner")
  const people: Actor[] = []
  for (const name of ["ann", "bob"]) people.push(await first.person(name))
  const watchers: Actor[] = []
  for (let i = 0; i < NODES; i++) watchers.push(await first.person(`watcher-${i}`))
  const id = await first.room(owner, [...people, ...watchers])
  const { room } = await first.chat.rooms.getRoom(owner, id)
  for (const [index, node] of cluster.nodes.entries()) {
    const watcher = watchers[index]
    if (watcher === undefined) throw new Error("each has one")
    node.chat.presence.connect(watcher)
    node.chat.presence.enter(room, watcher)
  }
  await turns(12)
  return { cluster, room, people }
}

async function seconds(count: number): Promise<void> {
  for (let second = 0; second < count; second++) {
    jest.advanceTimersByTime(1_000)
    await turns(8)
  }
}

function forget({ nodes }: TestCluster): void {
  for (const { said, told } of nodes) {
    said.length = 0
    told.length = 0
  }
}

describe("what watchers were told while words were lost", () => {
  let cluster: TestCluster
  let one: TestNode
  let two: TestNode
  let three: TestNode
  let room: Room
  let ann: Actor

  beforeEach(async () => {
    jest.useFakeTimers()
    const house = await openHouse()
    cluster = house.cluster
    room = house.room
    const [first, second, third] = cluster.nodes
    const [someone] = house.people
    if (!first || !second || !third || !someone) throw new Error("three nodes, two people")
    one = first
    two = second
    three = third
    ann = someone
    await seconds(20)
    forget(cluster)
  })
  afterEach(async () => {
    jest.useRealTimers()
    await turns(12)
    expect(cluster.nodes.flatMap(({ failures }) => failures)).toEqual([])
    await cluster.close()
  })

  async function arrive(node: TestNode): Promise<void> {
    node.chat.presence.connect(ann)
    node.chat.presence.enter(room, ann)
    await seconds(20)
  }
  function go(node: TestNode): void {
    node.chat.presence.exit(room, ann)
    node.chat.presence.disconnect(ann)
  }
  /** These events of other nodes do not come. */
  function deafen({ link, told, heed }: TestNode, isLost: (message: BusMessage) => boolean): void {
    link.hear("events", (word) => {
      // Published by a chat of this cluster.
      const message = word as BusMessage
      if (isLost(message)) return
      told.push(message)
      heed(message)
    })
  }
  const tellings = () => cluster.nodes.map(({ told }) => inShort(told).sort())
  const CAME = ["ann is online", "room.entered ann", "user.online ann"]
  const WENT = ["ann is offline", "room.exited ann", "user.offline ann"]

  test("given ann goes while the nodes do not hear each other, the others' watchers are told within 15 s of the mend", async () => {
    await arrive(one)
    forget(cluster)
    cluster.hub.cut()
    go(one)
    await seconds(30)
    expect(tellings()).toEqual([WENT, [], []])

    cluster.hub.mend()
    await seconds(15)

    expect(tellings()).toEqual([WENT, WENT, WENT])
    const [offline] = three.told.filter(({ type }) => type === "presence")
    const { lastSeenAt } = (await one.chat.users.getUser(ann.user.id)) ?? {}
    expect(lastSeenAt).toBeNumber()
    expect(offline).toMatchObject({ status: "offline", lastSeenAt })
    // Each node told its own, and nothing to the others.
    expect([...two.said, ...three.said]).toEqual([])
    await seconds(60)
    expect(tellings()).toEqual([WENT, WENT, WENT])
  })

  test("given ann comes and is busy while the nodes do not hear each other, so the others are told, once", async () => {
    cluster.hub.part()
    one.chat.presence.connect(ann)
    one.chat.presence.enter(room, ann)
    await seconds(1)
    await one.chat.presence.setStatus(ann, "dnd")
    await seconds(1)

    cluster.hub.mend()
    await seconds(60)

    const told = ["ann is dnd", "room.entered ann", "user.online ann"]
    expect(tellings().slice(1)).toEqual([told, told])
  })

  test("given a busy ann is told so in a word that is lost, it is told after the mend, and nothing else", async () => {
    await arrive(one)
    forget(cluster)
    cluster.hub.cut()
    await one.chat.presence.setStatus(ann, "away")
    cluster.hub.mend()
    await seconds(60)

    expect(tellings()).toEqual([["ann is away"], ["ann is away"], ["ann is away"]])
  })

  test("given ann goes and is back before the mend, the others are told nothing", async () => {
    await arrive(one)
    forget(cluster)
    cluster.hub.cut()
    go(one)
    await seconds(10)
    one.chat.presence.connect(ann)
    one.chat.presence.enter(room, ann)
    await seconds(10)
    cluster.hub.mend()
    await seconds(60)

    expect(tellings()).toEqual([[...WENT, ...CAME].sort(), [], []])
  })

  test("given ann moves to another node before the mend, the node in between was told nothing", async () => {
    await arrive(one)
    forget(cluster)
    cluster.hub.cut()
    go(one)
    await seconds(10)
    two.chat.presence.connect(ann)
    two.chat.presence.enter(room, ann)
    await seconds(1)
    cluster.hub.mend()
    await seconds(60)

    expect(tellings()).toEqual([[...WENT, ...CAME].sort(), [], []])
  })

  test("given the view has it and only the event was lost, what was lost is told, and what came is not again", async () => {
    await arrive(one)
    forget(cluster)
    deafen(two, (it) => it.type === "presence")
    deafen(three, () => true)
    go(one)
    await seconds(8)
    for (const { linked } of [two, three]) {
      expect(linked.statusOf(ann.user.numericId)).toBe("offline")
    }
    expect(tellings()).toEqual([WENT, WENT.slice(1), []])

    cluster.hub.mend()
    await seconds(15)

    expect(tellings()).toEqual([WENT, WENT, WENT])
  })

  test.each([10, 40])(
    "given an event comes %i s before what it is about, watchers are told it is not so, and then that it is",
    async (late) => {
      // The event is told at once, and the change at the end of the turn.
      one.chat.presence.connect(ann)
      one.chat.presence.enter(room, ann)
      await Promise.resolve()
      cluster.hub.hold()
      await seconds(late)
      for (const { told } of [two, three]) {
        expect(inShort(told)).toContain("user.offline ann")
        expect(inShort(told)).toContain("room.exited ann")
      }
      forget(cluster)

      cluster.hub.release()
      await seconds(10)

      for (const { told } of [two, three]) {
        expect(inShort(told)).toContain("user.online ann")
        expect(inShort(told)).toContain("room.entered ann")
        expect(inShort(told)).not.toContain("user.offline ann")
        expect(inShort(told)).not.toContain("room.exited ann")
      }
      const before = tellings()
      await seconds(60)
      expect(tellings()).toEqual(before)
    },
  )

  test("given nothing is lost, nothing is told twice, however often words are said to be missed", async () => {
    await arrive(one)
    cluster.hub.mend()
    go(one)
    cluster.hub.mend()
    await seconds(60)

    const once = [...CAME, ...WENT].sort()
    expect(tellings()).toEqual([once, once, once])
  })

  test("250 who went while words were lost are told in slices of 100, with a read for each", async () => {
    const crowd: Actor[] = []
    for (let i = 0; i < 250; i++) crowd.push(await one.person(`guest-${i}`))
    for (const { user } of crowd) one.linked.connect(user)
    await seconds(20)
    forget(cluster)
    cluster.hub.cut()
    for (const { user } of crowd) {
      one.linked.disconnect(user.numericId)
      one.linked.release(user.numericId)
    }
    await seconds(1)
    cluster.hub.mend()
    const sizes: number[] = []
    let before = 0
    jest.advanceTimersByTime(1_000)
    await turns(8)
    for (let second = 0; second < 15; second++) {
      jest.advanceTimersByTime(1_000)
      for (let turn = 0; turn < 12; turn++) {
        await turns(1)
        const now = inShort(two.told).length
        if (now > before) sizes.push(now - before)
        before = now
      }
    }

    expect(sizes).toEqual([100, 100, 50])
    expect(inShort(three.told)).toHaveLength(250)
  })

  test("a name that changed while words were lost is the new one on the user's own node once it has looked again", async () => {
    await arrive(two)
    cluster.hub.cut()
    await one.chat.users.updateProfile(ann, { username: "anna" })
    cluster.hub.mend()
    await seconds(5)
    const namesAt = ({ chat }: TestNode) =>
      chat.presence.listPresent(room, 10).map(({ username }) => username)
    expect(namesAt(two)).toContain("ann")

    // As the look at all rights tells it, to this node alone.
    two.heed({ type: "user.updated", user: await one.chat.users.getUser(ann.user.id) })
    await seconds(1)

    for (const node of cluster.nodes) expect(namesAt(node)).toContain("anna")
  })
})

const seat = fc.nat({ max: NODES - 1 })
const who = fc.nat({ max: 1 })
const does = <Name extends string>(...names: readonly Name[]) => fc.constantFrom(...names)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: does("come"), seat, who }) },
  { weight: 6, arbitrary: fc.record({ do: does("go"), seat, who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: does("status"),
      seat,
      who,
      status: fc.constantFrom<OnlineStatus>("online", "away", "dnd"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: does("pause", "comeBack"), seat }) },
  { weight: 5, arbitrary: fc.record({ do: does("cut", "mend", "part", "hold", "let go") }) },
  { weight: 5, arbitrary: fc.record({ do: does("turn", "second", "ten seconds") }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

describe("watchers of three nodes", () => {
  test("given whatever happens to people, nodes and words, the last that each is told of each once all is mended is so", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
        jest.useFakeTimers()
        const { cluster, room, people } = await openHouse()
        const here = new Set<string>()
        for (const it of steps) await take(it)
        cluster.hub.release()
        cluster.hub.mend()
        for (const { link } of cluster.nodes) link.comeBack()
        await seconds(30)

        for (const node of cluster.nodes) expect(lastWordsAt(node)).toEqual(truthAt(node))
        jest.useRealTimers()
        await cluster.close()

        async function take(it: Step): Promise<void> {
          const { hub, nodes } = cluster
          const node = "seat" in it ? nodes[it.seat] : undefined
          const person = "who" in it ? people[it.who] : undefined
          const key = "who" in it ? `${it.seat}:${it.who}` : ""
          if (it.do === "come" && node && person && !here.has(key)) {
            here.add(key)
            node.chat.presence.connect(person)
            node.chat.presence.enter(room, person)
          } else if (it.do === "go" && node && person && here.delete(key)) {
            node.chat.presence.exit(room, person)
            node.chat.presence.disconnect(person)
          } else if (it.do === "status" && node && person && here.has(key)) {
            await node.chat.presence.setStatus(person, it.status)
          } else if (it.do === "pause") node?.link.pause()
          else if (it.do === "comeBack") node?.link.comeBack()
          else if (it.do === "cut") hub.cut()
          else if (it.do === "mend") hub.mend()
          else if (it.do === "part") hub.part()
          else if (it.do === "hold") hub.hold()
          else if (it.do === "let go") hub.release()
          else if (it.do === "turn") await turns(1)
          else if (it.do === "second") await seconds(1)
          else if (it.do === "ten seconds") await seconds(10)
        }

        function lastWordsAt({ told }: TestNode) {
          return people.map(({ user: { id } }) => {
            const words = { status: "offline", isOnline: false, isIn: false }
            for (const it of told) {
              if (!("user" in it) || typeof it.user === "number" || it.user.id !== id) continue
              if (it.type === "presence") words.status = it.status
              if (it.type === "user.online") words.isOnline = true
              if (it.type === "user.offline") words.isOnline = false
              if (it.type === "room.entered") words.isIn = true
              if (it.type === "room.exited") words.isIn = false
            }
            return words
          })
        }

        function truthAt({ linked }: TestNode) {
          return people.map(({ user: { numericId } }, index) => {
            const isIn = cluster.nodes.some((_, number) => here.has(`${number}:${index}`))
            // The view agrees, as another property says.
            const status = isIn ? linked.statusOf(numericId) : "offline"
            return { status, isOnline: isIn, isIn }
          })
        }
      }),
      { numRuns: 40 },
    )
  }, 120_000)
})
