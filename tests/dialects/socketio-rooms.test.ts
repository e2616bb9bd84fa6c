import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { EventRef, SocketIoInput } from "../../src/dialects/dialect"
import { createSocketIoRooms } from "../../src/dialects/socketio-rooms"
import { decodeBySchema } from "../../src/dialects/socketio-rooms/decode"
import { readPlainSend } from "../../src/dialects/socketio-rooms/decode-send"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  message,
  NAMESPACE,
  noon,
  REPLY_EXAMPLES,
  type Said,
  SIGNAL_EXAMPLES,
} from "../../src/dialects/socketio-rooms/examples"
import { presentRoomMessage } from "../../src/dialects/socketio-rooms/present"
import { ChatError, ERROR_CODES } from "../../src/protocol/errors"
import type { Event } from "../../src/protocol/events"
import { asRoomNumericId } from "../../src/protocol/ids"
import { CLAIM_FIELDS } from "../../src/protocol/requests"
import { anyMessage } from "../support/any-message"

const dialect = createSocketIoRooms({ namespace: NAMESPACE, socketIoHeartbeatMs: 30_000 })

const asked = (ackId: number | undefined) => ({
  ref: { event: "joinRoom", ackId } satisfies EventRef,
  command: null,
  actor: null,
  at: noon,
})

const eventText = (said: Said) => `42${NAMESPACE},${JSON.stringify(said)}`
const ackText = (id: number, payload: object) => `43${NAMESPACE},${id}${JSON.stringify([payload])}`

const input = (event: string, payload?: unknown): SocketIoInput => ({
  event,
  payload,
  ackId: undefined,
})

describe("golden frames of socketio-rooms", () => {
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
    "the reply %s is told as an event, and acknowledged first where that was asked for",
    (_, { reply, answer, besides }) => {
      const events = [answer, ...besides].map(eventText)

      expect(dialect.encodeReply(reply, asked(undefined))).toEqual(events)
      expect(dialect.encodeReply(reply, asked(7))).toEqual([ackText(7, answer[1]), ...events])
    },
  )

  test.each([...ERROR_EXAMPLES])("the error $error.code is told", ({ error, said }) => {
    expect(dialect.encodeError(error, asked(undefined))).toEqual([eventText(said)])
    expect(dialect.encodeError(error, asked(0))).toEqual([ackText(0, said[1]), eventText(said)])
  })
})

describe("what socketio-rooms says", () => {
  const STATUSES: Readonly<Record<string, number>> = {
    unauthorized: 401,
    forbidden: 403,
    banned: 403,
    muted: 403,
    room_full: 403,
    room_limit: 403,
    not_found: 404,
    room_not_found: 404,
    message_not_found: 404,
    user_not_found: 404,
    invite_not_found: 404,
    upload_not_found: 404,
    rate_limited: 429,
    internal: 500,
    overloaded: 500,
  }
  test.each(ERROR_CODES)("%s has one of the six statuses", (code) => {
    const [frame] = [dialect.encodeError(new ChatError(code), asked(undefined))].flat()
    const [, payload] = JSON.parse(String(frame).slice(`42${NAMESPACE},`.length))

    expect(payload.statusCode).toBe(STATUSES[code] ?? 400)
    expect(payload.error).toBe(payload.message)
  })

  test("the cause of an error is never told", () => {
    const error = new ChatError("internal", { cause: new Error("SELECT password_hash") })

    expect(String(dialect.encodeError(error, asked(1)))).not.toContain("SELECT")
  })

  test.each([
    ["system", `<a href="x">`, "&lt;a href=&quot;x&quot;&gt;"],
    ["text", "&amp;", "&amp;amp;"],
    ["image", "https://a.example/?a=1&b='2'", "https://a.example/?a=1&b='2'"],
    ["file", "/files/1?a&b", "/files/1?a&b"],
  ] as const)("%s content %s is delivered as %s, its type in capitals", (type, content, told) => {
    const room = { id: message.roomId, numericId: asRoomNumericId(1) }
    const written = { ...message, type, content }
    const event: Event = { type: "message.created", room, seq: 3, message: written }
    const sent = { type: "sent", message: written, duplicate: false } as const

    for (const frames of [dialect.encodeEvent(event), dialect.encodeReply(sent, asked(1))]) {
      for (const frame of [frames].flat()) {
        expect(frame).toContain(JSON.stringify(told))
        expect(frame).toContain(`"messageType":"${type.toUpperCase()}"`)
      }
    }
  })

  test("what is put together by hand is what encoding the presented message gives", () => {
    fc.assert(
      fc.property(anyMessage, fc.option(fc.nat(), { nil: undefined }), (written, ackId) => {
        const message = presentRoomMessage(written)
        const room = { id: written.roomId, numericId: asRoomNumericId(1) }
        const event: Event = { type: "message.created", room, seq: 3, message: written }
        const answer = { event: "messageSent", message, success: true }

        const sent = dialect.encodeReply(
          { type: "sent", message: written, duplicate: false },
          asked(ackId),
        )

        expect(dialect.encodeEvent(event)).toBe(eventText(["receiveMessage", message]))
        expect(sent).toEqual([
          ...(ackId === undefined ? [] : [ackText(ackId, answer)]),
          eventText(["messageSent", answer]),
        ])
      }),
      { numRuns: 500 },
    )
  })

  test("given a message is edited between two tellings, then each is told as it is", () => {
    const room = { id: message.roomId, numericId: asRoomNumericId(1) }
    const edited = { ...message, content: "edited", editedAt: noon + 1 }
    const event = { type: "message.created", room, seq: 3 } as const

    for (const it of [message, edited, message]) {
      const said = eventText(["receiveMessage", presentRoomMessage(it)])
      expect(dialect.encodeEvent({ ...event, message: it })).toBe(said)
    }
  })

  test("there are no words for being slow, and for the server that goes", () => {
    expect(dialect.encodeSignal({ type: "slow" })).toBeNull()
    expect(dialect.encodeSignal({ type: "draining", reconnectAfterMs: 1 })).toBeNull()
  })
})

