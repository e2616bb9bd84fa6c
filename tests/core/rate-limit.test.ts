import { describe, expect, test } from "bun:test"
import { createRateLimit } from "../../src/core/rate-limit"
import { ChatError } from "../../src/protocol/errors"

function openLimit(perMinuteMax: number) {
  let instant = 0
  const limit = createRateLimit(perMinuteMax, () => instant)
  const isTaken = (key: string | number) => {
    try {
      limit.take(key)
      return true
    } catch (error) {
      if (error instanceof ChatError && error.code === "rate_limited") return false
      throw error
    }
  }
  return { limit, isTaken, at: (ms: number) => (instant = ms) }
}

describe("so many a minute", () => {
  test("passes 3 of 3, refuses the 4th, and passes again when the window of 60 s has ended", () => {
    const { isTaken, at } = openLimit(3)

    expect([1, 2, 3, 4].map(() => isTaken("ann"))).toEqual([true, true, true, false])
    at(59_999)
    expect(isTaken("ann")).toBe(false)
    at(60_000)
    expect(isTaken("ann")).toBe(true)
  })

  test("the window starts with the first of them, not on the minute", () => {
    const { isTaken, at } = openLimit(1)
    at(50_000)
    isTaken("ann")

    at(109_999)
    expect(isTaken("ann")).toBe(false)
    at(110_000)
    expect(isTaken("ann")).toBe(true)
  })

  test("says how long to wait", () => {
    const { limit, at } = openLimit(1)
    limit.take("ann")
    at(15_500)

    expect(() => limit.take("ann")).toThrow(
      expect.objectContaining({ code: "rate_limited", retryAfterMs: 44_500 }),
    )
  })

  test("counts each by itself", () => {
    const { isTaken } = openLimit(1)

    expect([isTaken("ann"), isTaken("bob"), isTaken(1), isTaken("1")]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(isTaken("bob")).toBe(false)
  })

  test("what is given back can be taken again, and never makes room for more than there was", () => {
    const { limit, isTaken } = openLimit(2)
    limit.take("ann")
    limit.giveBack("ann")
    limit.giveBack("ann")
    limit.giveBack("nobody")

    expect([isTaken("ann"), isTaken("ann"), isTaken("ann")]).toEqual([true, true, false])
  })

  test("given all was given back, the next one is the first, and starts the window", () => {
    const { limit, isTaken, at } = openLimit(1)
    limit.take("ann")
    limit.giveBack("ann")
    at(50_000)
    isTaken("ann")

    at(60_000)
    expect(isTaken("ann")).toBe(false)
  })

  test("0 is no limit", () => {
    const { isTaken } = openLimit(0)

    expect(Array.from({ length: 1000 }, () => isTaken("ann")).every(Boolean)).toBe(true)
  })
})
