import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Decoded } from "../../src/dialects/dialect"
import { gatewayEvents } from "../../src/dialects/gateway-events"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "../../src/dialects/gateway-events/examples"
import type { Command } from "../../src/protocol/commands"
import { ChatError, ERROR_CODES, ERRORS } from "../../src/protocol/errors"

const { decode, encodeEvent, encodeReply, encodeSignal, encodeError } = gatewayEvents

const asked = (command: Command | null = null) => ({ ref: undefined, command, actor: null, at: 0 })

/** What a client is told whose frame could not be read. */
function refusalOf(input: string | Buffer) {
  const decoded = decode(input)
  if (decoded.kind !== "invalid") throw new Error(`it was read: ${JSON.stringify(decoded)}`)
  return JSON.parse(String(encodeError(decoded.error, asked())))
}

const malformed = {
  event: "error",
  data: { message: "Invalid message format", code: "invalid_request" },
}

describe("golden frames of gateway-events", () => {
  test.each(Object.entries(CLIENT_EXAMPLES))("%s is understood", (_, { frame, command }) => {
    const decoded: Decoded = { kind: "command", ref: undefined, command }

    expect(decode(JSON.stringify(frame))).toEqual(decoded)
  })

  test.each(Object.entries(EVENT_EXAMPLES))("%s is told", (_, { event, frame }) => {
    expect(encodeEvent(event)).toBe(JSON.stringify(frame))
  })

  test.each(Object.entries(REPLY_EXAMPLES))("the reply %s is given", (_, { reply, frame }) => {
    expect(encodeReply(reply, asked())).toBe(JSON.stringify(frame))
  })

  test.each(Object.entries(SIGNAL_EXAMPLES))("the signal %s is given", (_, { signal, frame }) => {
    expect(encodeSignal(signal)).toBe(JSON.stringify(frame))
  })

  test.each(Object.entries(ERROR_EXAMPLES))("the error %s is told", (code, example) => {
    const { error, command, data } = example

    expect(JSON.parse(String(encodeError(error, asked(command))))).toEqual({
      event: "error",
      data: { ...data, code },
    })
  })
})

describe("what gateway-events says", () => {
  test.each(ERROR_CODES)("%s without details is a sentence of our own", (code) => {
    const { data } = JSON.parse(String(encodeError(new ChatError(code), asked())))

    expect(data.message).toBeString()
    expect(data.message).not.toBe("")
    if (code !== "invalid_request") expect(data.message).not.toBe(ERRORS[code].title)
  })

  test("a message that was read and is too long is told so, and no word of another protocol's", () => {
    const problems = [{ path: "content", message: "must have at most 4000 characters" }]
    const { command } = CLIENT_EXAMPLES["chat.message"]

    const frame = encodeError(new ChatError("invalid_request", { problems }), asked(command))

    expect(JSON.parse(String(frame)).data).toEqual({
      message: "Invalid message: must have at most 4000 characters",
      code: "invalid_request",
      roomId: "room123",
    })
  })

  test("the cause of an error is never told", () => {
    const error = new ChatError("internal", { cause: new Error("SELECT password_hash") })

    expect(encodeError(error, asked())).not.toContain("SELECT")
  })

  test("nobody is greeted, and nobody is told to wait", () => {
    const draining = encodeSignal({ type: "draining", reconnectAfterMs: 1 })

    expect([draining, encodeSignal({ type: "slow" })]).toEqual([null, null])
    expect(gatewayEvents.heartbeatMs).toBe(0)
  })

  test("what was sent, left and typed has no answer but what all in the room hear", () => {
    const { event } = EVENT_EXAMPLES["message.created text"]
    if (event.type !== "message.created") throw new Error("no message")
    const { room, message } = event

    expect(encodeReply({ type: "sent", message, duplicate: false }, asked())).toBeNull()
    expect(encodeReply({ type: "room.left", room }, asked())).toBeNull()
    expect(encodeReply({ type: "typing.set", isTyping: true }, asked())).toBeNull()
  })

  test.each(["message.updated", "message.deleted"] as const)("%s has no word", (type) => {
    const { event } = EVENT_EXAMPLES["message.created text"]
    if (event.type !== "message.created") throw new Error("no message")

    expect(encodeEvent({ ...event, type })).toBeNull()
  })
})

const frame = (event: string, data: unknown) => JSON.stringify({ event, data })

