import { describe, expect, test } from "bun:test"
import { matchText } from "../../../src/web/palette/match"
import { type Entry, rankEntries } from "../../../src/web/palette/ranking"

const scoreOf = (query: string, text: string) => matchText(query, text)?.score ?? -1

describe("what was typed, in a text", () => {
  test("is found letter by letter, in its order", () => {
    expect(matchText("gd", "General discussion")?.positions).toEqual([0, 8])
    expect(matchText("dg", "General discussion")).toBeNull()
    expect(matchText("x", "General")).toBeNull()
  })

  test("is found at the beginnings of words before anywhere else", () => {
    expect(matchText("rn", "Corner release notes")?.positions).toEqual([7, 15])
  })

  test("is found within a word only where it stands together", () => {
    expect(matchText("gen", "Urgent")?.positions).toEqual([2, 3, 4])
    expect(matchText("gen", "Imagine one")).toBeNull()
    expect(matchText("bo", "Members of this room")).toBeNull()
  })

  test("is found without regard to case, accents and the order of words", () => {
    expect(matchText("CAFE", "le café")?.positions).toEqual([3, 4, 5, 6])
    expect(matchText("notes rel", "Release notes")?.positions).toEqual([0, 1, 2, 8, 9, 10, 11, 12])
  })

  test("is worth the more, the more of the text it is", () => {
    expect(scoreOf("gen", "Gen")).toBeGreaterThan(scoreOf("gen", "General"))
    expect(scoreOf("gen", "General")).toBeGreaterThan(scoreOf("gen", "Urgent"))
  })

  test("matches everything before anything was typed", () => {
    expect(matchText("", "General")?.positions).toEqual([])
  })

  test("takes no time worth speaking of, however long both are", () => {
    const started = performance.now()

    for (let n = 0; n < 20; n++) matchText("a".repeat(10_000), "ab".repeat(10_000))

    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test("leaves characters outside of the basic plane whole", () => {
    expect(matchText("party", "🎉 party")?.positions).toEqual([3, 4, 5, 6, 7])
  })
})

describe("entries that answer", () => {
  const now = Date.parse("2026-05-20T12:00:00Z")
  const hour = 3_600_000
  const room = (label: string, more: Partial<Entry> = {}): Entry => ({
    id: label,
    kind: "room",
    label,
    ...more,
  })
  const order = (entries: readonly Entry[], query: string) =>
    rankEntries(entries, { query, now, limit: 10 }).map(({ entry }) => entry.id)

  test("stand by how lately they were of interest, where nothing was typed", () => {
    const entries = [
      room("never"),
      room("last week", { usedAt: now - 168 * hour }),
      room("just now", { usedAt: now - 1000 }),
      { id: "act", kind: "action", label: "Sign out" } as const,
    ]

    expect(order(entries, "")).toEqual(["just now", "last week", "never", "act"])
  })

  test("stand by how well they answer, however new the others are", () => {
    const entries = [room("Urgent", { usedAt: now }), room("General", { usedAt: now - 99 * hour })]

    expect(order(entries, "general")).toEqual(["General"])
    expect(order(entries, "gen")).toEqual(["General", "Urgent"])
  })

  test("stand by recency where they answer alike", () => {
    const entries = [room("Team a", { usedAt: now - 48 * hour }), room("Team b", { usedAt: now })]

    expect(order(entries, "team")).toEqual(["Team b", "Team a"])
  })

  test("are found by what stands beside them, and by other words, which count less", () => {
    const entries = [
      { id: "theme", kind: "action", label: "Dark mode", words: ["night"] } as const,
      room("ann", { kind: "person", detail: "night owl" }),
      room("Night shift"),
    ]

    expect(order(entries, "night")[0]).toBe("Night shift")
    expect(order(entries, "night")).toHaveLength(3)
  })

  test("are not found by letters that lie about in a long text beside them", () => {
    const entries = [room("general", { detail: "Everything about the release" })]

    expect(order(entries, "bo")).toEqual([])
    expect(order(entries, "rele")).toEqual(["general"])
  })

  test("are at most as many as are asked for", () => {
    const many = Array.from({ length: 30 }, (_, n) => room(`room ${n}`))

    expect(rankEntries(many, { query: "room", now, limit: 12 })).toHaveLength(12)
  })
})
