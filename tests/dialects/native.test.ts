import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Ref } from "../../src/dialects/dialect"
import { native } from "../../src/dialects/native"
import { readPlainSend } from "../../src/dialects/native/decode-send"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  GREETING_EXAMPLE,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "../../src/dialects/native/examples"
import { ChatError, ERROR_CODES, ERRORS } from "../../src/protocol/errors"
import { ClientFrame } from "../../src/protocol/socket-frames"

const asked = (ref: Ref) => ({ ref, command: null, actor: null, at: 0 })

describe("golden frames of the native dialect", () => {
  test.each(Object.entries(CLIENT_EXAMPLES))("%s from a client is understood", (_, example) => {
    expect(native.decode(JSON.stringify(example.frame))).toEqual(example.decoded)
  })

  test.each(Object.entries(EVENT_EXAMPLES))("the event %s is told", (_, { event, frame }) => {
    expect(native.encodeEvent(event)).toBe(JSON.stringify(frame))
  })

  test.each(Object.entries(REPLY_EXAMPLES))("the reply %s is given", (_, { reply, ref, frame }) => {
    expect(native.encodeReply(reply, asked(ref))).toBe(JSON.stringify(frame))
  })

  test.each(Object.entries(SIGNAL_EXAMPLES))("the signal %s is given", (_, { signal, frame }) => {
    expect(native.encodeSignal(signal)).toBe(JSON.stringify(frame))
  })

  test.each([...ERROR_EXAMPLES])("the error $error.code is told", ({ error, ref, frame }) => {
    expect(native.encodeError(error, asked(ref))).toBe(JSON.stringify(frame))
  })

  test("hello is the whole greeting", () => {
    const { greeting, frame } = GREETING_EXAMPLE

    expect(native.greet(greeting)).toEqual([JSON.stringify(frame)])
  })
})

describe("what the native dialect says", () => {
  test("a reply to a frame without id is not told", () => {
    expect(native.encodeReply({ type: "done" }, asked(undefined))).toBeNull()
  })

  test.each(ERROR_CODES)("%s tells its code and whether to try again", (code) => {
    const frame = JSON.parse(String(native.encodeError(new ChatError(code), asked(7))))

    expect(frame).toEqual({
      type: "error",
      id: 7,
      data: { code, message: ERRORS[code].title, retryable: ERRORS[code].retryable },
    })
  })

  test("the cause of an error is never told", () => {
    const error = new ChatError("internal", { cause: new Error("SELECT password_hash") })

    expect(native.encodeError(error, asked(1))).not.toContain("SELECT")
  })
})

