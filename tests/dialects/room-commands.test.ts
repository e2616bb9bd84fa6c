import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import * as native from "../../src/dialects/native/examples"
import { createRoomCommands } from "../../src/dialects/room-commands"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  EXAMPLE_ASKER,
  EXAMPLE_USERS_MAX,
  MESSAGE_EXAMPLES,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "../../src/dialects/room-commands/examples"
import type { Actor, Profile } from "../../src/protocol/entities"
import { ChatError, ERROR_CODES } from "../../src/protocol/errors"
import type { Event } from "../../src/protocol/events"
import { asUserId } from "../../src/protocol/ids"
import type { Reply } from "../../src/protocol/replies"

const settings = {
  roomCommandsPath: "/ws/chat",
  usersMaxDefault: EXAMPLE_USERS_MAX,
  showsEmails: true,
}
const dialect = createRoomCommands(settings)
const shy = createRoomCommands({ ...settings, showsEmails: false })

const askedBy = (profile: Profile) => {
  const user = {
    ...profile,
    role: "user",
    createdAt: 0,
    lastSeenAt: null,
    disabledAt: null,
  } as const
  const actor: Actor = { user, via: { type: "gateway" } }
  return { ref: undefined, command: null, actor, at: 0 }
}
const asked = askedBy(EXAMPLE_ASKER)
const frame = (type: string, data?: unknown) => JSON.stringify({ type, data })
const { "room.entered": entering, "room.exited": leaving } = EVENT_EXAMPLES

describe("golden frames of room-commands", () => {
  test.each(Object.entries(CLIENT_EXAMPLES))("%s from a client is understood", (_, example) => {
    expect(dialect.decode(JSON.stringify(example.frame))).toEqual(example.decoded)
  })

  test.each(Object.entries(EVENT_EXAMPLES))("the event %s is told", (_, { event, frame }) => {
    expect(JSON.parse(String(dialect.encodeEvent(event)))).toEqual(frame)
  })

  test.each(Object.entries(MESSAGE_EXAMPLES))("a message %s is told", (_, { message, frame }) => {
    const { event } = EVENT_EXAMPLES["message.created"]

    expect(JSON.parse(String(dialect.encodeEvent({ ...event, message } as Event)))).toEqual(frame)
  })

  test.each(Object.entries(REPLY_EXAMPLES))("the reply %s is given", (_, { reply, frame }) => {
    expect(JSON.parse(String(dialect.encodeReply(reply, asked)))).toEqual(frame)
  })

  test("a join of who is there already, which has no notice, is not told", () => {
    const reply = { ...REPLY_EXAMPLES["room.joined"].reply, notice: null } as Reply

    expect(dialect.encodeReply(reply, asked)).toBeNull()
  })

  test.each(Object.entries(SIGNAL_EXAMPLES))("the signal %s is given", (_, { signal, frame }) => {
    expect(JSON.parse(String(dialect.encodeSignal(signal)))).toEqual(frame)
  })

  test.each(ERROR_CODES)("%s is told in words of the document's table", (code) => {
    const told = JSON.parse(
      String(dialect.encodeError(new ChatError(code, { detail: "x" }), asked)),
    )

    expect(told).toEqual({ type: "error", data: { message: ERROR_EXAMPLES[code], code } })
  })

  test("no frame greets", () => {
    const { greeting } = native.GREETING_EXAMPLE

    expect(dialect.greet(greeting)).toEqual([])
  })
})

describe("what room-commands has no words for", () => {
  const isTold = (type: string) => type in EVENT_EXAMPLES
  const events = Object.entries(native.EVENT_EXAMPLES).filter(([type]) => !isTold(type))

  test.each(events)("the event %s is not told", (_, { event }) => {
    expect(dialect.encodeEvent(event)).toBeNull()
  })

  test.each(["user.online", "user.offline"] as const)("%s is not told", (type) => {
    expect(dialect.encodeEvent({ type, user: EXAMPLE_ASKER, at: 0 })).toBeNull()
  })

  test.each(Object.entries(native.SIGNAL_EXAMPLES))(
    "the signal %s is not told",
    (_, { signal }) => {
      expect(dialect.encodeSignal(signal)).toBeNull()
    },
  )

  test.each(Object.entries(native.REPLY_EXAMPLES))("the reply %s is not told", (_, { reply }) => {
    expect(dialect.encodeReply(reply, asked)).toBeNull()
  })
})

