import fc from "fast-check"
import type { Message, MessageExtras } from "../../src/protocol/entities"
import {
  asMessageId,
  asMessageNumericId,
  asRoomId,
  asUploadId,
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

const anyExtras: fc.Arbitrary<MessageExtras> = fc.record({
  mentions: fc.array(fc.oneof(fc.uuid().map(asUserId), fc.constant("room" as const))),
  reactions: fc.array(
    fc.record({ emoji: text, count: fc.nat(), users: fc.array(fc.uuid().map(asUserId)) }),
  ),
  attachments: fc.array(
    fc.record({
      id: fc.uuid().map(asUploadId),
      name: text,
      mime: text,
      size: fc.nat(),
      width: orNull(fc.nat()),
      height: orNull(fc.nat()),
      hasThumbnail: fc.boolean(),
    }),
  ),
  linkPreviews: fc.array(
    fc.record({ url: fc.webUrl(), title: text, description: orNull(text), siteName: orNull(text) }),
  ),
  forwardedFrom: orNull(fc.uuid().map(asMessageId)),
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
  pinnedAt: orNull(instant),
  metadata: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    fc.dictionary(text, fc.jsonValue()),
  ),
  extras: fc.option(anyExtras, { nil: null, freq: 5 }),
  createdAt: instant,
  editedAt: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, instant),
  deletedAt: fc.constant(null),
  expiresAt: fc.option(instant, { nil: null, freq: 5 }),
})
