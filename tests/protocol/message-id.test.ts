import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { asMessageId, asRoomNumericId } from "../../src/protocol/ids"
import {
  messageId,
  messageNumericId,
  numericIdOf,
  ROOMS_MAX,
  SEQS_PER_ROOM,
} from "../../src/protocol/message-id"

const place = fc.record({
  room: fc.integer({ min: 1, max: ROOMS_MAX - 1 }).map(asRoomNumericId),
  seq: fc.integer({ min: 1, max: SEQS_PER_ROOM - 1 }),
})
const instant = fc.integer({ min: 0, max: 2 ** 48 - 2 })

describe("ids of messages", () => {
  test("the numeric id of the last seq of the last room is still exact in JSON", () => {
    const last = messageNumericId(asRoomNumericId(ROOMS_MAX - 1), SEQS_PER_ROOM - 1)

    expect(Number(last)).toBe(Number.MAX_SAFE_INTEGER)
  })

  test("a public id is a UUID that holds the numeric id", () => {
    fc.assert(
      fc.property(place, instant, ({ room, seq }, createdAt) => {
        const numericId = messageNumericId(room, seq)
        const id = messageId(numericId, createdAt)

        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(numericIdOf(id)).toBe(numericId)
      }),
    )
  })

  test("public ids sort by time, and in one millisecond by seq", () => {
    fc.assert(
      fc.property(instant, place, (at, { room, seq }) => {
        const id = messageId(messageNumericId(room, seq), at)
        expect(messageId(messageNumericId(room, seq), at + 1) > id).toBe(true)
        expect(messageId(messageNumericId(room, seq + 1), at) > id).toBe(true)
      }),
    )
  })

  test.each([
    "",
    "nonsense",
    "01a1fcc1-d6dc-735f-826c-5888fe37bc42",
    "0000000f-4248-8000-ffff-ffffffffffff",
    "0000000F-4248-8000-8000-000040000003",
  ])("%p holds no numeric id", (text) => {
    expect(numericIdOf(asMessageId(text))).toBeNull()
  })
})
