import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { createWriteHealth } from "../../src/ops/write-health"

/** An error of the database; which one is not told apart. */
const refusal = (() => {
  try {
    new Database(":memory:").run("no SQL")
  } catch (error) {
    return error
  }
  throw new Error("the database has understood that")
})()

describe("whether writing works", () => {
  test("it does until a batch was refused, and again once one was stored", () => {
    const health = createWriteHealth()
    const seen = [health.isStuck()]
    health.failed(refusal)
    health.batchEnded()
    seen.push(health.isStuck())
    health.failed(refusal)
    health.batchEnded()
    seen.push(health.isStuck())
    health.batchEnded()
    seen.push(health.isStuck())

    expect(seen).toEqual([false, true, true, false])
  })

  test("what was stored and could not be told was stored", () => {
    const health = createWriteHealth()

    health.batchEnded()
    health.failed(new Error("a receiver broke"))
    health.batchEnded()

    expect(health.isStuck()).toBe(false)
  })
})
