import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { contentProblem } from "../../src/core/content"
import { draft, noRoom } from "../support/chat"

const problem = (content: string, type: "text" | "image" | "file" = "text", max = 4000) =>
  contentProblem(draft(noRoom, { content, type }), { messageCharsMax: max })

describe("the content of a message", () => {
  test("may have 4000 code points, not 4001, however many code units they take", () => {
    expect(problem("a".repeat(4000))).toBeNull()
    expect(problem("a".repeat(4001))).toBe("must have at most 4000 characters")
    expect(problem("🙂".repeat(4000))).toBeNull()
    expect(problem("🙂".repeat(4001))).toBe("must have at most 4000 characters")
    expect(problem(`${"🙂".repeat(3999)}aa`)).toBe("must have at most 4000 characters")
  })

  test("has no bound of its own where the limit is 0", () => {
    expect(problem("a".repeat(100_000), "text", 0)).toBeNull()
  })

  test("is counted as its code points are, whatever the text", () => {
    const text = fc.string({ unit: "binary", maxLength: 12 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (content, max) => {
        const isTooLong = [...content].length > max
        expect(problem(content, "text", max) !== null).toBe(isTooLong)
      }),
    )
  })

  test.each([
    ["https://example.org/cat.png", true],
    ["HTTP://example.org/cat.png", true],
    ["/uploads/1", true],
    ["/", true],
    ["//evil.example/cat.png", false],
    ["/\\evil.example/cat.png", false],
    ["javascript:alert(1)", false],
    [" https://example.org", false],
    ["data:image/svg+xml,<svg/>", false],
    ["https://", false],
    ["https://a b", false],
    ["cat.png", false],
  ])("of an image or a file: %p is accepted: %p", (content, isAccepted) => {
    for (const type of ["image", "file"] as const) {
      expect(problem(content, type) === null).toBe(isAccepted)
    }
    expect(problem(content, "text")).toBeNull()
  })
})
