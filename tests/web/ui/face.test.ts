import { describe, expect, test } from "bun:test"
import { initialsOf, tintOf } from "../../../src/web/ui/face"

describe("a face without a picture", () => {
  test.each([
    ["ann", "A"],
    ["Ann Lee", "AL"],
    ["ann.marie-lee", "AM"],
    ["👩‍👩‍👧 family", "👩‍👩‍👧F"],
    ["", ""],
    ["  ", ""],
  ])("of %s has the letters %s", (name, letters) => {
    expect(initialsOf(name)).toBe(letters)
  })

  test("has one of 8 colours, always the same", () => {
    const tints = Array.from({ length: 200 }, (_, index) => tintOf(`user-${index}`))

    expect(new Set(tints)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
    expect(tintOf("user-7")).toBe(tints[7] ?? -1)
  })
})
