import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import { createDatabaseWatch, type DatabaseWatch } from "../../src/cluster/database-watch"
import { ChatError } from "../../src/protocol/errors"

describe("watching the database for others", () => {
  let watch: DatabaseWatch
  let changes: number
  let looks: number
  let calls: number
  let troubles: unknown[]
  let onChange: () => Promise<void>

  beforeEach(() => {
    changes = 0
    looks = 0
    calls = 0
    troubles = []
    onChange = async () => undefined
    watch = createDatabaseWatch({
      changedElsewhere: () => {
        looks++
        return changes-- > 0
      },
      onChange: () => {
        calls++
        return onChange()
      },
      onTrouble: (error) => troubles.push(error),
    })
  })
  afterEach(() => jest.useRealTimers())

  test("looks once a second, from start to stop", () => {
    jest.useFakeTimers()
    watch.start()
    jest.advanceTimersByTime(999)
    expect(looks).toBe(0)

    jest.advanceTimersByTime(1)
    expect(looks).toBe(1)

    watch.stop()
    jest.advanceTimersByTime(60_000)
    expect(looks).toBe(1)
  })

  test("does something where there was a change, and nothing where there was none", async () => {
    await watch.look()
    expect(calls).toBe(0)

    changes = 1
    await watch.look()
    await watch.look()

    expect(calls).toBe(1)
  })

  test("given it is still at work, it does not begin again, and finds later what came meanwhile", async () => {
    const work = Promise.withResolvers<void>()
    onChange = () => work.promise
    changes = 2
    const first = watch.look()

    await watch.look()
    expect([looks, calls]).toEqual([1, 1])

    work.resolve()
    await first
    await watch.look()
    expect([looks, calls]).toEqual([2, 2])
  })

  test("given the work fails, it is told and tried again at the next look, change or not", async () => {
    const broken = new Error("the disk is full")
    onChange = () => Promise.reject(broken)
    changes = 1
    await watch.look()
    expect(troubles).toEqual([broken])

    onChange = async () => undefined
    await watch.look()
    await watch.look()

    expect(calls).toBe(2)
    expect(troubles).toEqual([broken])
  })

  test("given the database is away, nothing is said at each look, and what was missed is found when it is back", async () => {
    onChange = () => Promise.reject(new ChatError("overloaded"))
    changes = 1
    await watch.look()
    await watch.look()
    expect(troubles).toEqual([])

    onChange = async () => undefined
    await watch.look()

    expect(calls).toBe(3)
  })
})
