import { describe, expect, test } from "bun:test"
import { isSomebodyUnknown, matchPeople, readAsked } from "../../../src/web/composer/completion"

const asked = (text: string) => readAsked(text.replace("|", ""), text.indexOf("|"))

describe("what is being typed", () => {
  test.each([
    ["@|", { kind: "person", query: "", from: 0, to: 1 }],
    ["hi @an| there", { kind: "person", query: "an", from: 3, to: 6 }],
    ["(@Ann_b.c|", { kind: "person", query: "Ann_b.c", from: 1, to: 9 }],
    ["a\n@b|", { kind: "person", query: "b", from: 2, to: 4 }],
    ["so :tad|", { kind: "emoji", query: "tad", from: 3, to: 7 }],
    [":+1|", { kind: "emoji", query: "+1", from: 0, to: 3 }],
    ["/|", { kind: "command", query: "", from: 0, to: 1 }],
    ["/to|", { kind: "command", query: "to", from: 0, to: 3 }],
  ] as const)("in %j it is a name", (text, found) => {
    expect(asked(text)).toEqual(found)
  })

  test.each([
    ...["|@ann", "ann@parley|", "a/@b|", "@ann |", ":t|", "10:30|", "a:bc|", " /to|", "/topic |"],
    ...["a/|", `@${"a".repeat(33)}|`],
  ])("in %j it is none", (text) => {
    expect(asked(text)).toBeNull()
  })

  test("a long text is looked at for 64 characters before the caret only", () => {
    const text = `${"@a ".repeat(20_000)}@bo`

    expect(readAsked(text, text.length)).toMatchObject({ kind: "person", query: "bo" })
    expect(readAsked(`/${"a".repeat(128)}`, 129)).toBeNull()
  })
})

describe("people by what is typed of their name", () => {
  const people = [
    { id: "1", username: "ann", display_name: "Ann Lee" },
    { id: "2", username: "annika", display_name: null },
    { id: "3", username: "bob", display_name: "Robert Annan" },
    { id: "4", username: "joanne", display_name: null },
    { id: "5", username: "eve", display_name: "Ève" },
  ]
  const match = (query: string, recency = new Map<string, number>(), max = 8) =>
    matchPeople(people, query, { recency, max }).map((it) => it.username)

  test("by the beginning of a word first, by what is within after that", () => {
    expect(match("ann")).toEqual(["ann", "annika", "bob", "joanne"])
    expect(match("LEE")).toEqual(["ann"])
    expect(match("rob")).toEqual(["bob"])
    expect(match("è")).toEqual(["eve"])
    expect(match("x")).toEqual([])
  })

  test("who spoke last comes first, and nothing typed is everybody", () => {
    const recency = new Map([
      ["2", 7],
      ["5", 9],
    ])

    expect(match("", recency)).toEqual(["eve", "annika", "ann", "bob", "joanne"])
    expect(match("", recency, 2)).toEqual(["eve", "annika"])
  })
})

test("members of a room are asked for while fewer are known than it has, without those who left", () => {
  const here = { left_at: null }
  const gone = { left_at: "2026-01-01T00:00:00.000Z" }

  expect(isSomebodyUnknown([here, here], 3)).toBe(true)
  expect(isSomebodyUnknown([here, here, gone], 3)).toBe(true)
  expect(isSomebodyUnknown([here, here, gone], 2)).toBe(false)
  expect(isSomebodyUnknown([here], undefined)).toBe(true)
})
