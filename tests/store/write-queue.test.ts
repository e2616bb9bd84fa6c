import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { BusMessage } from "../../src/protocol/events"
import { asKeyId } from "../../src/protocol/ids"
import { createWriteQueue, type PendingWrite } from "../../src/store/write-queue"
import { codeOf } from "../support/chat"

/** An event that only says which write it belongs to. */
const event = (name: string): BusMessage => ({ type: "key.revoked", keyId: asKeyId(name) })
const nameOf = (message: BusMessage) => ("keyId" in message ? message.keyId : message.type)

interface QueueOptions {
  readonly waitingMax?: number
  readonly isBroken?: () => boolean
}

/** A database that only remembers, in the order in which things happened. */
function openQueue({ waitingMax = 1000, isBroken = () => false }: QueueOptions = {}) {
  const happened: string[] = []
  const queue = createWriteQueue({
    commit(writes: readonly PendingWrite[]) {
      if (isBroken()) throw new Error("the disk is full")
      const outcomes = writes.map((write) => {
        try {
          return { written: write.write() }
        } catch (error) {
          return { error }
        }
      })
      happened.push(`commit of ${writes.length}`)
      return outcomes
    },
    publish: (message) => {
      happened.push(`told ${nameOf(message)}`)
      return undefined
    },
    onBatch: (size, milliseconds) => {
      if (milliseconds < 0) throw new Error("time runs backwards")
      happened.push(`batch of ${size}`)
    },
    waitingMax,
  })
  const write = (name: string) =>
    queue
      .submit(() => ({ result: name, events: [event(name)] }))
      .then((answer) => {
        happened.push(`answered ${answer}`)
      })
  return { queue, happened, write }
}

describe("the write queue", () => {
  test("given three writes in one turn, they share one commit, and are told before any is answered", async () => {
    const { happened, write } = openQueue()

    await Promise.all([write("a"), write("b"), write("c")])

    expect(happened).toEqual([
      "commit of 3",
      "batch of 3",
      ...["told a", "told b", "told c"],
      ...["answered a", "answered b", "answered c"],
    ])
  })

  test("given a write in a later turn, it has a commit of its own", async () => {
    const { happened, write } = openQueue()

    await write("a")
    await write("b")

    expect(happened.filter((it) => it.startsWith("commit"))).toEqual(["commit of 1", "commit of 1"])
  })

  test("given a write that throws, only it is refused, and nothing is told of it", async () => {
    const { queue, happened, write } = openQueue()

    const before = write("a")
    const refused = queue.submit(() => {
      throw new TypeError("no")
    })
    const outcomes = await Promise.allSettled([before, refused, write("b")])

    expect(outcomes[1]).toEqual({ status: "rejected", reason: new TypeError("no") })
    expect(happened).toEqual([
      "commit of 3",
      "batch of 3",
      ...["told a", "told b"],
      ...["answered a", "answered b"],
    ])
  })

  test("given a commit that fails, nobody is told, everybody is refused, and the next one works", async () => {
    let isBroken = true
    const { happened, write } = openQueue({ isBroken: () => isBroken })

    const outcomes = await Promise.allSettled([write("a"), write("b")])
    isBroken = false
    await write("c")

    const isFull = { status: "rejected", reason: new Error("the disk is full") } as const
    expect(outcomes).toEqual([isFull, isFull])
    expect(happened).toEqual(["batch of 2", "commit of 1", "batch of 1", "told c", "answered c"])
  })

  test("given 3 may wait, then the 4th of a turn is overloaded, and the next turn has room again", async () => {
    const { happened, write } = openQueue({ waitingMax: 3 })

    const accepted = [write("a"), write("b"), write("c")]
    expect(await codeOf(write("d"))).toBe("overloaded")
    await Promise.all(accepted)
    await write("e")

    expect(happened.filter((it) => it.startsWith("told"))).toEqual([
      ...["told a", "told b", "told c"],
      "told e",
    ])
  })

  test("given writes wait, flush commits them before it returns, once", async () => {
    const { queue, happened, write } = openQueue()
    const waiting = [write("a"), write("b")]

    queue.flush()

    expect(happened).toContain("commit of 2")
    await Promise.all(waiting)
    queue.flush()
    expect(happened.filter((it) => it.startsWith("commit"))).toEqual(["commit of 2"])
  })

  test("any mix of writes, refusals and turns commits and is told in the order it was asked for", async () => {
    const mix = fc.array(fc.constantFrom("write", "refusal", "turn"), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(mix, async (steps) => {
        const { queue, happened, write } = openQueue()
        const tasks: Promise<unknown>[] = []
        for (const [index, step] of steps.entries()) {
          if (step === "write") tasks.push(write(`${index}`))
          if (step === "turn") await Promise.all(tasks)
          if (step === "refusal") {
            const refused = queue.submit(() => {
              throw new TypeError("no")
            })
            tasks.push(refused.catch(() => undefined))
          }
        }
        await Promise.all(tasks)

        const written = [...steps.keys()].filter((index) => steps[index] === "write")
        const lines = (prefix: string) => happened.filter((it) => it.startsWith(prefix))
        expect(lines("told")).toEqual(written.map((it) => `told ${it}`))
        expect(lines("answered")).toEqual(written.map((it) => `answered ${it}`))
      }),
      { numRuns: 50 },
    )
  })
})

test("a write whose event must arrive everywhere is answered when it has, and others before", async () => {
  let arrive: () => void = () => undefined
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const queue = createWriteQueue({
    commit: (writes) => writes.map((it) => ({ written: it.write() })),
    publish: (message) => (nameOf(message) === "far" ? arrived : undefined),
    waitingMax: 10,
  })
  const answered: string[] = []
  const submit = (name: string) =>
    queue
      .submit(() => ({ result: name, events: [event(name)] }))
      .then((result) => answered.push(result))

  const all = [submit("far"), submit("near")]
  await all[1]
  await Bun.sleep(0)
  expect(answered).toEqual(["near"])

  arrive()
  await Promise.all(all)
  expect(answered).toEqual(["near", "far"])
})
