import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Message } from "../../src/protocol/entities"
import {
  asMessageId,
  asMessageNumericId,
  asRoomId,
  asUserId,
  asUserNumericId,
} from "../../src/protocol/ids"
import { messageJson } from "../../src/protocol/message-json"
import { presentMessage } from "../../src/protocol/present"

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 })
const orNull = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: null })
const text = fc.string({ unit: "binary" })

const profile = fc.record({
  id: fc.uuid().map(asUserId),
  numericId: fc.nat().map(asUserNumericId),
  username: text,
  displayName: orNull(text),
  avatarUrl: orNull(text),
  email: orNull(text),
})

const message: fc.Arbitrary<Message> = fc.record({
  id: fc.uuid().map(asMessageId),
  numericId: fc.maxSafeNat().map(asMessageNumericId),
  roomId: fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/).map(asRoomId),
  seq: fc.nat(),
  changedSeq: fc.nat(),
  author: profile,
  type: fc.constantFrom("text", "image", "file", "system"),
  content: text,
  clientId: orNull(text),
  replyTo: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.uuid().map(asMessageId)),
  threadId: fc.constant(null),
  threadCount: fc.nat(),
  pinned: fc.boolean(),
  metadata: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    fc.dictionary(text, fc.jsonValue()),
  ),
  createdAt: instant,
  editedAt: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, instant),
  deletedAt: fc.constant(null),
})

describe("messages as JSON", () => {
  test("what is put together by hand is what encoding the presented message gives", () => {
    fc.assert(
      fc.property(message, (it) => {
        expect(messageJson(it)).toBe(JSON.stringify(presentMessage(it)))
      }),
      { numRuns: 500 },
    )
  })
})
