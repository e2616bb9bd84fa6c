import { expect, test } from "bun:test"
import { createHistogram } from "../../src/ops/histogram"

test("a value belongs to the first bucket whose bound it does not pass, and the rest to one more", () => {
  const histogram = createHistogram([1, 10])

  for (const value of [0, 1, 1.5, 10, 10.5, 1000]) histogram.observe(value)

  expect(histogram.counts()).toEqual([2, 2, 2])
  expect(histogram.sum()).toBe(1023)
})
