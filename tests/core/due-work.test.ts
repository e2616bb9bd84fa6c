import { expect, test } from "bun:test"
import { createDueWork } from "../../src/core/due-work"
import { ChatError } from "../../src/protocol/errors"
import { waitUntil } from "../support/wait"

test("looks again after a turn that failed, tells of it but for the database's trouble, and ends", async () => {
  const troubles: unknown[] = []
  const outcomes = [new Error("a fault"), new ChatError("overloaded")]
  let turns = 0
  const work = createDueWork({
    turn: async () => {
      const outcome = outcomes[turns++]
      if (outcome !== undefined) throw outcome
      return null
    },
    now: Date.now,
    onTrouble: (error) => troubles.push(error),
    everyMs: 5,
  })

  work.start()
  await waitUntil("it has looked again", () => turns > 3)
  await work.stop()
  const at = turns
  await Bun.sleep(20)

  expect(troubles.map(String)).toEqual(["Error: a fault"])
  expect(turns).toBe(at)
})

test("stopping waits for the turn that is under way, and none follows it", async () => {
  const { promise, resolve } = Promise.withResolvers<null>()
  let turns = 0
  const work = createDueWork({
    turn: () => {
      turns++
      return promise
    },
    now: Date.now,
    onTrouble: (error) => expect(error).toBeUndefined(),
    everyMs: 5,
  })
  let isStopped = false

  work.start()
  const stopping = work.stop().then(() => {
    isStopped = true
  })
  await Bun.sleep(20)
  expect(isStopped).toBe(false)
  resolve(null)
  await stopping
  await Bun.sleep(20)

  expect(turns).toBe(1)
})

test("comes back when the next one is due, and not only with the next look", async () => {
  let turns = 0
  const startedAt = performance.now()
  const work = createDueWork({
    turn: async () => (turns++ === 0 ? Date.now() + 40 : null),
    now: Date.now,
    onTrouble: (error) => expect(error).toBeUndefined(),
    everyMs: 60_000,
  })

  work.start()
  await waitUntil("it comes back", () => turns === 2)
  await work.stop()

  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39)
})
