import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { createRoomPath } from "../../src/dialects/room-path"
import {
  ARRIVAL_EXAMPLE,
  CLIENT_EXAMPLES,
  EVENT_EXAMPLES,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
  SILENT_EVENTS,
  SYSTEM_EXAMPLE,
} from "../../src/dialects/room-path/examples"
import { ChatError, ERROR_CODES, ERRORS } from "../../src/protocol/errors"

const roomPath = createRoomPath({ trustsClaims: false })
const { command: arrival } = ARRIVAL_EXAMPLE.arrival
const asked = { ref: undefined, command: null, actor: null, at: 0 }
const decode = (input: string | Buffer) => roomPath.decode(input, arrival)
const asText = (frame: object | null) => (frame === null ? null : JSON.stringify(frame))

describe("golden frames of room-path", () => {
  test("the address says who comes, and into which room", () => {
    expect(roomPath.arrive(ARRIVAL_EXAMPLE.params)).toEqual(ARRIVAL_EXAMPLE.arrival)
  })

  test.each(Object.entries(CLIENT_EXAMPLES))("%s from a client is understood", (_, example) => {
    expect(decode(JSON.stringify(example.frame))).toEqual(example.decoded)
  })

  test.each(Object.entries(EVENT_EXAMPLES))("the event %s is told", (_, { event, frame }) => {
    expect(roomPath.encodeEvent(event)).toBe(JSON.stringify(frame))
  })

  test("a system message is told with its id and a timestamp", () => {
    const { event, frame } = SYSTEM_EXAMPLE

    expect(roomPath.encodeEvent(event)).toBe(JSON.stringify(frame))
  })

  test.each(Object.entries(SILENT_EVENTS))("the event %s has no word", (_, event) => {
    expect(roomPath.encodeEvent(event)).toBeNull()
  })

  test.each(Object.entries(REPLY_EXAMPLES))("the reply %s is given", (_, { reply, frame }) => {
    expect(roomPath.encodeReply(reply, asked)).toBe(asText(frame))
  })

  test.each(Object.entries(SIGNAL_EXAMPLES))("the signal %s is given", (_, { signal, frame }) => {
    expect(roomPath.encodeSignal(signal)).toBe(asText(frame))
  })
})

describe("what room-path says", () => {
  test.each(ERROR_CODES)("%s tells its detail and its code", (code) => {
    expect(JSON.parse(String(roomPath.encodeError(new ChatError(code), asked)))).toEqual({
      type: "error",
      detail: ERRORS[code].title,
      code,
    })
  })

  test("where waiting helps, for how long is told", () => {
    const error = new ChatError("rate_limited", { detail: "too many", retryAfterMs: 1500 })

    expect(roomPath.encodeError(error, asked)).toBe(
      '{"type":"error","detail":"too many","code":"rate_limited","retry_after_ms":1500}',
    )
  })
})

describe("where room-path is spoken", () => {
  test.each(["", ".", "..", "a b", "a/b", "é", "user:1", "x".repeat(101), undefined])(
    "no room is called %p",
    (room_id) => {
      const params = { user_id: "ann", ...(room_id === undefined ? {} : { room_id }) }

      expect(roomPath.arrive(params)).toMatchObject({ code: "invalid_request" })
    },
  )

  test.each(["...", "room123", "A_b-c.d", "x".repeat(100)])(
    "a room may be called %s",
    (room_id) => {
      expect(roomPath.arrive({ room_id, user_id: "ann" })).toMatchObject({
        command: { roomId: room_id },
      })
    },
  )

  test("a room is made by its name only where clients are believed who they are", () => {
    const trusting = createRoomPath({ trustsClaims: true })

    expect(trusting.arrive(ARRIVAL_EXAMPLE.params)).toMatchObject({
      command: { createsMissing: true },
    })
  })
})

describe("what room-path reads", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)
  const wrong: readonly [string, string | Buffer][] = [
    ["a binary frame", Buffer.from('{"type":"text","content":"hello"}')],
    ["an empty text", ""],
    ["text that is no JSON", "hello"],
    ["half of JSON", '{"type":"text"'],
    ["JSON that is text", '"text"'],
    ["an array", '[{"type":"text","content":"hello"}]'],
    ["null", "null"],
    ["an empty object", "{}"],
    ["no type", '{"content":"hello"}'],
    ["an unknown type", '{"type":"typing","content":"hello"}'],
    ["a type that is a number", '{"type":1,"content":"hello"}'],
    ["a property of every object as type", '{"type":"toString","content":"hello"}'],
    ["the prototype as frame", '{"__proto__":{"type":"text","content":"hello"}}'],
    ["no content", '{"type":"text"}'],
    ["empty content", '{"type":"text","content":""}'],
    ["content that is a number", '{"type":"text","content":1}'],
    ["content that is an object", '{"type":"text","content":{"text":"hello"}}'],
    ["content with NUL", '{"type":"text","content":"a\\u0000b"}'],
    ["content with a lone surrogate", '{"type":"text","content":"\\ud800"}'],
    ["a user_id that is an object", '{"type":"text","content":"hello","user_id":{}}'],
    ["a user_id that is null", '{"type":"text","content":"hello","user_id":null}'],
    ["a user_id beyond all numbers", '{"type":"text","content":"hello","user_id":1e999}'],
    ["an empty user_id", '{"type":"text","content":"hello","user_id":""}'],
    ["JSON 30,000 deep", nested(30_000)],
    ["content 10,000 deep", `{"type":"text","content":${nested(10_000)}}`],
  ]
  test.each(wrong)("%s is refused", (_, input) => {
    const decoded = decode(input)

    expect(decoded).toMatchObject({ kind: "invalid", error: { code: "invalid_request" } })
  })

  test("unknown fields mean nothing, nor does a username", () => {
    const frame = { type: "text", content: "hello", username: "eve", room_id: "x" }

    expect(decode(JSON.stringify(frame))).toMatchObject({
      kind: "command",
      command: { draft: { roomId: "room123", content: "hello" } },
    })
    expect(decode(JSON.stringify(frame))).not.toHaveProperty("claims")
  })

  test("a user_id is kept to be checked, a text or a number", () => {
    for (const user_id of ["ann", "7", 7]) {
      const decoded = decode(JSON.stringify({ type: "text", content: "hello", user_id }))
      expect(decoded).toMatchObject({ kind: "command", claims: [user_id] })
    }
  })

  test("given any text at all, then it is read to a value and its errors are of the table", () => {
    const frames = fc.record(
      { type: fc.jsonValue(), content: fc.jsonValue(), user_id: fc.jsonValue() },
      { requiredKeys: [] },
    )
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      frames.map((it) => JSON.stringify(it)),
      fc
        .tuple(fc.constantFrom("text", "image", "shout"), fc.string({ unit: "binary" }))
        .map(([type, content]) => JSON.stringify({ type, content })),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const decoded = decode(text)
        if (decoded.kind === "invalid") expect(ERROR_CODES).toContain(decoded.error.code)
        else expect(decoded).toMatchObject({ kind: "command", command: { type: "message.send" } })
      }),
    )
  })
})