describe("whose address is shown", () => {
  const { reply } = REPLY_EXAMPLES.rooms
  const emailsIn = (text: unknown): string[] =>
    JSON.parse(String(text)).data.flatMap(
      (room: { users: Record<string, { user_email: string }> }) =>
        Object.values(room.users).map(({ user_email }) => user_email),
    )

  test("nobody's, of rooms in a list, to who is not in them", () => {
    const stranger = askedBy({ ...EXAMPLE_ASKER, id: asUserId("eve") })

    expect(emailsIn(dialect.encodeReply(reply, stranger))).toEqual(["ann", "bob", "bob"])
  })

  test("nobody's where the server shows none: not in lists, messages, notices or their texts", () => {
    expect(emailsIn(shy.encodeReply(reply, asked))).toEqual(["ann", "bob", "bob"])
    for (const { event } of Object.values(EVENT_EXAMPLES)) {
      expect(shy.encodeEvent(event)).not.toContain("@")
    }
    expect(shy.encodeEvent(entering.event)).toContain("ann joined the room")
    expect(shy.encodeReply(REPLY_EXAMPLES["room.joined"].reply, asked)).not.toContain("@")
  })

  test("nobody's who has none: the username stands for it", () => {
    const user = { ...EXAMPLE_ASKER, email: null }

    const told = JSON.parse(String(dialect.encodeEvent({ ...leaving.event, user } as Event)))

    expect(told).toMatchObject({ user_email: "ann", content: "ann left the room" })
  })
})

describe("a room that is hidden from who asks", () => {
  test("is unauthorized, where one that is none is not found", () => {
    const hidden = new ChatError("room_not_found", { isHidden: true })

    expect(JSON.parse(String(dialect.encodeError(hidden, asked))).data).toEqual({
      message: "unauthorized",
      code: "forbidden",
    })
  })
})