describe("what socketio-rooms reads", () => {
  const said = "x".repeat(2_000)
  const malformed: readonly [string, string, unknown][] = [
    ["a joinRoom without payload", "joinRoom", undefined],
    ["a joinRoom of a text", "joinRoom", "general"],
    ["a joinRoom of a list", "joinRoom", [{ roomId: "general" }]],
    ["a joinRoom without room", "joinRoom", {}],
    ["a room that is a number", "joinRoom", { roomId: 1 }],
    ["a room that is empty", "joinRoom", { roomId: "" }],
    ["a room with a colon", "joinRoom", { roomId: "user:1" }],
    ["a room that is a step up", "joinRoom", { roomId: ".." }],
    ["a room of 101 characters", "joinRoom", { roomId: "x".repeat(101) }],
    ["bytes", "joinRoom", { roomId: Buffer.from("general") }],
    ["a leaveRoom without room", "leaveRoom", {}],
    ["a getRoomStats without room", "getRoomStats", null],
    ["a message without content", "sendMessage", { roomId: "a" }],
    ["an empty message", "sendMessage", { roomId: "a", content: "" }],
    ["a message of 2,001 characters", "sendMessage", { roomId: "a", content: `${said}x` }],
    ["a message with NUL", "sendMessage", { roomId: "a", content: "\0" }],
    ["a message with half a character", "sendMessage", { roomId: "a", content: "\ud800" }],
    ["an unknown type", "sendMessage", { roomId: "a", content: "x", messageType: "VIDEO" }],
    ["a type in small letters", "sendMessage", { roomId: "a", content: "x", messageType: "text" }],
    ["a system message", "sendMessage", { roomId: "a", content: "x", messageType: "SYSTEM" }],
    ["typing that is a text", "typing", { roomId: "a", isTyping: "true" }],
    ["typing without saying so", "typing", { roomId: "a" }],
    ["a claim that is an object", "joinRoom", { roomId: "a", userId: {} }],
    ["an event that is none", "shout", { roomId: "a" }],
    ["an event without a name", "", undefined],
    ["a property of every object", "toString", { roomId: "a" }],
    ["the prototype", "__proto__", { roomId: "a" }],
  ]
  test.each(malformed)("%s is malformed", (_, event, payload) => {
    const decoded = dialect.decode(input(event, payload))

    expect(decoded).toMatchObject({ kind: "invalid", ref: { event, ackId: undefined } })
    if (decoded.kind === "invalid") expect(decoded.error.code).toBe("invalid_request")
  })

  test("2,000 characters of two code units each are a message", () => {
    const content = "😀".repeat(2_000)

    expect(dialect.decode(input("sendMessage", { roomId: "a", content })).kind).toBe("command")
  })

  test.each([
    ["userId", { userId: 1 }, [1]],
    ["user_id", { user_id: "ann" }, ["ann"]],
    ["sender_id", { sender_id: "1" }, ["1"]],
    ["none", { userId: null, username: "eve" }, undefined],
  ])("whom a payload claims to be is read from %s", (_, fields, claims) => {
    const decoded = dialect.decode(input("leaveRoom", { roomId: "a", ...fields }))

    expect(decoded).toMatchObject({ kind: "command" })
    expect(decoded.kind === "command" ? decoded.claims : null).toEqual(claims)
  })

  test("all claims of a payload are kept, to be checked each", () => {
    const decoded = dialect.decode(input("leaveRoom", { roomId: "a", userId: 1, user_id: 2 }))

    expect(decoded).toMatchObject({ claims: [2, 1] })
  })

  test("typing is its own with a roomId, and not with a conversationId alone", () => {
    const payloads = [
      { roomId: "a" },
      { conversationId: 1 },
      { roomId: "a", conversationId: 1 },
      {},
    ]

    expect(payloads.map((payload) => dialect.speaks(input("typing", payload)))).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect(dialect.speaks(input("join-conversation", {}))).toBe(false)
  })

  test("given any event with any payload, then it is read to a value and never throws", () => {
    const events = fc.oneof(fc.string(), fc.constantFrom(...Object.keys(CLIENT_EXAMPLES)))
    const payloads = fc.oneof(
      fc.anything(),
      fc.record({ roomId: fc.string(), content: fc.string(), isTyping: fc.anything() }),
    )
    fc.assert(
      fc.property(events, payloads, (event, payload) => {
        const decoded = dialect.decode(input(event, payload))
        expect(["command", "invalid"]).toContain(decoded.kind)
        if (decoded.kind === "invalid") expect(ERROR_CODES).toContain(decoded.error.code)
        dialect.speaks(input(event, payload))
      }),
    )
  })
})

