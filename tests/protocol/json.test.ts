import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { isWithinDepth } from "../../src/protocol/json"

/** Without care for time: how many levels there are. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

describe("the depth of JSON", () => {
  test("is bounded at exactly so many levels, whatever the JSON is", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const value: unknown = JSON.parse(text)
        const depth = depthOf(value)

        expect(isWithinDepth(value, depth)).toBe(true)
        if (depth > 0) expect(isWithinDepth(value, depth - 1)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test("counts what hides beside shallower values, and in a field called __proto__", () => {
    for (const text of ['[1,[],{"a":[1]}]', '{"a":1,"b":{},"c":[{}]}', '{"__proto__":{"a":{}}}']) {
      expect([2, 3].map((levels) => isWithinDepth(JSON.parse(text), levels))).toEqual([false, true])
    }
  })

  test("is looked at no deeper than asked, however deep it is", () => {
    const deep = JSON.parse("[".repeat(100_000) + "]".repeat(100_000))

    expect(isWithinDepth(deep, 32)).toBe(false)
  })

  test("is none for bytes, which a packet may hold", () => {
    expect(isWithinDepth(Buffer.from("abc"), 0)).toBe(true)
    expect(isWithinDepth({ a: new Uint8Array(3) }, 1)).toBe(true)
    expect(isWithinDepth({ a: new Uint8Array(3) }, 0)).toBe(false)
  })
})
