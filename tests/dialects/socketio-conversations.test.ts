import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { EventRef } from "../../src/dialects/dialect"
import { createSocketIoConversations } from "../../src/dialects/socketio-conversations"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  message,
  NAMESPACE,
  noon,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "../../src/dialects/socketio-conversations/examples"
import { ChatError, ERROR_CODES } from "../../src/protocol/errors"
import type { Event } from "../../src/protocol/events"
import { asRoomNumericId, asUserNumericId } from "../../src/protocol/ids"
import { presentPairMessage } from "../../src/protocol/present-conversation"
import { anyMessage } from "../support/any-message"

const SETTINGS = { namespace: NAMESPACE, socketIoHeartbeatMs: 25_000 }
const dialect = createSocketIoConversations(SETTINGS)

const asked = (ref: EventRef | undefined) =>
  ({ ref, command: null, actor: null, at: noon }) as const

const eventText = (said: readonly [string, object]) => `42${NAMESPACE},${JSON.stringify(said)}`
const ackText = (id: number, payload: object) => `43${NAMESPACE},${id}${JSON.stringify([payload])}`

/** What an answer is, with and without an acknowledgement. */
function framesOf(example: {
  ref: { ackId: number | undefined }
  said: readonly [string, object] | null
  acknowledged: object
}) {
  const said = example.said === null ? [] : [eventText(example.said)]
  return { silent: said, full: [...said, ackText(example.ref.ackId ?? -1, example.acknowledged)] }
}

describe("golden frames of socketio-conversations", () => {
  test.each(Object.entries(CLIENT_EXAMPLES))("%s is understood", (_, { input, decoded }) => {
    expect(dialect.speaks(input)).toBe(true)
    expect(dialect.decode(input)).toEqual(decoded)
  })

  test.each(Object.entries(EVENT_EXAMPLES))("the event %s is told", (_, { event, said }) => {
    expect(dialect.encodeEvent(event)).toBe(eventText(said))
  })

  test.each(Object.entries(SIGNAL_EXAMPLES))("the signal %s is told", (_, { signal, said }) => {
    expect(dialect.encodeSignal(signal)).toBe(eventText(said))
  })

  test.each(Object.entries(REPLY_EXAMPLES))(
    "the reply %s is told, and acknowledged where that was asked for",
    (_, example) => {
      const { silent, full } = framesOf(example)

      expect(dialect.encodeReply(example.reply, asked(example.ref))).toEqual(full)
      const silently = asked({ ...example.ref, ackId: undefined })
      expect(dialect.encodeReply(example.reply, silently)).toEqual(silent)
    },
  )

  test.each([...ERROR_EXAMPLES])(
    "a failed $ref.event is told, and acknowledged where that was asked for",
    (example) => {
      const { silent, full } = framesOf(example)

      expect(dialect.encodeError(example.error, asked(example.ref))).toEqual(full)
      const silently = asked({ ...example.ref, ackId: undefined })
      expect(dialect.encodeError(example.error, silently)).toEqual(silent)
    },
  )

  test("in the main namespace, frames name none", () => {
    const main = createSocketIoConversations({ ...SETTINGS, namespace: "/" })

    expect(main.encodeEvent(EVENT_EXAMPLES["user.online"].event)).toBe(
      '42["user:online",{"userId":1}]',
    )
  })

  test("a greeting has no words", () => {
    expect(dialect.greet({} as never)).toEqual([])
  })
})

