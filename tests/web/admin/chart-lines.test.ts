import { describe, expect, test } from "bun:test"
import { lineOf, nearestTo, spanOf, topOf } from "../../../src/web/admin/chart-lines"
import { sayBytes, sayCount, sayDuration, sayMilliseconds } from "../../../src/web/admin/say-figure"

const topFor = (values: readonly (number | null)[], least = 1, unit = 1) =>
  topOf([{ label: "a", values }], { least, unit })

test.each([
  [[0, 3], 1, 1, 5],
  [[5.001], 1, 1, 5],
  [[5.1], 1, 1, 10],
  [[101], 1, 1, 200],
  [[0.03], 0.01, 1, 0.05],
  [[], 5, 1, 5],
  [[null, 1], 10, 1, 10],
  [[150 * 1024], 1024, 1024, 200 * 1024],
] as const)(
  "a chart of %p, at least %p, of units of %p, is %p high",
  (values, least, unit, top) => {
    expect(topFor(values, least, unit)).toBeCloseTo(top, 8)
  },
)

describe("a line", () => {
  const span = { from: 0, to: 100 }

  test("goes from the left to the right, and up from the bottom", () => {
    expect(lineOf([0, 5, 10], [0, 50, 100], { top: 10, span })).toBe("M0 100L0 100L500 50L1000 0")
  })

  test("is broken where there is no value, and a value by itself is a dot", () => {
    expect(lineOf([1, null, 2], [0, 50, 100], { top: 2, span })).toBe("M0 50L0 50M1000 0L1000 0")
  })

  test("of nothing is nothing", () => {
    expect(lineOf([], [], { top: 1, span })).toBe("")
    expect(lineOf([null], [1], { top: 1, span })).toBe("")
  })
})

test.each([
  [[], 60_000],
  [[40_000], 60_000],
  [[-20_001], 120_000],
  [[-1_000_000], 300_000],
] as const)("with samples since %p a chart goes back %p ms", (times, length) => {
  expect(spanOf(times, 40_000)).toEqual({ from: 40_000 - length, to: 40_000 })
})

test("the nearest instant is found, if there is any", () => {
  expect(nearestTo(49, [0, 40, 60])).toBe(1)
  expect(nearestTo(1_000, [0, 40, 60])).toBe(2)
  expect(nearestTo(1, [])).toBe(-1)
})

test("figures are said shortly, as the language has it", () => {
  expect(sayCount(1234.5, "en")).toBe("1,235")
  expect(sayCount(3.26, "de")).toBe("3,3")
  expect(sayBytes(150 * 1024 ** 2, "en")).toBe("150 MiB")
  expect(sayBytes(1.5 * 1024 ** 3, "de")).toBe("1,5 GiB")
  expect(sayMilliseconds(0.314, "en")).toBe("0.31 ms")
  expect(sayMilliseconds(12.6, "en")).toBe("13 ms")
})

test.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [61_000, "1 min 1 s"],
  [3_600_000, "1 h 0 min"],
  [90_061_000, "1 d 1 h"],
])("%p ms are %p", (milliseconds, said) => {
  expect(sayDuration(milliseconds)).toBe(said)
})
