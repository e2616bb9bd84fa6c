import { describe, expect, test } from "bun:test"
import { parseQuery } from "../../../src/web/search/query"
import { readDay, requestFor } from "../../../src/web/search/request"

const rooms = [
  { id: "r1", name: "General" },
  { id: "r2", name: "Release party" },
  { id: "r3", name: "Release notes" },
]
const now = new Date(2026, 4, 20, 15, 30)
const ask = (text: string) => requestFor(parseQuery(text), { rooms, myId: "u-me", now })
const at = (year: number, month: number, date: number, ms = 0) =>
  new Date(new Date(year, month - 1, date).getTime() + ms).toISOString()

describe("what a query asks the server for", () => {
  test("is nothing, before anything was written", () => {
    expect(ask("  ")).toEqual({ type: "nothing" })
  })

  test("is its words, with rooms by id and oneself as who one is", () => {
    expect(ask("cake in:general from:me has:file")).toEqual({
      type: "search",
      query: { q: "cake", room_id: "r1", from: "u-me", has: "file" },
    })
  })

  test("finds a room by the beginning of its name, if that is one room's alone", () => {
    expect(ask('in:"release p" cake')).toMatchObject({ query: { room_id: "r2" } })
    expect(ask("in:release cake")).toEqual({
      type: "problem",
      problem: { code: "unknown_room", value: "release" },
    })
  })

  test("is about days of one's own time zone, as whole ones", () => {
    expect(ask("cake before:2026-01-31")).toMatchObject({ query: { before: at(2026, 1, 31) } })
    expect(ask("cake after:31.1.2026")).toMatchObject({ query: { after: at(2026, 2, 1, -1) } })
    expect(ask("cake on:2026-01-31")).toMatchObject({
      query: { after: at(2026, 1, 31, -1), before: at(2026, 2, 1) },
    })
    expect(ask("cake after:yesterday")).toMatchObject({ query: { after: at(2026, 5, 20, -1) } })
  })

  test("is about the time that all of the days allow", () => {
    expect(ask("cake on:2026-01-31 before:2026-06-01 after:2025-01-01")).toMatchObject({
      query: { after: at(2026, 1, 31, -1), before: at(2026, 2, 1) },
    })
  })

  test.each([
    ["cake before:2026-02-31", "bad_day", "2026-02-31"],
    ["cake after:soon", "bad_day", "soon"],
    ["cake on:constructor", "bad_day", "constructor"],
    ["cake has:legs", "bad_has", "legs"],
    ["cake in:nowhere", "unknown_room", "nowhere"],
    ["from:ann", "no_words", ""],
    ["from:ann ...", "no_words", "..."],
  ] as const)("is a problem with words for it: %s", (text, code, value) => {
    expect(ask(text)).toEqual({ type: "problem", problem: { code, value } })
  })

  test("knows days of 23 and of 25 hours, wherever the clock is put back", () => {
    for (let date = 1; date <= 365; date++) {
      const day = new Date(2026, 0, date)
      const iso = `2026-${day.getMonth() + 1}-${day.getDate()}`

      expect(readDay(iso, now)).toEqual({
        start: day.getTime(),
        end: new Date(2026, 0, date + 1).getTime(),
      })
    }
  })
})
