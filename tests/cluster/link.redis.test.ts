import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { RedisClient } from "bun"
import { envelopeStart, sealEnvelope } from "../../src/cluster/envelope"
import type { NodeId } from "../../src/cluster/link"
import { canRunRedis, startRedis, type TestRedis } from "../support/redis"
import {
  createNode,
  FAST,
  freshPrefix,
  openNode,
  openNodes,
  openOutside,
  type TestNode,
  type TestNodeOptions,
} from "../support/redis-link"
import { waitUntil } from "../support/wait"

describe.skipIf(!canRunRedis())("nodes on one Redis", () => {
  let redis: TestRedis
  const open: { close(): Promise<void> | void }[] = []

  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(async () => {
    await Promise.all(open.map((it) => it.close()))
    await redis.remove()
  })

  async function nodes(count: number): Promise<readonly TestNode[]> {
    const opened = await openNodes(count, { url: redis.url, prefix: freshPrefix() })
    open.push(...opened)
    return opened
  }

  /** Three, of which the first speaks. */
  async function three() {
    const [ann, bob, eve] = await nodes(3)
    if (ann === undefined || bob === undefined || eve === undefined) throw new Error("not three")
    return { ann, bob, eve }
  }

  async function two(options: Partial<TestNodeOptions> = {}) {
    const setting = { url: redis.url, prefix: freshPrefix(), ...options }
    const [ann, bob] = await openNodes(2, setting)
    if (ann === undefined || bob === undefined) throw new Error("not two")
    open.push(ann, bob)
    return { ann, bob, ...setting }
  }

  async function stranger(): Promise<RedisClient> {
    const client = new RedisClient(redis.url)
    await client.connect()
    open.push(client)
    return client
  }

  test("what one tells, every other hears once, in the order in which it was told", async () => {
    const { ann, bob, eve } = await three()
    const told = Array.from({ length: 2_000 }, (_, index) => index)

    for (const word of told) {
      ann.tell("t", word)
      // Some in the same turn of the event loop, some in another.
      if (word % 7 === 0) await Promise.resolve()
      if (word % 100 === 0) await Bun.sleep(0)
    }
    await ann.settle()

    expect(bob.words).toEqual(told)
    expect(eve.words).toEqual(told)
    expect(ann.words).toEqual([])
    expect(bob.happened).toEqual([])
  })

  test("words to everybody, to one node and to followers keep one order", async () => {
    const { ann, bob } = await two()
    bob.follow("c")
    bob.follow("d")
    await waitUntil("it follows", () => bob.happened.length === 2)

    for (let round = 0; round < 50; round++) {
      ann.tellFollowers("c", [round, 1])
      ann.tellFollowers("d", [round, 2])
      ann.tell("t", [round, 3])
      ann.tellNode(bob.node, "t", [round, 4])
      ann.tellFollowers("c", [round, 5])
    }
    await ann.settle()

    const expected = Array.from({ length: 250 }, (_, index) => [
      Math.floor(index / 5),
      (index % 5) + 1,
    ])
    expect(bob.words).toEqual(expected)
  })

  test("words of one turn to one channel leave as one", async () => {
    const { ann, bob, prefix } = await two()
    const client = await stranger()
    const texts: string[] = []
    await client.subscribe(`${prefix}:in:c`, (text) => texts.push(text))
    bob.follow("c")
    await bob.saw("followed c")

    for (const word of ["one", "two", "three"]) ann.tellFollowers("c", word)
    await bob.heardCount(3)

    await waitUntil("the stranger hears it", () => texts.length > 0)
    expect(texts).toHaveLength(1)
    expect(texts[0]).toEndWith(`["one","two","three"]]`)
  })

  test("what is told to one node, or to followers, nobody else hears", async () => {
    const { ann, bob, eve } = await three()
    bob.follow("c")
    await bob.saw("followed c")

    ann.tellNode(bob.node, "t", "for bob")
    ann.tellFollowers("c", "for followers")
    ann.tellFollowers("d", "for nobody")
    await ann.settle()

    expect(bob.words).toEqual(["for bob", "for followers"])
    expect(eve.words).toEqual([])
  })

  test("a channel that is left and followed again in one turn is heard once, and told as followed", async () => {
    const { ann, bob } = await two()
    bob.follow("c")
    await bob.saw("followed c")

    for (let round = 0; round < 20; round++) {
      bob.unfollow("c")
      bob.follow("c")
      // At every point of the commands that are on their way.
      for (let turn = 0; turn < round; turn++) await Promise.resolve()
      bob.unfollow("c")
      bob.follow("c")
    }
    await bob.saw("followed c")
    ann.tellFollowers("c", "hello")
    await ann.settle()

    expect(bob.words).toEqual(["hello"])
  })

  test("a channel that is left right after it was followed is not heard, and not subscribed to", async () => {
    const { ann, bob, prefix } = await two()
    const client = await stranger()

    bob.follow("c")
    bob.unfollow("c")
    bob.follow("d")
    await bob.saw("followed d")
    bob.follow("e")
    await Promise.resolve()
    bob.unfollow("e")
    await waitUntil("Redis holds what is wanted", async () => {
      const held = await client.send("PUBSUB", ["CHANNELS", `${prefix}:in:*`])
      return JSON.stringify(held) === JSON.stringify([`${prefix}:in:d`])
    })
    ann.tellFollowers("c", "to nobody")
    ann.tellFollowers("e", "to nobody")
    await ann.settle()

    expect(bob.words).toEqual([])
    expect(bob.happened).toEqual([])
  })

  test("10,000 channels are followed within a second, and each is confirmed once", async () => {
    const { ann, bob } = await two()
    const began = performance.now()

    for (let channel = 0; channel < 10_000; channel++) bob.follow(String(channel))
    await waitUntil("all are followed", () => bob.happened.length >= 10_000)

    expect(performance.now() - began).toBeLessThan(1_000)
    expect(new Set(bob.happened).size).toBe(10_000)
    ann.tellFollowers("9999", "hello")
    await bob.heardCount(1)
  })

  test("who settles waits until all others have heeded what was told before", async () => {
    const { ann, bob, eve } = await three()
    const gate = Promise.withResolvers<void>()
    bob.hear("slow", () => gate.promise)
    let isSettled = false
    const settle = async () => {
      await ann.settle()
      isSettled = true
    }

    ann.tell("slow", 1)
    const settled = settle()
    ann.tell("t", 2)
    await eve.heardCount(1)
    await bob.heardCount(1)
    // There and back again, after the question.
    for (const other of [bob, eve]) other.tell("t", "after it")
    await ann.heardCount(2)

    expect(isSettled).toBe(false)
    gate.resolve()
    await settled
    expect(bob.happened).toEqual([])
  }, 2_000)

  test("a node that is alone has nobody to wait for", async () => {
    const alone = await openNode({ url: redis.url, prefix: freshPrefix() })
    open.push(alone)

    const began = performance.now()
    await alone.settle()

    expect(performance.now() - began).toBeLessThan(5)
  })

  test("given 1,000 settle in one turn, then they share a round", async () => {
    const { ann, bob } = await two()
    const before = bob.state().heard

    await Promise.all(Array.from({ length: 1_000 }, () => ann.settle()))

    // Beats are heard as well.
    expect(bob.state().heard - before).toBeLessThan(20)
  })

  test("given one node stands still, then who settles waits 600 ms for it, and not at all when it is lost", async () => {
    const setting = await two({ pace: FAST })
    const { ann } = setting
    const outside = await openOutside(ann, setting)

    outside.pause()
    const began = performance.now()
    await ann.settle()
    const waitedMs = performance.now() - began
    await ann.saw("left")
    const lostAt = performance.now()
    await ann.settle()

    expect(waitedMs).toBeGreaterThan(580)
    expect(waitedMs).toBeLessThan(800)
    expect(performance.now() - lostAt).toBeLessThan(100)
    outside.resume()
    await ann.saw("joined")
    await ann.settle()
    expect(ann.others.size).toBe(2)
    await outside.kill()
  })

  test("given a node is killed, then it is lost within 5 s, and nobody is waited for", async () => {
    const setting = await two()
    const { ann, bob } = setting
    const outside = await openOutside(ann, setting)

    const killedAt = performance.now()
    await outside.kill()
    await Promise.all([ann.saw("left"), bob.saw("left")])

    const lostMs = performance.now() - killedAt
    expect(lostMs).toBeGreaterThan(4_000)
    expect(lostMs).toBeLessThan(6_100)
    expect([...ann.others]).toEqual([bob.node])
  }, 15_000)

  test("a node that says goodbye is gone at once", async () => {
    const { ann, bob } = await two()

    bob.tell("t", "my last word")
    await bob.close()
    await ann.saw("left", 200)

    expect(ann.words).toEqual(["my last word"])
    expect(ann.others.size).toBe(0)
  })

  test("nodes of another prefix hear nothing of it, whatever the number of their database", async () => {
    const { ann, bob } = await two({ prefix: "house" })
    const other = await openNode({ url: redis.url, prefix: "house.other" })
    const another = await openNode({ url: `${redis.url}/3`, prefix: "other" })
    open.push(other, another)

    ann.tell("t", "hello")
    await ann.settle()

    expect(bob.words).toEqual(["hello"])
    expect(other.others.size + another.others.size).toBe(0)
    expect([...other.words, ...another.words]).toEqual([])
    expect(ann.others.size).toBe(1)
  })

  test("given somebody publishes what no node says, then it is passed over and counted", async () => {
    const { ann, bob, prefix } = await two()
    bob.follow("c")
    await bob.saw("followed c")
    const client = await stranger()
    const garbage = [
      "",
      "hello",
      "{}",
      "null",
      "[]",
      `[1,"x",1,0`,
      `[2,"x",1,0,[["t","of another version"]]]`,
      `[1,"x","1",0,[["t",1]]]`,
      `[1,"x",-1,0,[["t",1]]]`,
      `[1,"x y",1,0,[["t",1]]]`,
      `[1,7,1,0,[["t",1]]]`,
      `[1,"x",1,0,{"0":["t",1]}]`,
      `[1,"x",1,0,"t"]`,
    ]

    for (const text of garbage) {
      for (const channel of ["all", `node:${bob.node}`, "in:c"]) {
        await client.publish(`${prefix}:${channel}`, text)
      }
    }
    ann.tell("t", "hello")
    await bob.heardCount(1)

    expect(bob.words).toEqual(["hello"])
    expect(bob.state().malformed).toBe(garbage.length * 3)
    expect(bob.happened).toEqual([])
    expect(bob.troubles).toEqual([])
  })

  test("words on topics that are not known here, and fields beyond those that are, are passed over", async () => {
    const { ann, bob, prefix } = await two()
    const client = await stranger()
    const later = "0197-later" as NodeId
    const words = [`["new",1]`, `["t",2,"more"]`, `["~new",3]`, "7", `[7]`]

    const text = sealEnvelope(envelopeStart(later), { number: 1, before: 0, words })
    await client.publish(`${prefix}:all`, text.replace(/\]$/, `,{"more":1}]`))
    ann.tell("t", "hello")
    await bob.heardCount(2)

    expect(bob.words).toEqual([2, "hello"])
    expect(bob.state().malformed).toBe(2)
  })

  test("what a node sent before and what comes late, or twice, is not heard again", async () => {
    const { bob, prefix } = await two()
    const client = await stranger()
    const start = envelopeStart("somebody" as NodeId)
    const say = (number: number, before: number) =>
      client.publish(
        `${prefix}:all`,
        sealEnvelope(start, { number, before, words: [`["t",${number}]`] }),
      )

    await say(1, 0)
    await say(2, 1)
    await say(2, 1)
    await say(1, 0)
    await say(3, 2)
    await bob.heardCount(3)

    expect(bob.words).toEqual([1, 2, 3])
    expect(bob.happened).toEqual(["joined"])
    await say(5, 4)
    await bob.saw("missed")
    expect(bob.words).toEqual([1, 2, 3, 5])
  })

  test("a listener that fails harms nobody, and is told of", async () => {
    const { ann, bob } = await two()
    bob.hear("bad", () => {
      throw new Error("it fails")
    })
    bob.hear("worse", () => Promise.reject(new Error("later")))

    ann.tell("bad", 1)
    ann.tell("worse", 2)
    ann.tell("t", "hello")
    await ann.settle()

    expect(bob.words).toEqual(["hello"])
    expect(bob.troubles.map(String)).toEqual(["Error: it fails", "Error: later"])
  })

  test("what JSON cannot hold is not told, and harms nobody", async () => {
    const { ann, bob } = await two()
    const circle: unknown[] = []
    circle.push(circle)

    ann.tell("t", circle)
    ann.tell("t", 1n)
    ann.tell("t", "hello")
    await ann.settle()

    expect(bob.words).toEqual(["hello"])
    expect(ann.troubles).toHaveLength(2)
  })

  test("nodes of one prefix and two databases do not hear each other", async () => {
    const prefix = freshPrefix()
    const join = async (database: string) => {
      const node = createNode({ url: redis.url, prefix })
      open.push(node)
      await node.open(database)
      node.follow("c")
      await node.saw("followed c")
      return node
    }
    const [ann, bob, eve] = [await join("one"), await join("one"), await join("another")]
    await waitUntil("two know each other", () => ann.others.size === 1 && bob.others.size === 1)

    ann.tell("t", "to all")
    ann.tellFollowers("c", "in c")
    ann.tellNode(eve.node, "t", "to eve")
    await ann.settle()
    await eve.settle()

    expect(bob.words).toEqual(["to all", "in c"])
    expect(eve.words).toEqual([])
    expect(eve.others.size).toBe(0)
  })

  test("who listens to the link later hears of all nodes that are there", async () => {
    const { ann, bob } = await two()
    const joined: string[] = []

    ann.on({ nodeJoined: (node) => joined.push(node) })

    expect(joined).toEqual([bob.node])
  })

  test("a node that nobody has opened tells nothing, and closes", async () => {
    const node = createNode({ url: redis.url, prefix: freshPrefix() })

    node.tell("t", 1)
    await node.close()

    expect(node.isUp).toBe(false)
  })
})