describe("the short way for plain sends of socketio-rooms", () => {
  const odd = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "\0", "\ud800", "..", "a:b", "x".repeat(101), "x".repeat(2_001)),
    fc.constantFrom("😀".repeat(1_000), "😀".repeat(1_001), "general\n"),
    fc.constantFrom<unknown>(null, undefined, true, 1, -0, [], {}, ["general"]),
  )
  const maybe = (usual: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd })
  const claim = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, odd)
  const fields = fc.record(
    {
      roomId: maybe(fc.constantFrom("general", "x".repeat(100))),
      content: maybe(fc.string({ minLength: 1 })),
      messageType: maybe(fc.constantFrom("TEXT", "TEXT", "IMAGE", "FILE", "text")),
      userId: claim,
      user_id: claim,
      user_uuid: claim,
      sender_id: claim,
      username: odd,
    },
    { requiredKeys: ["roomId", "content"] },
  )
  const payloads = fc.oneof(
    { weight: 20, arbitrary: fields },
    { weight: 1, arbitrary: fc.array(fields) },
    { weight: 1, arbitrary: odd },
  )

  test("takes nothing that the schemas refuse, and means the same by what it takes", () => {
    let taken = 0
    fc.assert(
      fc.property(payloads, (payload) => {
        const command = readPlainSend(payload)
        if (command === null) return
        taken++
        const asked = input("sendMessage", payload)
        const ref = { event: "sendMessage", ackId: undefined }
        expect(decodeBySchema(asked)).toEqual({ kind: "command", ref, command })
      }),
      { numRuns: 5_000 },
    )
    expect(taken).toBeGreaterThan(500)
  })

  test("is taken by the event that clients send most", () => {
    expect(readPlainSend(CLIENT_EXAMPLES.sendMessage.input.payload)).not.toBeNull()
  })

  test.each(Object.keys(CLAIM_FIELDS))("is not for who is named by %s", (field) => {
    expect(readPlainSend({ roomId: "general", content: "x", [field]: 1 })).toBeNull()
  })
})
