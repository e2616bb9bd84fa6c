import { afterEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { createSharedWindows } from "../../src/cluster/shared-windows"
import { createRateLimit, type RateLimit } from "../../src/core/rate-limit"
import { ChatError } from "../../src/protocol/errors"
import { runs, timeoutMs } from "../fuzz/runs"
import { createLinkHub, type LinkHub } from "../support/link-hub"

const open: { stop(): void }[] = []
afterEach(() => {
  for (const it of open.splice(0)) it.stop()
})

/** How long is to be waited, or null where it was taken. */
function waitOf(limit: RateLimit, key: string | number): number | null {
  try {
    limit.take(key)
    return null
  } catch (error) {
    if (error instanceof ChatError) return error.retryAfterMs ?? Number.NaN
    throw error
  }
}

interface NodesOptions {
  readonly count?: number
  readonly perMinuteMax: number
  /** What the clock of each node is ahead by. */
  readonly ahead?: readonly number[]
}

function openNode(hub: LinkHub, perMinuteMax: number, now: () => number) {
  const link = hub.join()
  const shared = createSharedWindows(link)
  const limit = createRateLimit(perMinuteMax, now, shared.named("messages"))
  const node = {
    link,
    limit,
    flush: shared.flush,
    stop: shared.stop,
    wait: (key: string | number = "ann") => waitOf(limit, key),
    isTaken: (key: string | number = "ann") => waitOf(limit, key) === null,
  }
  open.push(node)
  return node
}

type Node = ReturnType<typeof openNode>

/** Nodes that have one limit together, and tell of it when the test says so. */
function openNodes({ count = 2, perMinuteMax, ahead = [] }: NodesOptions) {
  const hub = createLinkHub()
  let instant = 1_000_000
  const nodes: Node[] = []
  function join(): Node {
    const by = ahead[nodes.length] ?? 0
    const node = openNode(hub, perMinuteMax, () => instant + by)
    nodes.push(node)
    return node
  }
  for (let index = 0; index < count; index++) join()
  return {
    hub,
    nodes,
    join,
    advance: (ms: number) => {
      instant += ms
    },
    tellAll: () => {
      for (const it of nodes) it.flush()
    },
  }
}

/** The two of a test that has two. */
function openTwo(options: NodesOptions) {
  const { nodes, ...rest } = openNodes(options)
  const [a, b] = nodes
  if (a === undefined || b === undefined) throw new Error("there are two of them")
  return { a, b, nodes, ...rest }
}

describe("a limit of two nodes", () => {
  test("is one: what one has counted, the other counts too, and each key by itself", () => {
    const { a, b, tellAll } = openTwo({ perMinuteMax: 3 })
    a.isTaken()
    a.isTaken()
    tellAll()

    expect([b.isTaken(), b.isTaken(), b.isTaken("bob")]).toEqual([true, false, true])
    tellAll()
    expect([a.isTaken(), a.isTaken("bob"), a.isTaken("bob")]).toEqual([false, true, true])
  })

  test("is told by itself, within a moment", async () => {
    const { a, b } = openTwo({ perMinuteMax: 1 })
    const heard = new Promise<void>((resolve) => {
      const { node } = a.link
      b.link.hear("rate:messages", (_word, from) => from === node && resolve())
    })

    a.isTaken()

    await heard
  })

  test("lets through what was counted while a word was on its way, and no more", () => {
    const { a, b, hub, tellAll } = openTwo({ perMinuteMax: 3 })
    hub.hold()
    const before = [a, a, a, a, b, b, b, b].map((it) => it.isTaken())
    expect(before).toEqual([true, true, true, false, true, true, true, false])
    tellAll()

    hub.release()

    expect([a.isTaken(), b.isTaken()]).toEqual([false, false])
  })

  test("has a window that begins with the first on any node, and ends on both at once", () => {
    const { a, b, advance, tellAll } = openTwo({ perMinuteMax: 2 })
    a.isTaken()
    tellAll()
    advance(20_000)
    b.isTaken()
    tellAll()

    expect([a.wait(), b.wait()]).toEqual([40_000, 40_000])
    advance(39_999)
    expect([a.wait(), b.wait()]).toEqual([1, 1])
    advance(1)
    expect([a.isTaken(), b.isTaken()]).toEqual([true, true])
  })

  test("given clocks an hour apart, the window has the same end", () => {
    const { a, b, advance, tellAll } = openTwo({ perMinuteMax: 1, ahead: [0, 3_600_000] })
    a.isTaken()
    advance(15_000)
    tellAll()

    expect(b.wait()).toBe(45_000)
  })

  test("given windows that began apart, they become one that began with the earlier", () => {
    const { a, b, hub, advance, tellAll } = openTwo({ perMinuteMax: 5 })
    hub.hold()
    a.isTaken()
    advance(10_000)
    b.isTaken()
    tellAll()
    hub.release()

    const taken = [a, b, a, b].map((it) => {
      const isTaken = it.isTaken()
      tellAll()
      return isTaken
    })

    expect(taken).toEqual([true, true, true, false])
    expect([a.wait(), b.wait()]).toEqual([50_000, 50_000])
  })

  test("given one begins the next window while the other has the last one for a moment more, the next is told of whole", () => {
    const { a, b, hub, advance, tellAll } = openTwo({ perMinuteMax: 2 })
    hub.hold()
    a.isTaken()
    a.isTaken()
    tellAll()
    advance(80)
    hub.release()
    // As `b` heard it, this window began 80 ms after it did.
    advance(59_920)
    expect([a.isTaken(), a.isTaken()]).toEqual([true, true])
    tellAll()

    expect(b.wait()).toBe(60_000)
  })

  test("a word of a window that is over counts for nothing in the next", () => {
    const { a, b, hub, advance, tellAll } = openTwo({ perMinuteMax: 2 })
    a.isTaken()
    tellAll()
    advance(59_990)
    hub.hold()
    b.isTaken()
    tellAll()
    advance(10)
    expect([a.isTaken(), a.isTaken()]).toEqual([true, true])

    hub.release()

    expect(a.wait()).toBe(60_000)
    advance(59_999)
    expect(a.wait()).toBe(1)
  })

  test("what is given back can be taken on the other node", () => {
    const { a, b, tellAll } = openTwo({ perMinuteMax: 1 })
    a.isTaken()
    tellAll()
    expect(b.isTaken()).toBe(false)

    a.limit.giveBack("ann")
    tellAll()

    expect([b.isTaken(), b.isTaken()]).toEqual([true, false])
  })

  test("given all was given back on one node, the next on the other is the first, and starts the window", () => {
    const { a, b, advance, tellAll } = openTwo({ perMinuteMax: 1 })
    a.isTaken()
    tellAll()
    a.limit.giveBack("ann")
    tellAll()
    advance(50_000)
    b.isTaken()

    expect(b.wait()).toBe(60_000)
  })

  test("what the other has counted cannot be given back here", () => {
    const { a, b, tellAll } = openTwo({ perMinuteMax: 2 })
    a.isTaken()
    a.isTaken()
    tellAll()

    b.limit.giveBack("ann")
    tellAll()

    expect([a.isTaken(), b.isTaken()]).toEqual([false, false])
  })

  test("a number is another key than its digits", () => {
    const { a, b, tellAll } = openTwo({ perMinuteMax: 1 })
    a.isTaken(1)
    tellAll()

    expect([b.isTaken("1"), b.isTaken(1)]).toEqual([true, false])
  })

  test("0 is no limit, and nothing is told of it", () => {
    const { a, b, tellAll } = openTwo({ perMinuteMax: 0 })
    let words = 0
    b.link.hear("rate:messages", () => words++)

    expect(Array.from({ length: 100 }, () => a.isTaken()).every(Boolean)).toBe(true)
    tellAll()
    expect(words).toBe(0)
  })

  test("a word of what nobody here understands changes nothing", () => {
    const { a, b } = openTwo({ perMinuteMax: 1 })
    const strange: unknown[] = [
      null,
      "state",
      { type: "state" },
      { type: "state", isFresh: false, entries: [["ann", -1, 0]] },
      { type: "state", isFresh: false, entries: [["ann", 1, -1]] },
      { type: "state", isFresh: false, entries: [["ann", "1", 0]] },
      { type: "state", isFresh: false, entries: [[{}, 1, 0]] },
    ]
    for (const word of strange) a.link.tell("rate:messages", word)

    expect(b.isTaken()).toBe(true)
  })
})

describe("words that do not come", () => {
  test("make each node have the limit for itself, until they hear each other again", () => {
    const { a, b, hub, tellAll } = openTwo({ perMinuteMax: 2 })
    hub.cut()
    expect([a.isTaken(), a.isTaken(), a.isTaken()]).toEqual([true, true, false])
    tellAll()
    expect(b.isTaken()).toBe(true)

    hub.mend()

    expect([a.isTaken(), b.isTaken()]).toEqual([false, false])
  })

  test("are made good for by the next one", () => {
    const { a, b, hub, tellAll } = openTwo({ perMinuteMax: 3 })
    hub.cut()
    a.isTaken()
    tellAll()
    hub.mend()
    a.isTaken()
    tellAll()
    tellAll()

    expect([b.isTaken(), b.isTaken()]).toEqual([true, false])
  })

  test("of what was given back are made good for, too", () => {
    const { a, b, hub, tellAll } = openTwo({ perMinuteMax: 1 })
    a.isTaken()
    tellAll()
    hub.cut()
    a.limit.giveBack("ann")
    tellAll()
    expect(b.isTaken()).toBe(false)

    hub.mend()

    expect(b.isTaken()).toBe(true)
  })
})

describe("nodes that come and go", () => {
  test("one that comes is told of the minute that has passed, of however many keys", () => {
    const { a, b, join, tellAll, advance } = openTwo({ perMinuteMax: 2 })
    for (let key = 0; key < 2_500; key++) a.isTaken(key)
    b.isTaken(2_499)
    tellAll()
    advance(30_000)

    const late = join()

    expect([late.isTaken(0), late.isTaken(0), late.isTaken(2_499)]).toEqual([true, false, false])
    expect(late.wait(2_499)).toBe(30_000)
  })

  test("what one that is gone has counted goes on counting until its window ends", () => {
    const { a, b, tellAll, advance } = openTwo({ perMinuteMax: 1 })
    a.isTaken()
    tellAll()

    a.link.leave()

    expect(b.isTaken()).toBe(false)
    advance(60_000)
    expect(b.isTaken()).toBe(true)
  })

  test("one that is stopped has told all that it counted", () => {
    const { a, b } = openTwo({ perMinuteMax: 1 })
    a.isTaken()

    a.stop()

    expect(b.isTaken()).toBe(false)
  })
})

const LIMIT = 4
const KEYS = ["ann", 7] as const
const node = fc.nat({ max: 2 })
const key = fc.constantFrom(...KEYS)

const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("take" as const), node, key }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("giveBack" as const), node, key }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("tell" as const), node }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("deliver" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("lose" as const), node }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("settle" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("wait" as const) }) },
)

