import { afterEach, describe, expect, test } from "bun:test"
import { startProxy, type TestProxy } from "../support/proxy"
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

describe.skipIf(!canRunRedis())("when Redis, or the way to it, is not there", () => {
  const cleanups: (() => unknown)[] = []

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  async function aRedis(): Promise<TestRedis> {
    const redis = await startRedis()
    cleanups.push(redis.remove)
    return redis
  }

  async function aProxy(redis: TestRedis): Promise<TestProxy> {
    const proxy = await startProxy(redis.port)
    cleanups.push(proxy.close)
    return proxy
  }

  async function two(redis: TestRedis, options: Partial<TestNodeOptions> = {}) {
    const setting = { url: redis.url, prefix: freshPrefix(), ...options }
    const [ann, bob] = await openNodes(2, setting)
    if (ann === undefined || bob === undefined) throw new Error("not two")
    cleanups.push(ann.close, bob.close)
    return { ann, bob, setting }
  }

  async function join(options: TestNodeOptions): Promise<TestNode> {
    const node = await openNode(options)
    cleanups.push(node.close)
    return node
  }

  /** Words get through in both directions, and channels are heard once. */
  async function expectHealed(ann: TestNode, bob: TestNode): Promise<void> {
    await waitUntil("both are up and know each other", () =>
      [ann, bob].every((it) => it.isUp && it.others.size > 0),
    )
    for (const it of [ann, bob]) it.words.length = 0
    ann.tell("t", "from ann")
    ann.tellFollowers("c", "in c")
    bob.tell("t", "from bob")
    await Promise.all([ann.settle(), bob.settle()])
    expect(bob.words).toEqual(["from ann", "in c"])
    expect(ann.words).toEqual(["from bob"])
  }

  test("given Redis is restarted and away for 1 s, then nobody is lost, all know that they missed something, and all is heard again once", async () => {
    const redis = await aRedis()
    const { ann, bob } = await two(redis)
    bob.follow("c")
    await bob.saw("followed c")

    await redis.kill()
    await waitUntil("both are cut off", () => !ann.isUp && !bob.isUp)
    const stoodFrom = performance.now()
    ann.tell("t", "lost")
    ann.tellFollowers("c", "lost")
    await waitUntil("a second is over", () => performance.now() - stoodFrom > 1_000)
    await redis.start()
    await waitUntil("the channel is followed", () => bob.happened.includes("followed c"))

    // Whichever is back first, what the other one lost until it was there is missed besides.
    const itself = ({ happened }: TestNode) => happened.filter((it) => it !== "missed")
    expect(itself(bob)).toEqual(["down", "up", "missed all", "followed c"])
    await waitUntil("ann is back", () => ann.isUp)
    expect(itself(ann)).toEqual(["down", "up", "missed all"])
    await expectHealed(ann, bob)
    expect(ann.state().reconnections).toBe(1)
    expect(ann.state().dropped).toBeGreaterThanOrEqual(2)
  }, 20_000)

  test("given Redis takes everything and answers nothing, then nodes know it within 5 s, and recover by themselves", async () => {
    const redis = await aRedis()
    const { ann, bob } = await two(redis)
    bob.follow("c")
    await bob.saw("followed c")

    const pausedAt = performance.now()
    redis.pause()
    ann.tell("t", "on its way")
    const settled = ann.settle()
    await waitUntil("both know it", () => !ann.isUp && !bob.isUp)
    expect(performance.now() - pausedAt).toBeLessThan(5_000)
    await settled
    expect(performance.now() - pausedAt).toBeLessThan(4_000)
    redis.resume()

    await bob.saw("followed c")
    await expectHealed(ann, bob)
    expect(ann.reasons).toEqual(["what is sent does not come back"])
  }, 20_000)

  test("given one node's way to Redis swallows everything, then it is lost, its words too, and it comes back", async () => {
    const redis = await aRedis()
    const proxy = await aProxy(redis)
    const { ann, setting } = await two(redis, { pace: FAST })
    const bob = await join({ ...setting, url: proxy.through(redis.url) })
    bob.follow("c")
    await waitUntil("bob is known", () => ann.others.size === 2 && bob.others.size === 2)
    await bob.saw("followed c")
    ann.happened.length = 0

    proxy.hold()
    await bob.saw("down")
    expect(bob.isUp).toBe(false)
    await ann.saw("left")
    ann.tellFollowers("c", "while it was away")
    expect(ann.isUp).toBe(true)
    proxy.mend()
    await ann.saw("joined")
    await bob.saw("followed c")

    await waitUntil("bob knows all again", () => bob.others.size === 2)
    bob.words.length = 0
    ann.words.length = 0
    ann.tellFollowers("c", "hello")
    bob.tell("t", "hello")
    await Promise.all([ann.settle(), bob.settle()])
    expect(bob.words).toEqual(["hello"])
    expect(ann.words).toEqual(["hello"])
  }, 20_000)

  test("given connections are cut, then what was told meanwhile is missed by all, and said to be", async () => {
    const redis = await aRedis()
    const proxy = await aProxy(redis)
    const { ann, setting } = await two(redis)
    const bob = await join({ ...setting, url: proxy.through(redis.url) })
    await waitUntil("bob is known", () => ann.others.size === 2)
    await waitUntil("bob knows all", () => bob.others.size === 2)
    bob.tell("t", "before")
    // Nothing of what it said before is on its way any more.
    await bob.settle()
    ann.happened.length = 0

    proxy.cut()
    await waitUntil("bob is cut off", () => !bob.isUp)
    bob.tell("t", "lost")
    proxy.mend()
    await waitUntil("bob is back", () => bob.isUp)
    bob.tell("t", "after")
    await ann.heardCount(2)

    // That it was lost is known before anything later is heard, and nobody was thought gone.
    expect(ann.happened).toEqual(["missed"])
    expect(ann.words).toEqual(["before", "after"])
  }, 20_000)

  test("given nothing more is told after what was lost, then the next beat tells of it", async () => {
    const redis = await aRedis()
    const proxy = await aProxy(redis)
    const { ann, setting } = await two(redis)
    const bob = await join({ ...setting, url: proxy.through(redis.url) })
    await waitUntil("bob is known", () => ann.others.size === 2)
    await waitUntil("bob knows all", () => bob.others.size === 2)
    await bob.settle()
    ann.happened.length = 0

    proxy.cut()
    await waitUntil("bob is cut off", () => !bob.isUp)
    bob.tellFollowers("c", "my last word")
    proxy.mend()

    await ann.saw("missed")
    expect(ann.words).toEqual([])
  }, 20_000)

  test("given both are cut off and the one that lost a word comes back last, then the other is told that it missed something", async () => {
    const redis = await aRedis()
    const [toAnn, toBob] = [await aProxy(redis), await aProxy(redis)]
    const setting = { prefix: freshPrefix() }
    const ann = await join({ ...setting, url: toAnn.through(redis.url) })
    const bob = await join({ ...setting, url: toBob.through(redis.url) })
    await waitUntil("they know each other", () => ann.others.size + bob.others.size === 2)
    await Promise.all([ann.settle(), bob.settle()])

    toAnn.cut()
    toBob.cut()
    await waitUntil("both are cut off", () => !ann.isUp && !bob.isUp)
    toAnn.mend()
    await waitUntil("ann is back", () => ann.isUp && ann.happened.includes("missed all"))
    ann.happened.length = 0
    bob.tell("t", "lost")
    toBob.mend()

    await ann.saw("missed")
    expect(ann.words).toEqual([])
  }, 20_000)

  test("given each connection fails as soon as it is up, then it is opened ever more seldom", async () => {
    const redis = await aRedis()
    const proxy = await aProxy(redis)
    const ann = await join({ url: proxy.through(redis.url), prefix: freshPrefix() })
    const from = performance.now()
    let cuts = 0

    while (performance.now() - from < 2_500) {
      if (ann.isUp) {
        proxy.cut()
        proxy.mend()
        cuts++
      }
      await Bun.sleep(5)
    }

    expect(cuts).toBeGreaterThan(2)
    expect(cuts).toBeLessThan(15)
  }, 20_000)

  test("given Redis is away at the start, then the node says so, and joins when it comes", async () => {
    const redis = await aRedis()
    await redis.stop()
    const node = createNode({ url: redis.url, prefix: freshPrefix() })
    cleanups.push(node.close)

    const began = performance.now()
    await node.open()

    expect(performance.now() - began).toBeLessThan(2_500)
    expect(node.isUp).toBe(false)
    expect(node.happened).toEqual(["down"])
    node.follow("c")
    node.tell("t", "to nobody")
    await node.settle()
    await redis.start()
    await waitUntil("the channel is followed", () => node.happened.includes("followed c"))
    expect(node.happened).toEqual(["down", "up", "missed all", "followed c"])
  }, 20_000)

  test("given a node stands still for longer than others wait, then it begins anew, and hears again", async () => {
    const redis = await aRedis()
    const { ann, setting } = await two(redis, { pace: FAST })
    const outside = await openOutside(ann, setting)
    cleanups.push(outside.kill)

    outside.pause()
    await ann.saw("left")
    outside.resume()
    await ann.saw("joined")

    // What it said before it stood still may bring it back a moment before it listens anew.
    await waitUntil("it answers", () => {
      ann.tell("say", "are you there?")
      return ann.words.length > 0
    })
    expect(ann.words[0]).toBe("are you there?")
  }, 20_000)

  test("given Redis is away while 100,000 words are told, then none of them is kept", async () => {
    const redis = await aRedis()
    const { ann, bob } = await two(redis)
    bob.follow("c")
    await redis.kill()
    await waitUntil("both are cut off", () => !ann.isUp && !bob.isUp)
    const before = ann.state().dropped

    for (let word = 0; word < 100_000; word++) ann.tell("t", word)
    await Promise.resolve()
    expect(ann.state().dropped - before).toBeGreaterThanOrEqual(100_000)
    await redis.start()

    await expectHealed(ann, bob)
  }, 20_000)

  test("given Redis stands still while 40 MB are told, then no more than 16 million characters wait", async () => {
    const redis = await aRedis()
    const { ann } = await two(redis)
    redis.pause()
    const text = "x".repeat(1_000_000)

    for (let word = 0; word < 40; word++) ann.tell("t", text)
    await Promise.resolve()

    expect(ann.state().dropped).toBeGreaterThanOrEqual(22)
    expect(ann.state().dropped).toBeLessThanOrEqual(25)
    redis.resume()
  }, 20_000)

  test("given a wrong password, then the reason that is told does not hold it", async () => {
    const redis = await aRedis()
    const url = redis.url.replace(/:[^:@/]+@/, ":a-wrong-password@")
    const node = createNode({ url, prefix: freshPrefix() })
    cleanups.push(node.close)

    await node.open()

    expect(node.isUp).toBe(false)
    expect(node.reasons).toHaveLength(1)
    expect(node.reasons.join()).not.toContain("a-wrong-password")
  }, 20_000)
})
