import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { ROOM_ID_PATTERN } from "../../src/protocol/ids"
import { SendMessageBody } from "../../src/protocol/message-requests"
import {
  ClientId,
  CreateRoomBody,
  DisplayName,
  HistoryQuery,
  plainText,
  SanctionBody,
  Username,
  WebAddress,
} from "../../src/protocol/requests"

const isAccepted = (schema: { safeParse(it: unknown): { success: boolean } }, it: unknown) =>
  schema.safeParse(it).success

describe("text", () => {
  test("is bounded by its code points, whatever they are made of", () => {
    const bounds = fc.tuple(fc.nat(6), fc.nat(6)).map(([min, more]) => ({ min, max: min + more }))
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 14 }),
      fc.string({ unit: fc.constantFrom("a", "é", "🙂", "e\u0301"), maxLength: 14 }),
    )
    fc.assert(
      fc.property(bounds, text, ({ min, max }, it) => {
        fc.pre(!it.includes("\0") && it.isWellFormed())
        const count = [...it].length
        expect(isAccepted(plainText(min, max), it)).toBe(count >= min && count <= max)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ["NUL", "a\0b"],
    ["a lone high surrogate", "a\ud83d"],
    ["a lone low surrogate", "\ude42a"],
    ["surrogates the wrong way round", "\ude42\ud83d"],
  ])("never holds %s", (_what, it) => {
    expect(isAccepted(plainText(0, 100), it)).toBe(false)
  })

  test("is a text", () => {
    for (const it of [7, null, undefined, ["a"], { length: 1 }]) {
      expect(isAccepted(plainText(0, 100), it)).toBe(false)
    }
  })
})

describe("ids", () => {
  test("a username passes for no id: neither for a number nor for a UUID", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{2,32}$/), (digits) => {
        expect(isAccepted(Username, digits)).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(isAccepted(Username, uuid)).toBe(false)
        expect(isAccepted(Username, uuid.replaceAll("-", ""))).toBe(false)
        expect(isAccepted(Username, uuid.replaceAll("-", "").toUpperCase())).toBe(false)
      }),
    )
  })

  test.each([
    ["general", true],
    ["a".repeat(100), true],
    ["a".repeat(101), false],
    ["018f0000-0000-7000-8000-000000000000", true],
    ["...", true],
    [".", false],
    ["..", false],
    ["", false],
    ["a/b", false],
    ["a b", false],
    ["a:b", false],
    ["ä", false],
    ["general\n", false],
  ])("%p names a room: %p", (id, isRoomId) => {
    expect(ROOM_ID_PATTERN.test(id)).toBe(isRoomId)
  })

  test("a client_id has 1 to 128 characters", () => {
    expect([0, 1, 128, 129].map((count) => isAccepted(ClientId, "x".repeat(count)))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe("bodies", () => {
  const send = (metadata: unknown) => isAccepted(SendMessageBody, { content: "x", metadata })
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) })

  test("metadata is an object, nested at most 32 deep and at most 8192 bytes long", () => {
    expect([32, 33].map((levels) => send(nested(levels)))).toEqual([true, false])
    expect(send({ list: [[[nested(28)]]] })).toBe(true)
    expect(send({ list: [[[nested(29)]]] })).toBe(false)
    const frame = JSON.stringify({ a: "" }).length
    expect(send({ a: "x".repeat(8192 - frame) })).toBe(true)
    expect(send({ a: "x".repeat(8192 - frame + 1) })).toBe(false)
    expect(send({ a: "é".repeat((8192 - frame) / 2 + 1) })).toBe(false)
    for (const it of ["text", 7, [1]]) expect(send(it)).toBe(false)
    expect([send(null), send(undefined), send({})]).toEqual([true, true, true])
  })

  test("a message is text unless it says otherwise, and only of known types", () => {
    expect(SendMessageBody.parse({ content: "x" }).type).toBe("text")
    expect(isAccepted(SendMessageBody, { content: "x", type: "video" })).toBe(false)
    expect(isAccepted(SendMessageBody, { content: "" })).toBe(false)
  })

  test("a room is public and unbounded unless it says otherwise; its name has at most 100 characters, its topic 500, and it holds at most 100,000", () => {
    const room = (more: object) => isAccepted(CreateRoomBody, { name: "x", ...more })
    expect(CreateRoomBody.parse({ name: "x" })).toEqual({ name: "x", type: "public", max_users: 0 })
    expect([0, 1, 100, 101].map((count) => room({ name: "🙂".repeat(count) }))).toEqual([
      ...[false, true, true, false],
    ])
    expect([0, 500, 501].map((count) => room({ topic: "x".repeat(count) }))).toEqual([
      ...[true, true, false],
    ])
    expect([-1, 0, 100_000, 100_001, 1.5].map((max_users) => room({ max_users }))).toEqual([
      ...[false, true, true, false, false],
    ])
    expect(room({ type: "direct" })).toBe(false)
    expect(room({ topic: null })).toBe(true)
  })

  test("the reason of a ban or a mute has at most 500 characters, an avatar_url 2,000, a display name 64", () => {
    const counts = (max: number) => [0, 1, max, max + 1]
    const some = [false, true, true, false]
    expect(
      counts(500).map((count) => isAccepted(SanctionBody, { reason: "🙂".repeat(count) })),
    ).toEqual(some)
    expect(
      counts(2_000).map((count) => isAccepted(WebAddress, "/x".padEnd(count, "x").slice(0, count))),
    ).toEqual(some)
    expect(counts(64).map((count) => isAccepted(DisplayName, "🙂".repeat(count)))).toEqual(some)
  })

  test("a history has one cursor at most, and 1 to 200 messages", () => {
    expect(HistoryQuery.parse({})).toEqual({ limit: 50 })
    expect(HistoryQuery.parse({ before: "7", limit: "200" })).toEqual({ before: 7, limit: 200 })
    for (const query of [
      { before: "1", after: "1" },
      { around: "1", after: "1" },
      { before: "-1" },
      { before: "1.5" },
      { before: "x" },
      { limit: "0" },
      { limit: "201" },
    ]) {
      expect(isAccepted(HistoryQuery, query)).toBe(false)
    }
  })
})
