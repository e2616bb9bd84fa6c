import { expect, test } from "bun:test"
import { asSessionId } from "../../src/protocol/ids"
import { createWriteQueue } from "../../src/store/write-queue"

// One event that could not be encoded left every sender of its batch without an answer.
test("given telling an event fails, then every write of the batch is answered all the same", async () => {
  const failures: unknown[] = []
  const queue = createWriteQueue({
    commit: (writes) => writes.map((it) => ({ written: it.write() })),
    publish: () => {
      throw new Error("no words for this")
    },
    onTellFailed: (error) => failures.push(error),
    waitingMax: 10,
  })
  const events = [{ type: "session.revoked", sessionId: asSessionId("s") }] as const

  const answers = await Promise.all([
    queue.submit(() => ({ result: 1, events })),
    queue.submit(() => ({ result: 2, events })),
  ])

  expect(answers).toEqual([1, 2])
  expect(failures).toHaveLength(2)
})
