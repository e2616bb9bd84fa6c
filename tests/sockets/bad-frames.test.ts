import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import type { TestSocket } from "../support/socket"

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)

describe("frames that are wrong", () => {
  let server: TestServer
  let ann: Person
  let roomId: string
  let socket: TestSocket

  beforeAll(async () => {
    server = await startServer({
      env: { CHAT_MAX_FRAMES_PER_SEC: "0", CHAT_MAX_MESSAGES_PER_MIN: "0" },
    })
    ann = await person(server.url, "ann")
    roomId = (await roomOf(ann)).id
    socket = await ann.connect()
  })
  afterAll(() => server.stop())

  const send = (data: object) => JSON.stringify({ type: "message.send", id: "mine", data })

  const scenarios: readonly (readonly [string, () => string | Uint8Array<ArrayBuffer>, object])[] =
    [
      ["binary", () => new TextEncoder().encode('{"type":"ping","id":"mine"}'), {}],
      ["an empty text", () => "", {}],
      ["no JSON", () => "hello", {}],
      ["half of JSON", () => '{"type":"ping","id":"mine"', {}],
      ["an array", () => '[{"type":"ping","id":"mine"}]', {}],
      ["null", () => "null", {}],
      ["without a type", () => '{"id":"mine","data":{}}', { id: "mine" }],
      ["of an unknown type", () => '{"type":"shout","id":"mine"}', { id: "mine" }],
      [
        "of the server's own type",
        () => '{"type":"message.created","id":"mine","data":{}}',
        { id: "mine" },
      ],
      ["with __proto__ as type", () => '{"type":"__proto__","id":"mine"}', { id: "mine" }],
      ["with constructor as type", () => '{"type":"constructor","id":"mine"}', { id: "mine" }],
      ["without data", () => '{"type":"message.send","id":"mine"}', { id: "mine" }],
      [
        "with data that is text",
        () => '{"type":"message.send","id":"mine","data":"x"}',
        { id: "mine" },
      ],
      [
        "with the prototype as data",
        () => '{"type":"history","id":"mine","__proto__":{}}',
        { id: "mine" },
      ],
      ["with an id that is an object", () => '{"type":"ping","id":{"a":1}}', {}],
      ["with a number beyond all as id", () => '{"type":"ping","id":1e999}', {}],
      ["without content", () => send({ room_id: roomId }), { id: "mine" }],
      ["with empty content", () => send({ room_id: roomId, content: "" }), { id: "mine" }],
      [
        "with content that is a number",
        () => send({ room_id: roomId, content: 7 }),
        { id: "mine" },
      ],
      ["with NUL in the content", () => send({ room_id: roomId, content: "a\0b" }), { id: "mine" }],
      [
        "with half a character",
        () =>
          `{"type":"message.send","id":"mine","data":{"room_id":"${roomId}","content":"\\ud800"}}`,
        { id: "mine" },
      ],
      [
        "with 4,001 characters",
        () => send({ room_id: roomId, content: "😀".repeat(4_001) }),
        { id: "mine" },
      ],
      ["with a room id of slashes", () => send({ room_id: "../x", content: "a" }), { id: "mine" }],
      [
        "with a client_id of 129 characters",
        () => send({ room_id: roomId, content: "a", client_id: "x".repeat(129) }),
        { id: "mine" },
      ],
      [
        "with metadata nested 33 deep",
        () => send({ room_id: roomId, content: "a", metadata: { a: JSON.parse(nested(33)) } }),
        { id: "mine" },
      ],
      [
        "with metadata of 8,193 bytes",
        () => send({ room_id: roomId, content: "a", metadata: { a: "x".repeat(8_193 - 7) } }),
        { id: "mine" },
      ],
      ["nested 30,000 deep", () => nested(30_000), {}],
      [
        "with data nested 30,000 deep",
        () => `{"type":"ping","id":"mine","data":${nested(30_000)}}`,
        { id: "mine" },
      ],
      [
        "with a seq that is no whole number",
        () => `{"type":"read","id":"mine","data":{"room_id":"${roomId}","seq":1.5}}`,
        { id: "mine" },
      ],
      [
        "with a seq below 0",
        () => `{"type":"history","id":"mine","data":{"room_id":"${roomId}","after":-1}}`,
        { id: "mine" },
      ],
      [
        "with a seq beyond what numbers hold",
        () =>
          `{"type":"history","id":"mine","data":{"room_id":"${roomId}","after":9007199254740993}}`,
        { id: "mine" },
      ],
      [
        "with an infinite seq",
        () => `{"type":"history","id":"mine","data":{"room_id":"${roomId}","after":1e999}}`,
        { id: "mine" },
      ],
      [
        "with a limit of 201",
        () => `{"type":"history","id":"mine","data":{"room_id":"${roomId}","limit":201}}`,
        { id: "mine" },
      ],
      [
        "with two cursors",
        () => `{"type":"history","id":"mine","data":{"room_id":"${roomId}","before":1,"after":1}}`,
        { id: "mine" },
      ],
      [
        "with no rooms to subscribe to",
        () => '{"type":"subscribe","id":"mine","data":{}}',
        { id: "mine" },
      ],
      [
        "with 201 rooms to subscribe to",
        () => {
          const rooms = Array.from({ length: 201 }, (_, n) => ({ room_id: `room-${n}` }))
          return JSON.stringify({ type: "subscribe", id: "mine", data: { rooms } })
        },
        { id: "mine" },
      ],
      [
        "with a status that is none",
        () => '{"type":"presence","id":"mine","data":{"status":"offline"}}',
        { id: "mine" },
      ],
    ]

  test.each(scenarios)(
    "given a frame %s, then it is invalid_request and the socket stays",
    async (_, frame, id) => {
      const before = socket.frames.length

      socket.sendRaw(frame())
      await socket.next("error")

      expect((await socket.ask("ping")).type).toBe("ok")
      const [refusal, ...rest] = socket.frames.slice(before)
      expect(refusal).toEqual({
        type: "error",
        ...id,
        data: { code: "invalid_request", message: expect.any(String), retryable: false },
      })
      expect(rest.map(({ type }) => type)).toEqual(["ok"])
    },
  )

  test("given wrong frames only, then nothing was stored", async () => {
    const { body } = await ann.get(`/rooms/${roomId}`)

    expect(body.head).toBe(1)
  })

  test("given a wrong shape and a room that one may not see, then the shape is told", async () => {
    const refusal = await socket.ask("message.send", { room_id: "nowhere", content: 7 })

    expect(refusal.data.code).toBe("invalid_request")
  })

  test("answers a frame of 64 KiB and a byte with payload_too_large, and the socket stays", async () => {
    const frame = (bytes: number) => {
      const [head, tail] = ['{"type":"ping","id":"mine","data":{"x":"', '"}}']
      return head + "x".repeat(bytes - head.length - tail.length) + tail
    }
    const wide = `{"type":"ping","id":"mine","data":{"x":"${"é".repeat(33_000)}"}}`

    const before = socket.frames.length
    for (const it of [frame(65_536), frame(65_537), wide, frame(1_048_576)]) socket.sendRaw(it)
    await socket.ask("ping")

    const codes = socket.frames.slice(before).map(({ type, data }) => data.code ?? type)
    expect(codes.sort()).toEqual([
      "ok",
      "ok",
      "payload_too_large",
      "payload_too_large",
      "payload_too_large",
    ])
  })

  test("closes with 1009 on a frame of 1 MiB and a byte, and the server goes on", async () => {
    const own = await ann.connect()

    own.sendRaw("x".repeat(1_048_577))

    const { code } = await own.closed
    expect([1009, 1006]).toContain(code)
    expect((await socket.ask("ping")).type).toBe("ok")
  })

  const key = fc.constantFrom(
    "type",
    "id",
    "data",
    "room_id",
    "content",
    "__proto__",
    "constructor",
  )
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.constantFrom<unknown>(null, true, 2 ** 53, 1e308, "message.send", "subscribe", "history"),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map(Object.fromEntries),
    ),
  })).value
  const garbage = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
    anything.map((value) => JSON.stringify(value) ?? ""),
    fc.json(),
  )

  test("given any garbage, then each frame gets exactly one answer and the socket lives", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 20 }), async (frames) => {
        const before = socket.frames.length

        for (const frame of frames) socket.sendRaw(frame)
        const last = await socket.ask("ping")

        expect(last.type).toBe("ok")
        const answers = socket.frames.slice(before, -1)
        expect(answers.map(({ type }) => type)).toEqual(frames.map(() => "error"))
      }),
      { numRuns: 60 },
    )
  })

  const type = fc.constantFrom(
    ...[
      "subscribe",
      "unsubscribe",
      "message.send",
      "history",
      "typing",
      "read",
      "presence",
      "ping",
    ],
  )
  test("given any data under any known type, then each id gets exactly one answer", async () => {
    let id = 1_000_000
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(type, anything), { maxLength: 20 }), async (frames) => {
        const ids = frames.map(() => id++)

        for (const [index, [name, data]] of frames.entries()) {
          socket.sendRaw(JSON.stringify({ type: name, id: ids[index], data }))
        }
        await socket.ask("ping")

        for (const it of ids) {
          expect(socket.frames.filter((frame) => frame.id === it)).toHaveLength(1)
        }
      }),
      { numRuns: 40 },
    )
  })
})