describe("what the native dialect reads", () => {
  const readings: readonly [string, string | Buffer, object][] = [
    ["a binary frame", Buffer.from("{}"), { kind: "invalid", ref: undefined }],
    ["text that is no JSON", "hello", { kind: "invalid", ref: undefined }],
    ["JSON that is no object", "[1]", { kind: "invalid", ref: undefined }],
    ["null", "null", { kind: "invalid", ref: undefined }],
    ["an unknown type", '{"type":"shout","id":1}', { kind: "invalid", ref: 1 }],
    ["a type that is no text", '{"type":7,"id":1}', { kind: "invalid", ref: 1 }],
    ["a property of every object as type", '{"type":"toString","id":1}', { kind: "invalid" }],
    ["the prototype as type", '{"type":"__proto__","id":1}', { kind: "invalid", ref: 1 }],
    ["an id that is an object", '{"type":"ping","id":{}}', { kind: "invalid", ref: undefined }],
    ["an id that is null", '{"type":"ping","id":null}', { kind: "invalid", ref: undefined }],
    ["an id beyond all numbers", '{"type":"ping","id":1e999}', { kind: "invalid", ref: undefined }],
    [
      "an id of 129 characters",
      JSON.stringify({ type: "ping", id: "x".repeat(129) }),
      { kind: "invalid", ref: undefined },
    ],
    [
      "an id of 128 characters",
      JSON.stringify({ type: "ping", id: "x".repeat(128) }),
      { kind: "command", ref: "x".repeat(128) },
    ],
    ["an empty id", '{"type":"ping","id":""}', { kind: "command", ref: "" }],
    ["unknown fields", '{"type":"ping","id":1,"x":1}', { kind: "command", ref: 1 }],
    [
      "an id inherited from the prototype",
      '{"type":"ping","__proto__":{"id":1}}',
      { kind: "command", ref: undefined },
    ],
  ]
  test.each(readings)("%s", (_, input, expected) => {
    expect(native.decode(input)).toMatchObject(expected)
  })

  test("a position is only one with both its halves", () => {
    const positions = [{}, { since: 1 }, { epoch: "e" }, { epoch: "e", since: 1 }].map((half) => {
      const rooms = [{ room_id: "room", ...half }]
      const decoded = native.decode(JSON.stringify({ type: "subscribe", data: { rooms } }))
      if (decoded.kind !== "command" || decoded.command.type !== "room.subscribe") return decoded
      return decoded.command.rooms[0]?.position
    })

    expect(positions).toEqual([null, null, null, { epoch: "e", since: 1 }])
  })

  test("given any text at all, then it is read to a value and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" })), (text) => {
        expect(["command", "authenticate", "invalid"]).toContain(native.decode(text).kind)
      }),
    )
  })

  test("given any depth of nesting, then it is read to a value and never throws", () => {
    for (const depth of [33, 1_000, 10_000, 30_000]) {
      const nested = "[".repeat(depth) + "]".repeat(depth)
      const frames = [
        nested,
        `{"type":"ping","id":1,"data":${nested}}`,
        `{"type":"message.send","id":1,"data":{"room_id":"r","content":"c","metadata":{"a":${nested}}}}`,
      ]
      for (const frame of frames) expect(native.decode(frame).kind).toBe("invalid")
    }
  })
})

describe("the short way for plain sends", () => {
  const odd = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "\0", "\ud800", "x".repeat(128), "x".repeat(129), "é😀".repeat(64), ".."),
    fc.double(),
    fc.constantFrom<unknown>(null, true, Number.POSITIVE_INFINITY, 2 ** 60, -0, [], {}),
  )
  const maybe = (usual: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: odd })
  const frames = fc.record(
    {
      type: maybe(fc.constant("message.send")),
      id: maybe(fc.oneof(fc.string(), fc.double())),
      data: fc.record(
        {
          room_id: maybe(fc.constant("room")),
          content: maybe(fc.string({ minLength: 1 })),
          client_id: maybe(fc.string({ minLength: 1 })),
          type: maybe(fc.constantFrom("text", "image", "system")),
          metadata: maybe(fc.constant(null)),
        },
        { requiredKeys: ["room_id", "content"] },
      ),
    },
    { requiredKeys: ["type", "data"] },
  )

  test("takes nothing that the schema refuses, and means the same by what it takes", () => {
    let taken = 0
    fc.assert(
      fc.property(frames, (json) => {
        const plain = readPlainSend(json)
        if (plain === null) return
        taken++
        const frame = ClientFrame.parse(json)
        expect(frame.type).toBe("message.send")
        if (frame.type !== "message.send") return
        expect(plain.ref).toBe(frame.id)
        expect(plain.draft).toEqual({
          roomId: plain.draft.roomId,
          content: frame.data.content,
          type: frame.data.type,
          clientId: frame.data.client_id ?? null,
          metadata: frame.data.metadata ?? null,
        })
        expect(String(plain.draft.roomId)).toBe(frame.data.room_id)
      }),
      { numRuns: 2_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  test("is taken by the frame that clients send most", () => {
    expect(readPlainSend(CLIENT_EXAMPLES["message.send"].frame)).not.toBeNull()
  })
})
