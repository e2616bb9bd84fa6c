import { describe, expect, test } from "bun:test"
import {
  continueList,
  insertText,
  makeLink,
  toggleCode,
  toggleLines,
  toggleMark,
  type Writing,
} from "../../../src/web/composer/text-edits"

/** A text in which `<` and `>` stand around what is selected, or `|` where the caret is. */
function writing(text: string): Writing {
  const start = text.search(/[<|]/)
  const end = text.includes("|") ? start : text.indexOf(">") - 1
  return { text: text.replace(/[<>|]/g, ""), start, end }
}

function written({ text, start, end }: Writing): string {
  if (start === end) return `${text.slice(0, start)}|${text.slice(start)}`
  return `${text.slice(0, start)}<${text.slice(start, end)}>${text.slice(end)}`
}

describe("marks", () => {
  test.each([
    ["a <b> c", "**", "a **<b>** c"],
    ["a **<b>** c", "**", "a <b> c"],
    ["a <**b**> c", "**", "a <b> c"],
    ["a|", "**", "a**|**"],
    ["a**|**", "**", "a|"],
    ["**a|**", "**", "**a**|"],
    ["**a**|", "**", "**a****|**"],
    ["a **<b>** c", "*", "a ***<b>*** c"],
    ["a *<b>* c", "*", "a <b> c"],
    ["<a>", "~~", "~~<a>~~"],
  ])("%j with %j is %j", (before, mark, after) => {
    expect(written(toggleMark(writing(before), mark))).toBe(after)
  })

  test("code on one line stands between marks, more of it between fences", () => {
    expect(written(toggleCode(writing("a <b>")))).toBe("a `<b>`")
    expect(written(toggleCode(writing("a <b\nc> d")))).toBe("a \n```\n<b\nc>\n```\n d")
  })
})

describe("lines", () => {
  test.each([
    ["a|", "- ", "- a|"],
    ["- a|", "- ", "a|"],
    ["a\n<b\nc>\nd", "+ ", "a\n+ <b\n+ c>\nd"],
    ["+ <a\n+ b>", "+ ", "<a\nb>"],
    ["|", "- ", "- |"],
  ])("%j with %j is %j", (before, prefix, after) => {
    expect(written(toggleLines(writing(before), prefix))).toBe(after)
  })
})

describe("a new line", () => {
  test.each([
    ["- a|", "- a\n- |"],
    ["  * a|b", "  * a\n  * |b"],
    ["9. a|", "9. a\n10. |"],
    ["1) a|", "1) a\n2) |"],
    ["- [x] a|", "- [x] a\n- [ ] |"],
    ["x\n- |", "x\n|"],
  ])("in %j goes on as %j", (before, after) => {
    const next = continueList(writing(before))

    expect(next === null ? null : written(next)).toBe(after)
  })

  test("in a quote goes on with it", () => {
    expect(continueList({ text: "> a", start: 3, end: 3 })?.text).toBe("> a\n> ")
  })

  test.each(["a|", "-a|", "|- a", "- <a>", "|"])("in %j is plain", (before) => {
    expect(continueList(writing(before))).toBeNull()
  })
})

test("what is inserted replaces what is selected, and the caret stands behind it", () => {
  expect(written(insertText(writing("a <b> c"), "xyz"))).toBe("a xyz| c")
})

test("a text becomes a link to be typed, an address one without a text", () => {
  expect(makeLink({ text: "a b", start: 2, end: 3 })).toEqual({
    text: "a [b](https://)",
    start: 14,
    end: 14,
  })
  expect(makeLink({ text: "https://a.example", start: 0, end: 17 })).toEqual({
    text: "[](https://a.example)",
    start: 1,
    end: 1,
  })
})
