import { describe, expect, test } from "bun:test"
import { plainText } from "../../../src/web/text/plain-text"

describe("a message on one line", () => {
  test.each([
    ["**bold** and _em_ and `code`", "bold and em and code"],
    ["# Title\n\ntext", "Title text"],
    ["a\nb", "a b"],
    ["- one\n- two", "one two"],
    ["- [x] done", "done"],
    ["> said\n\nanswer", "said answer"],
    ["[here](https://parley.example)", "here"],
    ["![a cat](https://parley.example/cat.png)", "a cat"],
    ["```ts\nconst a = 1\n```", "const a = 1"],
    ["| a | b |\n|---|---|\n| c | d |", "a b c d"],
    ["<b>x</b>", "<b>x</b>"],
    ["a \\* b", "a * b"],
    ["", ""],
  ])("%j is %j", (markdown, line) => {
    expect(plainText(markdown)).toBe(line)
  })

  test("has 200 characters at the most", () => {
    expect(plainText("😂".repeat(200))).toBe("😂".repeat(200))
    expect(plainText("😂".repeat(201))).toBe(`${"😂".repeat(199)}…`)
  })
})
