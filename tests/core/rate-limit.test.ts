import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { createSharedWindows } from "../../src/cluster/shared-windows"
import { createRateLimit } from "../../src/core/rate-limit"
import { ChatError } from "../../src/protocol/errors"
import { createLinkHub } from "../support/link-hub"

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

describe("a node that is alone", () => {
  const act = fc.record({
    key: fc.constantFrom("ann", "bob", 1),
    isGivenBack: fc.boolean(),
    afterMs: fc.nat({ max: 25_000 }),
  })

  test("counts as one that could have others, to the word, whatever is taken and given back", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const shared = createSharedWindows(createLinkHub().join())
        let instant = 0
        const now = () => instant
        const limits = [
          createRateLimit(3, now),
          createRateLimit(3, now, shared.named("messages")),
          asSpecified(3, now),
        ]
        for (const { key, isGivenBack, afterMs } of acts) {
          instant += afterMs
          const [alone, withOthers, specified] = limits.map((it) => {
            if (isGivenBack) return it.giveBack(key)
            try {
              it.take(key)
              return "taken"
            } catch (error) {
              return error instanceof ChatError ? error.retryAfterMs : error
            }
          })
          expect(alone).toEqual(specified)
          expect(withOthers).toEqual(specified)
        }
        shared.stop()
      }),
      { seed: 4711, numRuns: 300 },
    )
  })
})

/** What a limit is, said as plainly as it can be: it keeps all that it ever counted. */
function asSpecified(perMinuteMax: number, now: () => number) {
  const windows = new Map<string | number, { startedAt: number; count: number }[]>()
  const latest = (key: string | number) => {
    const window = windows.get(key)?.at(-1)
    return window !== undefined && now() - window.startedAt < 60_000 ? window : undefined
  }
  return {
    take(key: string | number) {
      let window = latest(key)
      if (window === undefined) {
        window = { startedAt: now(), count: 0 }
        windows.set(key, [...(windows.get(key) ?? []), window])
      }
      if (window.count === perMinuteMax) {
        const retryAfterMs = window.startedAt + 60_000 - now()
        throw new ChatError("rate_limited", { detail: "too many", retryAfterMs })
      }
      window.count++
    },
    giveBack(key: string | number) {
      const window = latest(key)
      if (window === undefined) return
      window.count--
      if (window.count === 0) windows.get(key)?.pop()
    },
  }
}