describe("what room-commands reads", () => {
  const understood: readonly [string, string, object][] = [
    ["list_rooms without data", frame("list_rooms"), { roomType: undefined }],
    ["list_rooms with data null", frame("list_rooms", null), { roomType: undefined }],
    ["list_rooms with no type", frame("list_rooms", {}), { roomType: undefined }],
    ["list_rooms of type null", frame("list_rooms", { type: null }), { roomType: undefined }],
    [
      "list_rooms of type private",
      frame("list_rooms", { type: "private" }),
      { roomType: "private" },
    ],
    ["leave_room without data", frame("leave_room"), { roomId: null }],
    ["leave_room with a room", frame("leave_room", { room_id: "r" }), { roomId: null }],
    ["unknown fields", frame("join_room", { room_id: "r", x: {} }), { roomId: "r" }],
    [
      "a room of 2",
      frame("create_room", { name: "n", type: "public", max_users: 2 }),
      { maxUsers: 2 },
    ],
    [
      "a room of 1000",
      frame("create_room", { name: "n", type: "private", max_users: 1000 }),
      { maxUsers: 1000, roomType: "private" },
    ],
    [
      "a room whose maker names no max_users has 100 of them",
      frame("create_room", { name: "n", type: "public" }),
      { maxUsers: 100 },
    ],
    [
      "max_users null",
      frame("create_room", { name: "n", type: "public", max_users: null }),
      { maxUsers: 100 },
    ],
    [
      "a name of 100 characters, each of two units",
      frame("create_room", { name: "😀".repeat(100), type: "public" }),
      { name: "😀".repeat(100) },
    ],
    [
      "a system message",
      frame("send_message", { type: "system", content: "x", room_id: "r" }),
      { draft: { type: "system" }, fromInside: true },
    ],
    [
      "a message of 1000 characters, each of two units",
      frame("send_message", { type: "text", content: "😀".repeat(1000), room_id: "r" }),
      { draft: { content: "😀".repeat(1000) } },
    ],
  ]
  test.each(understood)("%s", (_, input, command) => {
    expect(dialect.decode(input)).toMatchObject({ kind: "command", command })
  })

  const text = { type: "text", content: "hello", room_id: "room" }
  const open = { name: "My Room", type: "public" }
  const refused: readonly [string, string | Buffer][] = [
    ["a binary frame", Buffer.from(frame("leave_room", {}))],
    ["nothing", ""],
    ["text that is no JSON", "hello"],
    ["half of a frame", '{"type":"leave_room"'],
    ["null", "null"],
    ["a list", "[]"],
    ["a number", "7"],
    ["an object without type", "{}"],
    ["an unknown type", frame("shout", {})],
    ["a command of another protocol", frame("message.send", text)],
    ["a type that is no text", JSON.stringify({ type: 7, data: {} })],
    ["a type in capitals", frame("JOIN_ROOM", { room_id: "room" })],
    ["a property of every object as type", frame("toString", {})],
    ["the prototype as type", '{"type":"__proto__","data":{}}'],
    ["fields that are not in data", JSON.stringify({ type: "join_room", room_id: "room" })],
    ["create_room without data", frame("create_room")],
    ["create_room without a name", frame("create_room", { type: "public" })],
    ["a room without a type", frame("create_room", { name: "My Room" })],
    ["a room of type null", frame("create_room", { ...open, type: null })],
    ["a room of type direct", frame("create_room", { ...open, type: "direct" })],
    ["an empty name", frame("create_room", { ...open, name: "" })],
    ["a name of 101 characters", frame("create_room", { ...open, name: "x".repeat(101) })],
    ["a name with NUL", frame("create_room", { ...open, name: "a\0b" })],
    [
      "a name with a lone surrogate",
      `{"type":"create_room","data":{"name":"\\ud800","type":"public"}}`,
    ],
    ["a name that is a number", frame("create_room", { ...open, name: 7 })],
    ["a room of 1", frame("create_room", { ...open, max_users: 1 })],
    ["a room of 1001", frame("create_room", { ...open, max_users: 1001 })],
    ["a room of -2", frame("create_room", { ...open, max_users: -2 })],
    ["a room of 2.5", frame("create_room", { ...open, max_users: 2.5 })],
    [
      "a room of endless many",
      '{"type":"create_room","data":{"name":"n","type":"public","max_users":1e999}}',
    ],
    ["max_users as text", frame("create_room", { ...open, max_users: "50" })],
    ["list_rooms of type direct", frame("list_rooms", { type: "direct" })],
    ["list_rooms of an empty type", frame("list_rooms", { type: "" })],
    ["list_rooms with a list as data", frame("list_rooms", [])],
    ["join_room without data", frame("join_room")],
    ["join_room with data null", frame("join_room", null)],
    ["join_room without a room", frame("join_room", {})],
    ["an empty room_id", frame("join_room", { room_id: "" })],
    ["a room_id that is a number", frame("join_room", { room_id: 7 })],
    ["a room_id that is a topic", frame("join_room", { room_id: "user:1" })],
    ["a room_id of 101 characters", frame("join_room", { room_id: "x".repeat(101) })],
    ["a room_id that is the folder above", frame("join_room", { room_id: ".." })],
    ["leave_room with text as data", frame("leave_room", "room")],
    ["send_message without data", frame("send_message")],
    ["a message without a type", frame("send_message", { ...text, type: undefined })],
    ["a message of type image", frame("send_message", { ...text, type: "image" })],
    ["a message of type join", frame("send_message", { ...text, type: "join" })],
    ["a message without content", frame("send_message", { ...text, content: undefined })],
    ["an empty message", frame("send_message", { ...text, content: "" })],
    ["a message of 1001 characters", frame("send_message", { ...text, content: "x".repeat(1001) })],
    ["a message with NUL", frame("send_message", { ...text, content: "\0" })],
    ["a message that is a number", frame("send_message", { ...text, content: 7 })],
    ["a message without a room", frame("send_message", { ...text, room_id: undefined })],
    ["an id of a user that is an object", frame("send_message", { ...text, user_id: {} })],
  ]
  test.each(refused)("%s is an invalid message", (_, input) => {
    const decoded = dialect.decode(input)

    expect(decoded.kind).toBe("invalid")
    if (decoded.kind !== "invalid") return
    const told = JSON.parse(String(dialect.encodeError(decoded.error, asked)))
    expect(told.data.message).toBe("invalid message")
  })

  test.each(["user_id", "user_uuid", "userId", "sender_id"])("%s is a claim", (name) => {
    const decoded = dialect.decode(frame("send_message", { ...text, [name]: 123 }))

    expect(decoded).toMatchObject({ kind: "command", claims: [123] })
  })

  test("given any text at all, then it is read to a value, never throws, and its errors are of the table", () => {
    const types = Object.keys(CLIENT_EXAMPLES)
    const frames = fc
      .record({ type: fc.constantFrom(...types), data: fc.jsonValue() })
      .map((it) => JSON.stringify(it))
    const texts = fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" }), frames)
    fc.assert(
      fc.property(texts, (input) => {
        const decoded = dialect.decode(input)
        if (decoded.kind !== "invalid") return expect(decoded.kind).toBe("command")
        expect(decoded.error.code).toBe("invalid_request")
      }),
    )
  }, 20_000)

  test("given any depth of nesting, then it is read to a value and never throws", () => {
    for (const depth of [33, 1_000, 30_000]) {
      const nested = "[".repeat(depth) + "]".repeat(depth)
      for (const input of [nested, `{"type":"join_room","data":${nested}}`]) {
        expect(dialect.decode(input).kind).toBe("invalid")
      }
    }
  })
})
