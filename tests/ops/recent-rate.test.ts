import { expect, test } from "bun:test"
import { createRecentRate } from "../../src/ops/recent-rate"

/** Counts so many a second, and looks once a second. */
function afterSeconds(counted: readonly number[]) {
  let total = 0
  let elapsed = 0
  const rate = createRecentRate({ total: () => total, elapsedMs: () => elapsed })
  rate.tick()
  for (const count of counted) {
    total += count
    elapsed += 1000
    rate.tick()
  }
  return rate
}

test.each([
  ["nothing has been counted", [0, 0], 0],
  ["it is steady", [5, 5, 5], 5],
  ["it began lately", [0, 0, 0, 8], 2],
  ["it is over, for longer than it looks back", [1000, ...Array(10).fill(0)], 0],
])("given %s, then the rate is that of the last ten seconds", (_what, counted, perSecond) => {
  expect(afterSeconds(counted).perSecond()).toBe(perSecond)
})

test("a few in the first moment are not a rate of thousands", () => {
  let total = 0
  const rate = createRecentRate({ total: () => total, elapsedMs: () => 1 })
  rate.tick()
  total = 3

  expect(rate.perSecond()).toBe(3)
})