describe("whatever happens on three nodes", () => {
  test(
    "no more is taken than the limit and what was on its way, and once all is heard exactly the limit",
    () => {
      const ahead = fc.array(fc.integer({ min: -90_000, max: 90_000 }), {
        minLength: 3,
        maxLength: 3,
      })
      fc.assert(
        // At most 40 waits of a second: all is one window.
        fc.property(ahead, fc.array(act, { maxLength: 40 }), (clocks, acts) => {
          for (const it of KEYS) playOut(clocks, acts, it)
        }),
        runs(300),
      )
    },
    timeoutMs(300),
  )

  function playOut(ahead: readonly number[], acts: readonly Act[], watched: string | number) {
    const { hub, nodes, tellAll, advance } = openNodes({ count: 3, perMinuteMax: LIMIT, ahead })
    const own = [0, 0, 0]
    /** Taken on each node since all had heard all. */
    let untold = [0, 0, 0]
    const sum = (numbers: readonly number[]) => numbers.reduce((all, it) => all + it, 0)

    const moves = {
      take({ node, key }: { readonly node: number; readonly key: string | number }) {
        const isTaken = nodes[node]?.isTaken(key)
        if (key !== watched) return
        const onItsWay = sum(untold.toSpliced(node, 1, 0))
        if (isTaken) {
          own[node] = (own[node] ?? 0) + 1
          untold[node] = (untold[node] ?? 0) + 1
          expect(sum(own)).toBeLessThanOrEqual(LIMIT + onItsWay)
        }
      },
      giveBack({ node, key }: { readonly node: number; readonly key: string | number }) {
        nodes[node]?.limit.giveBack(key)
        if (key === watched) own[node] = Math.max(0, (own[node] ?? 0) - 1)
      },
      settle() {
        hub.release()
        hub.mend()
        tellAll()
        untold = [0, 0, 0]
        // Each says what it knows, and nothing has come of it.
        for (const it of nodes) {
          const isTaken = it.isTaken(watched)
          if (isTaken) it.limit.giveBack(watched)
          expect(isTaken).toBe(sum(own) < LIMIT)
        }
        tellAll()
        hub.hold()
      },
    }

    hub.hold()
    for (const it of acts) {
      switch (it.type) {
        case "take":
          moves.take(it)
          break
        case "giveBack":
          moves.giveBack(it)
          break
        case "tell":
          nodes[it.node]?.flush()
          break
        case "deliver":
          hub.release()
          hub.hold()
          break
        case "lose":
          hub.cut()
          nodes[it.node]?.flush()
          hub.mend()
          break
        case "settle":
          moves.settle()
          break
        case "wait":
          advance(1_000)
          break
      }
    }
    moves.settle()
    for (const it of nodes) it.stop()
  }
})

type Act = typeof act extends fc.Arbitrary<infer Made> ? Made : never