describe("what gateway-events reads", () => {
  test.each<[string, string | Buffer]>([
    ["a binary frame", Buffer.from(frame("chat.join", { roomId: "room123" }))],
    ["an empty frame", ""],
    ["text that is no JSON", "hello"],
    ["half a frame", '{"event":"chat.join","data":{'],
    ["null", "null"],
    ["a number", "1e999"],
    ["a text", '"chat.join"'],
    ["a list", '["chat.join",{"roomId":"room123"}]'],
    ["no event", '{"data":{"roomId":"room123"}}'],
    ["an event that is no text", '{"event":1,"data":{"roomId":"room123"}}'],
    ["an event only in its prototype", '{"__proto__":{"event":"chat.join"},"data":{}}'],
    ["no data", '{"event":"chat.join"}'],
    ["data that is null", frame("chat.join", null)],
    ["data that is a list", frame("chat.join", ["room123"])],
    ["data that is a text", frame("chat.join", "room123")],
    ["no room", frame("chat.join", {})],
    ["a room only in its prototype", '{"event":"chat.join","data":{"__proto__":{"roomId":"r"}}}'],
    ["a room that is a number", frame("chat.join", { roomId: 7 })],
    ["a room that is an object", frame("chat.join", { roomId: { id: "room123" } })],
    ["a room without a name", frame("chat.join", { roomId: "" })],
    ["the room .", frame("chat.join", { roomId: "." })],
    ["the room ..", frame("chat.leave", { roomId: ".." })],
    ["a room of 101 characters", frame("chat.join", { roomId: "r".repeat(101) })],
    ["a topic of ours", frame("chat.join", { roomId: "user:1" })],
    ["a room with a slash", frame("chat.join", { roomId: "a/b" })],
    ["a room with a line's end", frame("chat.join", { roomId: "room\n" })],
    ["a room with a NUL", frame("chat.join", { roomId: "room\0" })],
    ["no message", frame("chat.message", { roomId: "room123" })],
    ["an empty message", frame("chat.message", { roomId: "room123", message: "" })],
    ["a message that is a number", frame("chat.message", { roomId: "room123", message: 1 })],
    ["a message with a NUL", frame("chat.message", { roomId: "room123", message: "a\0b" })],
    [
      "a message with half a character",
      '{"event":"chat.message","data":{"roomId":"r","message":"\\ud800"}}',
    ],
    ["a message into no room", frame("chat.message", { message: "hello" })],
    ["typing that is neither", frame("chat.typing", { roomId: "room123" })],
    ["typing in words", frame("chat.typing", { roomId: "room123", isTyping: "true" })],
    ["a userId that is an object", frame("chat.join", { roomId: "room123", userId: {} })],
  ])("%s is answered Invalid message format, and nothing else of it", (_, input) => {
    expect(refusalOf(input)).toEqual(malformed)
  })

  test.each([
    ["chat.joined", "Unknown event: chat.joined"],
    ["__proto__", "Unknown event: __proto__"],
    ["constructor", "Unknown event: constructor"],
    ["toString", "Unknown event: toString"],
    ["", "Unknown event"],
    ["<script>", "Unknown event"],
    ["x".repeat(51), "Unknown event"],
  ])("the event %p is told to be none", (event, message) => {
    const data = { message, code: "invalid_request" }

    expect(refusalOf(frame(event, {}))).toEqual({ event: "error", data })
    expect(refusalOf(JSON.stringify({ event }))).toEqual({ event: "error", data })
  })

  test("fields that nobody knows are ignored, a username of whatever type too", () => {
    const { frame: known, command } = CLIENT_EXAMPLES["chat.message"]
    const data = { ...known.data, username: [{}], type: "system", id: 7 }

    expect(decode(JSON.stringify({ ...known, data, id: 1 }))).toMatchObject({ command })
  })

  test.each(["123", 5, "someone"])("a userId (%p) is a claim, to be checked", (userId) => {
    const data = { roomId: "room123", message: "hello", userId }

    expect(decode(frame("chat.message", data))).toMatchObject({ kind: "command", claims: [userId] })
  })

  test("a userId of null claims nothing", () => {
    expect(decode(frame("chat.join", { roomId: "room123", userId: null }))).not.toHaveProperty(
      "claims",
    )
  })

  const anything = fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" }))
  const almost = fc
    .record(
      {
        event: fc.oneof(fc.constantFrom(...Object.keys(CLIENT_EXAMPLES)), fc.string()),
        data: fc.oneof(
          fc.record(
            {
              roomId: fc.oneof(fc.constant("room123"), fc.anything()),
              message: fc.oneof(fc.string({ unit: "binary" }), fc.anything()),
              isTyping: fc.oneof(fc.boolean(), fc.anything()),
              userId: fc.anything(),
            },
            { requiredKeys: [] },
          ),
          fc.anything(),
        ),
      },
      { requiredKeys: [] },
    )
    .map((it) => {
      try {
        return JSON.stringify(it)
      } catch {
        return "{}"
      }
    })

  test("given any text at all, then it is read to a value, and never throws", () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(fc.oneof(anything, almost), (text) => {
        const decoded = decode(text)
        kinds.add(decoded.kind)
        if (decoded.kind === "invalid") {
          expect(ERROR_CODES).toContain(decoded.error.code)
          expect(JSON.parse(String(encodeError(decoded.error, asked()))).event).toBe("error")
        }
      }),
      { numRuns: 2_000 },
    )
    expect([...kinds].sort()).toEqual(["command", "invalid"])
  })

  test("given any depth of nesting, then it is read to a value, and never throws", () => {
    for (const depth of [33, 1_000, 10_000, 30_000]) {
      const nested = "[".repeat(depth) + "]".repeat(depth)
      const deep = [
        nested,
        `{"event":${nested},"data":{}}`,
        `{"event":"chat.join","data":${nested}}`,
      ]
      for (const text of deep) expect(refusalOf(text)).toEqual(malformed)
      const ignored = `{"event":"chat.join","data":{"roomId":"room123","x":${nested}}}`
      expect(decode(ignored).kind).toBe("command")
    }
  })
})
