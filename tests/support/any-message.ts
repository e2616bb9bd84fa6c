import fc from "fast-check"
import type { Message } from "../../src/protocol/entities"
import {
  asMessageId,
  asMessageNumericId,
  asRoomId,
  asUserId,
  asUserNumericId,
} from "../../src/protocol/ids"

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 })
const orNull = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: null })
/** What JSON and HTML escape is rare among all characters, and halves of them there are none. */
const SPECIAL = [`"`, "'", "\\", "<", ">", "&", "\0", "\n", "\u2028", "\ud83d", "\ude00", "x"]
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(...SPECIAL) }),
)

const profile = fc.record({
  id: fc.uuid().map(asUserId),
  numericId: fc.nat().map(asUserNumericId),
  username: text,
  displayName: orNull(text),
  avatarUrl: orNull(text),
  email: orNull(text),
})

/** Any message that a database may hold, and some that it does not. */
export const anyMessage: fc.Arbitrary<Message> = fc.record({
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
