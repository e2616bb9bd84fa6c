import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import {
  filterValue,
  formatQuery,
  parseQuery,
  withFilter,
  withoutFilter,
} from "../../../src/web/search/query"

describe("what is written into the search box", () => {
  test("is words, and filters as words among them", () => {
    expect(parseQuery("from:ann release in:general notes has:file before:2026-01-01")).toEqual({
      words: "release notes",
      filters: [
        { kind: "from", value: "ann" },
        { kind: "in", value: "general" },
        { kind: "has", value: "file" },
        { kind: "before", value: "2026-01-01" },
      ],
    })
  })

  test("may name filters in German", () => {
    expect(parseQuery("Von:ann hat:Datei vor:1.2.2026 nach:gestern am:heute").filters).toEqual([
      { kind: "from", value: "ann" },
      { kind: "has", value: "file" },
      { kind: "before", value: "1.2.2026" },
      { kind: "after", value: "gestern" },
      { kind: "on", value: "heute" },
    ])
  })

  test("may quote a name with spaces, and name people and rooms as messages do", () => {
    expect(parseQuery(`in:"release party" from:@ann`).filters).toEqual([
      { kind: "in", value: "release party" },
      { kind: "from", value: "ann" },
    ])
    expect(parseQuery("in:#general").filters).toEqual([{ kind: "in", value: "general" }])
  })

  test.each([
    '"from:ann said"',
    "https://x.example/in:here",
    "note:this",
    "10:30",
    "constructor:x",
  ])("leaves words that are no filter as they are: %s", (text) => {
    expect(parseQuery(text)).toEqual({ words: text, filters: [] })
  })

  test("does not follow a filter whose value is still being written", () => {
    expect(parseQuery("hello from:")).toEqual({ words: "hello", filters: [] })
    expect(parseQuery('hello in:"rel')).toEqual({
      words: "hello",
      filters: [{ kind: "in", value: "rel" }],
    })
  })

  test("follows the last of two filters of a kind", () => {
    expect(parseQuery("from:ann from:bob x").filters).toEqual([{ kind: "from", value: "bob" }])
  })

  test("is changed by what is clicked: filters are set, replaced and taken away", () => {
    const asked = withFilter("notes from:ann", { kind: "in", value: "release party" })

    expect(asked).toBe('from:ann in:"release party" notes')
    expect(withFilter(asked, { kind: "from", value: "bob" })).toBe(
      'in:"release party" from:bob notes',
    )
    expect(withoutFilter(asked, "in")).toBe("from:ann notes")
    expect(withFilter(asked, { kind: "from", value: "" })).toBe('in:"release party" notes')
    expect(filterValue(parseQuery(asked), "in")).toBe("release party")
    expect(filterValue(parseQuery(asked), "has")).toBe("")
  })

  test("means the same after it was put together again, whatever it is", () => {
    const piece = fc.constantFrom("from:", "in:", '"', " ", "ann", "has:file", "@", "#", ":", "x y")
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = parseQuery(pieces.join(""))

        const again = parseQuery(formatQuery(once))

        expect(again.filters.map(({ kind }) => kind)).toEqual(once.filters.map(({ kind }) => kind))
      }),
      { examples: [[["in:", "#", '"']], [["from:", '"', "@", " ", "@"]]] },
    )
  })
})
