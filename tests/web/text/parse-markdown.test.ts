import { describe, expect, test } from "bun:test"
import { isCostly, parseMarkdown } from "../../../src/web/text/parse-markdown"

/** What parsers of Markdown are made slow with: each is repeated until a message is full. */
const HOSTILE = [
  ...["> ", ">", "- ", "* ", "1. ", "> - ", "- > ", ">- ", "[", "![", "[a](", "![a](b", "]", "[]"],
  ...["[[]", "(", "[a](((", "*a ", "**a", "_a", "a_", "*_", "**_", "`", "``a", "~~", "~~a ", "~"],
  ...["<", "<a ", "<!--", "<http://", "a@", "a.b@", "a-@", "http://", "www.", "\\", "|a", "|\n"],
  ...["a\n", "\n", " \n", "#", "# \n", "```\n", "[a]:", "&", "a**b", "*a**", "***", "*** ", "\t"],
  ...["  - a\n", "- a\n  ", "http://a.b/(", "x*", ":", ":a:", "@", "|a|b|\n|-|-|\n", "===\n", "="],
]
const charsMax = 4_000
/** Times as long as what people write: side by side, so a busy machine is no fault of the text. */
const timesMax = 200

describe("Markdown is read", () => {
  test(`a message of ${charsMax} characters that is made to be slow takes at most ${timesMax} times as long as one that is not`, () => {
    const plain = Math.max(1, msToParseFull("Some **words** of `people`, at https://a.example.\n"))
    const slow = HOSTILE.flatMap((part) => {
      const times = msToParseFull(part) / plain
      return times > timesMax ? [{ part, times }] : []
    })

    expect(slow).toEqual([])
  })

  test("quotes and lists, more than 10 within each other, stay as they stand", () => {
    for (const deep of [">".repeat(11), "> ".repeat(11), "- ".repeat(11), "1. > ".repeat(6)]) {
      expect(isCostly(`${deep}a`), deep).toBe(true)
      expect(parseMarkdown(`${deep}a`)).toMatchObject([{ type: "paragraph", raw: `${deep}a` }])
    }
    expect(isCostly(`${">".repeat(10)}a`)).toBe(false)
  })

  test("more than 600 signs of emphasis and links make it plain, but not those within code", () => {
    expect(isCostly("*a".repeat(600))).toBe(false)
    expect(isCostly("*a".repeat(601))).toBe(true)
    expect(isCostly(`\`\`\`\n${"*a".repeat(601)}\n\`\`\``)).toBe(false)
  })

  test("more than 16,000 characters are plain", () => {
    expect(isCostly("a".repeat(16_000))).toBe(false)
    expect(isCostly("a".repeat(16_001))).toBe(true)
  })

  test.each([
    ["HTML is text", "<b>a</b>", [{ type: "paragraph", text: "<b>a</b>" }]],
    ["so is a block of it", "<div>\na\n</div>", [{ type: "paragraph", text: "<div>\na\n</div>" }]],
    ["a definition says what it says", "[a]: http://b", [{ type: "paragraph" }]],
    ["a line of dashes makes no heading", "a\n---", [{ type: "paragraph" }, { type: "hr" }]],
  ])("%s", (_name, text, tokens) => {
    expect(parseMarkdown(text)).toMatchObject(tokens)
  })
})

/** What takes long once may be the collection of garbage: thrice is the text's fault. */
function msToParseFull(part: string): number {
  const text = part.repeat(charsMax).slice(0, charsMax)
  return Math.min(...[0, 1, 2].map((it) => msToParse(text + " ".repeat(it))))
}

function msToParse(text: string): number {
  const before = performance.now()
  parseMarkdown(text)
  return performance.now() - before
}
