import { describe, expect, test } from "bun:test"
import { asRoomNumericId } from "../../../src/protocol/ids"
import { ROOMS_MAX, SEQS_PER_ROOM } from "../../../src/protocol/message-id"
import {
  decodeCursor,
  encodeCursor,
  epochMark,
  type Place,
} from "../../../src/sockets/event-stream/cursor"

const NOW = Date.parse("2026-01-02T12:00:00.000Z")

const place = (room: number, seq: number, mark = epochMark("epoch")): Place => ({
  room: asRoomNumericId(room),
  seq,
  mark,
})

const placesIn = (text: string) => [...(decodeCursor(text)?.places.values() ?? [])]

describe("a cursor", () => {
  test("brings back each place, in whatever order they were given", () => {
    const places = [
      place(300, 0),
      place(1, 127),
      place(2, 128, 0),
      place(ROOMS_MAX - 1, SEQS_PER_ROOM - 1, 0xffff),
    ]

    const cursor = decodeCursor(encodeCursor(places, NOW))

    expect(cursor?.toldUntil).toBeNull()
    expect([...(cursor?.places.values() ?? [])]).toEqual(
      places.toSorted((one, other) => one.room - other.room),
    )
  })

  test("of no room is one, too", () => {
    expect(decodeCursor(encodeCursor([], NOW))).toEqual({ places: new Map(), toldUntil: null })
  })

  test("of 10,000 rooms a cursor has at most 4,096 characters, and says until when the rest was told", () => {
    const places = Array.from({ length: 10_000 }, (_, n) => place(n * 1_000 + 1, n * 100))

    const text = encodeCursor(places, NOW)

    expect(text.length).toBeLessThanOrEqual(4_096)
    expect(text.length).toBeGreaterThan(3_500)
    expect(decodeCursor(text)?.toldUntil).toBe(NOW)
    const brought = placesIn(text)
    expect(brought).toEqual(places.slice(0, brought.length))
    expect(brought.length).toBeGreaterThan(400)
  })

  test("with one character changed or missing is none", () => {
    const text = encodeCursor([place(1, 5), place(2, 700), place(90_000, 3)], NOW)
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    let damaged = 0

    for (let at = 0; at < text.length; at++) {
      expect(decodeCursor(text.slice(0, at))).toBeNull()
      for (const letter of letters) {
        const changed = `${text.slice(0, at)}${letter}${text.slice(at + 1)}`
        const decoded = decodeCursor(changed)
        // The last character has bits that stand for nothing.
        if (decoded === null) damaged++
        else expect([...decoded.places.values()]).toEqual(placesIn(text))
      }
    }
    expect(damaged).toBeGreaterThan(text.length * 60)
  })

  test.each(["", "x", "a b", "AQECoemPOrp%", "é", "A".repeat(4_097), "A".repeat(4_096)])(
    "is not %p",
    (text) => {
      expect(decodeCursor(text)).toBeNull()
    },
  )
})