describe("messages of socketio-conversations", () => {
  const number = fc.nat().map(asRoomNumericId)
  const people = fc
    .tuple(fc.nat(), fc.nat())
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ({ senderId: asUserNumericId(one), receiverId: asUserNumericId(other) }))

  test("what is put together by hand is what encoding the presented message gives", () => {
    const acknowledged = fc.option(fc.nat(), { nil: undefined })
    fc.assert(
      fc.property(
        anyMessage,
        number,
        people,
        acknowledged,
        (written, id, { senderId, receiverId }, ackId) => {
          const conversation = { id, senderId, receiverId }
          const directKey = `${senderId},${receiverId}`
          const room = { id: written.roomId, numericId: id, directKey, creatorNumericId: senderId }
          const event: Event = { type: "message.created", room, seq: 3, message: written }
          const reply = {
            type: "conversation.sent",
            message: written,
            conversation,
            duplicate: false,
          } as const
          const told = presentPairMessage(written, conversation)

          const sent = dialect.encodeReply(reply, asked({ event: "send-message", ackId }))

          if (told === null) {
            expect([dialect.encodeEvent(event), sent]).toEqual([null, null])
            return
          }
          expect(dialect.encodeEvent(event)).toBe(eventText(["receive-message", told]))
          expect(sent).toEqual([
            eventText(["message-sent", told]),
            ...(ackId === undefined ? [] : [ackText(ackId, told)]),
          ])
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe("what socketio-conversations remembers of the message before", () => {
  const { event } = EVENT_EXAMPLES["message.created"]
  if (!("message" in event)) throw new Error("a message is needed")

  test("given the next is another, or of another conversation, then it is told as it is", () => {
    const other = { ...event.room, numericId: asRoomNumericId(7) }
    const next = { ...message, content: "next" }

    for (const it of [
      event,
      { ...event, message: next },
      { ...event, message: next, room: other },
    ]) {
      const frame = dialect.encodeEvent(it)
      expect(frame).toContain(`"content":"${it.message.content}"`)
      expect(frame).toContain(`"conversation":{"id":${it.room.numericId},`)
    }
  })
})

describe("what socketio-conversations has no word for", () => {
  const { event } = EVENT_EXAMPLES["message.created"]
  if (!("message" in event)) throw new Error("a message is needed")

  test("a system message is not told", () => {
    const said = { ...event, message: { ...message, type: "system" as const } }

    expect(dialect.encodeEvent(said)).toBeNull()
  })

  test.each([
    ["a room of many", null],
    ["a conversation of three", "1,2,3"],
  ])("a message in %s is not told", (_, directKey) => {
    expect(dialect.encodeEvent({ ...event, room: { ...event.room, directKey } })).toBeNull()
  })

  test.each(["message.updated", "message.deleted"] as const)("%s is not told", (type) => {
    expect(dialect.encodeEvent({ ...event, type })).toBeNull()
  })

  test.each(["room.entered", "room.exited"] as const)("the notice %s is not told", (type) => {
    const { room } = event
    const notice = { type, room, user: message.author, at: noon, noticeId: "notice" }

    expect(dialect.encodeEvent(notice)).toBeNull()
  })

  test.each(["slow", "draining"] as const)("the signal %s is not told", (type) => {
    expect(dialect.encodeSignal({ type, reconnectAfterMs: 1 })).toBeNull()
  })
})

describe("who a conversation is told to be between", () => {
  const { event } = EVENT_EXAMPLES["message.created"]

  test("given the one with the higher number began it, then they are its sender", () => {
    if (!("message" in event)) throw new Error("a message is needed")
    const [, other] = (event.room.directKey ?? "").split(",").map(Number)

    const frame = dialect.encodeEvent({
      ...event,
      room: { ...event.room, creatorNumericId: other as never },
    })

    expect(frame).toContain('"conversation":{"id":1,"sender_id":2,"receiver_id":1}')
  })
})

describe("which events are of socketio-conversations", () => {
  test.each([
    ["typing with conversationId", "typing", { conversationId: 1 }, true],
    ["typing with roomId", "typing", { roomId: "general" }, false],
    ["typing with nothing", "typing", undefined, false],
    ["typing with a text", "typing", "conversationId", false],
    ["typing with a list", "typing", ["conversationId"], false],
    ["joinRoom", "joinRoom", { conversationId: 1 }, false],
    ["a property of every object", "toString", {}, false],
    ["the prototype", "__proto__", {}, false],
    ["send-message with nothing", "send-message", undefined, true],
  ])("%s", (_, event, payload, isSpoken) => {
    expect(dialect.speaks({ event, payload, ackId: undefined })).toBe(isSpoken)
  })
})

describe("malformed payloads are told field by field", () => {
  const SENDER = "sender_id should not be empty, sender_id must be an integer number"
  const CONVERSATION =
    "conversation_id should not be empty, conversation_id must be an integer number"
  const TYPE =
    "message_type should not be empty, message_type must be one of the following values: text, image, file"
  const CONTENT = "content should not be empty, content must be a string"
  const NAMED = "conversationId should not be empty, conversationId must be an integer number"
  const ALL = [SENDER, CONVERSATION, TYPE, CONTENT].join(", ")
  const good = { sender_id: 1, conversation_id: 1, message_type: "text", content: "hi" }

  const cases: readonly [string, string, unknown, string][] = [
    ["no payload", "send-message", undefined, ALL],
    ["null", "send-message", null, ALL],
    ["a text", "send-message", "hello", ALL],
    ["a list", "send-message", [good], ALL],
    ["no fields", "send-message", {}, ALL],
    [
      "fields of a prototype",
      "send-message",
      JSON.parse(`{"__proto__":${JSON.stringify(good)}}`),
      ALL,
    ],
    ["no sender", "send-message", { ...good, sender_id: undefined }, SENDER],
    ["a sender that is null", "send-message", { ...good, sender_id: null }, SENDER],
    [
      "a sender in digits",
      "send-message",
      { ...good, sender_id: "1" },
      "sender_id must be an integer number",
    ],
    [
      "a sender with a fraction",
      "send-message",
      { ...good, sender_id: 1.5 },
      "sender_id must be an integer number",
    ],
    [
      "a sender beyond all numbers",
      "send-message",
      { ...good, sender_id: Number.POSITIVE_INFINITY },
      "sender_id must be an integer number",
    ],
    [
      "a conversation that is an object",
      "send-message",
      { ...good, conversation_id: {} },
      "conversation_id must be an integer number",
    ],
    [
      "an unknown type",
      "send-message",
      { ...good, message_type: "system" },
      "message_type must be one of the following values: text, image, file",
    ],
    ["an empty type", "send-message", { ...good, message_type: "" }, TYPE],
    ["empty content", "send-message", { ...good, content: "" }, "content should not be empty"],
    ["no content", "send-message", { ...good, content: undefined }, CONTENT],
    [
      "content that is a number",
      "send-message",
      { ...good, content: 7 },
      "content must be a string",
    ],
    [
      "content with NUL",
      "send-message",
      { ...good, content: "a\0" },
      "content must not contain NUL or lone surrogates",
    ],
    [
      "content with half a character",
      "send-message",
      { ...good, content: "\ud83d" },
      "content must not contain NUL or lone surrogates",
    ],
    [
      "two bad fields",
      "send-message",
      { sender_id: 1, message_type: "text" },
      `${CONVERSATION}, ${CONTENT}`,
    ],
    ["no conversation", "join-conversation", { userId: 1 }, NAMED],
    [
      "a user in digits",
      "join-conversation",
      { conversationId: 1, userId: "1" },
      "userId must be an integer number",
    ],
    ["no conversation", "leave-conversation", undefined, NAMED],
    [
      "a conversation in digits",
      "typing",
      { conversationId: "1", isTyping: true },
      "conversationId must be an integer number",
    ],
    [
      "no isTyping",
      "typing",
      { conversationId: 1 },
      "isTyping should not be empty, isTyping must be a boolean value",
    ],
    [
      "isTyping that is a text",
      "typing",
      { conversationId: 1, isTyping: "true" },
      "isTyping must be a boolean value",
    ],
  ]
  test.each(cases)("%s of %s", (_, event, payload, text) => {
    const decoded = dialect.decode({ event, payload, ackId: 4 })
    if (decoded.kind !== "invalid") throw new Error("it was taken")

    const frames = dialect.encodeError(decoded.error, { ...asked(undefined), ref: decoded.ref })

    const [said, acknowledged] = [...(frames ?? [])].map((frame) =>
      JSON.parse(frame.replace(/^\d+\/chat,\d*/, "")),
    )
    const isSend = event === "send-message"
    expect(said).toMatchObject([
      isSend ? "message-error" : "error",
      isSend ? { error: text } : { error: text, message: text, statusCode: 400 },
    ])
    expect(acknowledged).toMatchObject([{ success: false, error: text }])
  })

  test("a failure names the conversation, and null where none was named", () => {
    const answered = (payload: unknown) => {
      const { ref } = dialect.decode({ event: "join-conversation", payload, ackId: 1 })
      return dialect.encodeError(new ChatError("internal"), { ...asked(undefined), ref })?.[1]
    }

    expect(answered({ conversationId: 7, userId: "x" })).toContain('"conversationId":7')
    expect(answered({ conversationId: "seven" })).toContain('"conversationId":null')
    expect(answered({ conversationId: Number.NaN })).toContain('"conversationId":null')
  })

  test("who needs not name themselves is not asked to", () => {
    const payload = { conversationId: 1 }
    const decoded = dialect.decode({ event: "join-conversation", payload, ackId: undefined })

    expect(decoded).toMatchObject({
      kind: "command",
      command: { type: "conversation.join", conversation: asRoomNumericId(1) },
    })
    expect("claim" in decoded ? decoded.claim : undefined).toBeUndefined()
  })
})

describe("how socketio-conversations tells errors", () => {
  const ref = { event: "join-conversation", ackId: undefined, subject: 1 }

  test.each(ERROR_CODES)("%s has a status that its clients know", (code) => {
    const [frame = ""] = dialect.encodeError(new ChatError(code), asked(ref)) ?? []

    const [name, payload] = JSON.parse(frame.slice("42/chat,".length))
    expect(name).toBe("error")
    expect([400, 401, 403, 404, 429, 500]).toContain(payload.statusCode)
    expect(payload.message).toBe(payload.error)
  })

  test("a frame that could not be read is answered by the event alone", () => {
    const error = new ChatError("payload_too_large")

    expect(dialect.encodeError(error, asked(undefined))).toHaveLength(1)
  })

  test("a bound of the server comes after the field's name", () => {
    const error = new ChatError("invalid_request", {
      problems: [{ path: "content", message: "must have at most 4000 characters" }],
    })
    const sending = { event: "send-message", ackId: undefined }

    expect(dialect.encodeError(error, asked(sending))).toEqual([
      eventText(["message-error", { error: "content must have at most 4000 characters" }]),
    ])
  })

  test("the cause of an error is never told", () => {
    const error = new ChatError("internal", { cause: new Error("SELECT password_hash") })

    expect(JSON.stringify(dialect.encodeError(error, asked(ref)))).not.toContain("SELECT")
  })
})

test("given any event with any payload, then it is read to a value of the table and never throws", () => {
  const names = ["send-message", "join-conversation", "leave-conversation", "typing"]
  const fields = fc.dictionary(
    fc.constantFrom(
      "sender_id",
      "conversation_id",
      "message_type",
      "content",
      "conversationId",
      "userId",
      "isTyping",
      "__proto__",
    ),
    fc.anything(),
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...names), fc.string()),
      fc.oneof(fields, fc.anything(), fc.jsonValue()),
      (event, payload) => {
        const decoded = dialect.decode({ event, payload, ackId: 1 })
        if (decoded.kind === "invalid") expect(decoded.error.code).toBe("invalid_request")
        else expect(decoded.kind).toBe("command")
        const error = new ChatError("internal")
        expect(dialect.encodeError(error, { ...asked(undefined), ref: decoded.ref })).toHaveLength(
          2,
        )
      },
    ),
  )
})
