import { describe, expect, test } from "bun:test"
import { ParleyError } from "../../../src/client/error"
import { writeBar } from "../../../src/web/composer/can-write"
import { readDuration } from "../../../src/web/composer/duration"
import { charsLeft, countChars } from "../../../src/web/composer/length"
import { anyMember, anyProfile, anyView } from "./any-view"

describe("how much may be written", () => {
  test("an emoji of two code units is one character", () => {
    expect(countChars("a😂")).toBe(2)
  })

  test("is said from 200 characters left on", () => {
    expect(charsLeft("a".repeat(3_799), 4_000)).toBeNull()
    expect(charsLeft("a".repeat(3_800), 4_000)).toBe(200)
    expect(charsLeft("a".repeat(4_001), 4_000)).toBe(-1)
    expect(charsLeft("😂".repeat(4_000), 4_000)).toBe(0)
    expect(charsLeft("😂".repeat(2_000), 4_000)).toBeNull()
  })

  test("is never said where there is no limit", () => {
    expect(charsLeft("a".repeat(100_000), 0)).toBeNull()
  })
})

describe("why one can't write", () => {
  const now = Date.parse("2026-11-25T12:00:00Z")
  const ask = (change: Partial<Parameters<typeof writeBar>[0]>) =>
    writeBar({ view: anyView(), trouble: null, blocked: new Set(), now, ...change })

  test("there is no reason as a rule, nor while nothing is known", () => {
    expect(ask({})).toBeNull()
    expect(ask({ view: null })).toBeNull()
  })

  test.each([
    ["banned", "banned"],
    ["room_not_found", "gone"],
  ] as const)("%s", (code, reason) => {
    expect(ask({ view: null, trouble: new ParleyError(code, "") })).toEqual({ reason })
  })

  test("muted, until the mute is over", () => {
    const until = (muted_until: string) => anyView({ membership: anyMember({ muted_until }) })

    expect(ask({ view: until("2026-11-25T12:00:01.000Z") })).toMatchObject({ reason: "muted" })
    expect(ask({ view: until("2026-11-25T12:00:00.000Z") })).toBeNull()
  })

  test("blocked, in a conversation of two only", () => {
    const blocked = new Set(["u-bob"])
    const bob = anyProfile("bob")
    const talk = (people: ReturnType<typeof anyProfile>[]) =>
      anyView({ people, room: { ...anyView().room, type: "direct" } })

    expect(ask({ view: talk([bob]), blocked })).toEqual({ reason: "blocked" })
    expect(ask({ view: talk([bob, anyProfile("eve")]), blocked })).toBeNull()
    expect(ask({ view: anyView({ people: [bob] }), blocked })).toBeNull()
  })
})

test.each([
  ["10m", 600_000],
  ["2H", 7_200_000],
  ["3d", 259_200_000],
  ["1w", 604_800_000],
  ["0m", null],
  ["10", null],
  ["m", null],
  ["10 m", null],
  ["99999m", null],
])("%j is a time of %p ms", (text, ms) => {
  expect(readDuration(text)).toBe(ms)
})
