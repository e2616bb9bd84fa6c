import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { readCalls } from "../../../src/core/mentions"
import { splitText } from "../../../src/web/text/split-text"

const callsOf = (text: string) =>
  splitText(text).flatMap((piece) => (piece.type === "call" ? [piece.name] : []))

describe("calls and shortcodes in a text", () => {
  test.each([
    ["hi @ann", ["ann"]],
    ["@Ann, @bob.", ["ann", "bob"]],
    ["mail ann@parley.example", []],
    ["a/@ann", []],
    ["@ann@bob", []],
    ["@room now", ["room"]],
  ])("in %j it calls %j", (text, names) => {
    expect(callsOf(text)).toEqual(names)
  })

  test.each([
    [":tada:", ["tada"]],
    ["well :+1: done", ["+1"]],
    ["at 10:30:45", []],
    ["::tada::", []],
    ["a:tada:", []],
  ])("in %j the names of emoji are %j", (text, names) => {
    const found = splitText(text).flatMap((it) => (it.type === "shortcode" ? [it.name] : []))

    expect(found).toEqual(names)
  })

  test("whatever it is, nothing of it is lost, and it calls whom the server hears called", () => {
    const parts = fc.constantFrom("@", "ann", "bob_c", ".", "-", " ", ":", "tada", "ä", "/", "\n")
    const texts = fc.array(parts, { maxLength: 20 }).map((it) => it.join(""))
    fc.assert(
      fc.property(texts, (text) => {
        const pieces = splitText(text)

        expect(pieces.map((it) => it.text).join("")).toBe(text)
        const named = callsOf(text).filter((name) => /^[a-z0-9_.-]{2,32}$/.test(name))
        expect([...new Set(named)]).toEqual([...readCalls(text)])
      }),
      { numRuns: 500 },
    )
  })
})
