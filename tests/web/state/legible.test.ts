import { describe, expect, test } from "bun:test"
import { legible } from "../../../src/web/state/legible"

describe("a name that somebody has given themselves", () => {
  test.each([
    ["Ann Lee"],
    ["José"],
    ["👩‍👩‍👧"],
    ["नमस्ते"],
    ["می‌خواهم"],
    ["Nguyễn Văn Ân"],
    ["<b>ann</b>"],
  ])("%j is shown as it is", (name) => {
    expect(legible(name, "ann")).toBe(name)
  })

  test.each([
    ["turns nothing around", "\u202Egnp.ann\u202C", "gnp.ann"],
    ["does not turn what stands behind it", "ann\u2067", "ann"],
    ["stays on one line", "ann\n\n  joined\tthe room", "ann joined the room"],
    ["has nothing unseen in it", "a\u200Bn\u2060n", "a n n"],
    [
      "has no more than four marks on a letter",
      `a${"\u0301".repeat(50)}b`,
      `a${"\u0301".repeat(4)}b`,
    ],
  ])("%s", (_what, name, shown) => {
    expect(legible(name, "ann")).toBe(shown)
  })

  test.each(["   ", "\u200B\u200B", "\u202E", "\u3164", "\u200D", "\u2800"])(
    "%j is nothing to see, and another one is shown",
    (name) => {
      expect(legible(name, "ann")).toBe("ann")
    },
  )
})
