import { describe, expect, test } from "bun:test"
import { mayCall, readCalls } from "../../src/core/mentions"

describe("whom a text calls", () => {
  const texts: readonly [string, readonly string[]][] = [
    ["@ann", ["ann"]],
    ["hi @ann and @bob", ["ann", "bob"]],
    ["@bob, then @ann, then @bob again", ["bob", "ann"]],
    ["@ANN and @Ann", ["ann"]],
    ["Is that so, @ann?", ["ann"]],
    ["Ask @ann.", ["ann"]],
    ["Ask @ann...", ["ann"]],
    ["@ann-", ["ann"]],
    ["@a.n-n_1!", ["a.n-n_1"]],
    ["@ann: look (@bob), '@cleo', *@dan*, [@eli]", ["ann", "bob", "cleo", "dan", "eli"]],
    ["first\n@ann\n-@bob", ["ann", "bob"]],
    [".@ann …@bob", ["ann", "bob"]],
    ["@42", ["42"]],
    ["@room and @ann", ["room", "ann"]],
    ["@ROOM", ["room"]],
    [`@${"x".repeat(32)}`, ["x".repeat(32)]],
    // Words and addresses.
    ["ann@example.org", []],
    ["a-@example.org and a_@example.org", []],
    ["é@ann", []],
    ["e\u0301@ann", []],
    ["7@ann", []],
    ["@ann@example.org", []],
    ["@@ann", []],
    ["@anné", []],
    ["@ann.é", []],
    ["https://example.org/@ann", []],
    ["a+@ann", []],
    // Nobody's name.
    ["@", []],
    ["@ ann", []],
    ["@a", []],
    ["@a.", []],
    ["@...", []],
    [`@${"x".repeat(33)}`, []],
    ["@éva", []],
    ["", []],
  ]
  test.each(texts)("%j: %j", (text, names) => {
    expect(readCalls(text)).toEqual([...names])
    // It may say yes where nobody is, and never no where somebody is.
    if (names.length > 0) expect(mayCall(text)).toBe(true)
  })

  test("the first 50 names of a text are looked up", () => {
    const names = Array.from({ length: 60 }, (_, index) => `user-${index}`)

    const text = names.map((name) => `@${name} @${name}`).join(" ")

    expect(readCalls(text)).toEqual(names.slice(0, 50))
  })

  test.each(["hello", "ann@example.org", "a @ b", "see https://example.org/@ann", "@@", "@anné"])(
    "%j need not be looked at further",
    (text) => {
      expect(mayCall(text)).toBe(false)
    },
  )

  test("the longest text is read at once, whatever it is", () => {
    const hostile = ["@", "@a", "@a.", "a@", "@_-.", "é@", "@aé"].map((it) => it.repeat(32_768))
    hostile.push(`@${"a".repeat(65_000)}é`, `${"@ab ".repeat(1_000)}${"-".repeat(60_000)}@`)

    const before = process.cpuUsage()
    for (const text of hostile) readCalls(text)

    // Of the processor, in microseconds: a machine may have other things to do.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
  })
})
