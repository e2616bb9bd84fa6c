import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { createHeights, extentOf, isShort, rowAt, topsOf } from "../../../src/web/messages/layout"

const keysOf = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`)

describe("the heights of rows", () => {
  test("are guessed until one was seen, and then taken to be like those that were", () => {
    const heights = createHeights(50)
    expect(heights.of("a")).toBe(50)

    heights.set("b", 100)
    heights.set("c", 200)

    expect(heights.of("a")).toBe(150)
    expect(heights.known("a")).toBeNull()
    expect(heights.of("b")).toBe(100)
  })

  test("say whether a row has changed its height", () => {
    const heights = createHeights(50)

    expect(heights.set("a", 70)).toBe(true)
    expect(heights.set("a", 70)).toBe(false)
    expect(heights.set("a", 71)).toBe(true)
    expect(heights.of("other")).toBe(71)
  })

  test("of rows that are gone are forgotten, and count no more", () => {
    const heights = createHeights(50)
    heights.set("a", 10)
    heights.set("b", 90)

    heights.keep(new Set(["b"]))

    expect(heights.size).toBe(1)
    expect(heights.of("a")).toBe(90)
  })
})

describe("which rows are there", () => {
  const tops = topsOf(keysOf(100), createHeights(20))

  test("the row at a place, and the nearest one beyond either end", () => {
    expect([-5, 0, 19, 20, 1999, 5000].map((y) => rowAt(tops, y))).toEqual([0, 0, 0, 1, 99, 99])
  })

  test("those in sight and within the margin, with the room that the others take", () => {
    const extent = extentOf(tops, { top: 1000, bottom: 1100 }, 40)

    expect(extent).toEqual({ first: 48, end: 58, before: 960, after: 840 })
  })

  test("of an empty list none", () => {
    const none = extentOf(topsOf([], createHeights(20)), { top: 0, bottom: 100 }, 40)

    expect(none).toEqual({ first: 0, end: 0, before: 0, after: 0 })
  })

  test("rows are missing only once sight comes near the last that is there", () => {
    const extent = extentOf(tops, { top: 1000, bottom: 1100 }, 400)
    const isShortAt = (top: number) => isShort(extent, tops, { top, bottom: top + 100 }, 100)

    expect([700, 701, 1000, 1299].map(isShortAt)).toEqual([false, false, false, false])
    expect([699, 1321].map(isShortAt)).toEqual([true, true])
  })

  test("none is missing beyond the ends of the list", () => {
    const all = extentOf(tops, { top: 0, bottom: 2000 }, 0)

    expect(isShort(all, tops, { top: -500, bottom: 2500 }, 1000)).toBe(false)
  })

  test("whatever the heights are, the rows cover what is in sight and nothing is lost", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: -500, max: 9000 }),
        fc.integer({ min: 0, max: 800 }),
        (sizes, top, margin) => {
          const keys = keysOf(sizes.length)
          const heights = createHeights(30)
          sizes.forEach((size, index) => {
            heights.set(keys[index] ?? "", size)
          })
          const sums = topsOf(keys, heights)
          const total = sizes.reduce((sum, size) => sum + size, 0)

          const extent = extentOf(sums, { top, bottom: top + 300 }, margin)
          const shown = sizes.slice(extent.first, extent.end).reduce((sum, it) => sum + it, 0)

          expect(extent.before + shown + extent.after).toBe(total)
          expect(extent.end).toBeGreaterThan(extent.first)
          expect(isShort(extent, sums, { top, bottom: top + 300 }, margin)).toBe(false)
        },
      ),
    )
  })
})
