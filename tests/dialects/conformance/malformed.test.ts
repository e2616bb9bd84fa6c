import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import type { Guest, Place, Protocol, ProtocolName, Speaker } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

/** What cannot be read. On Socket.IO, where it is a payload, the error says what is wrong of it. */
const INVALID: Readonly<Record<ProtocolName, RegExp>> = {
  native: /^error: invalid_request$/,
  "room-commands": /^error: invalid message$/,
  "socketio-rooms": /^error: 400 ./,
  "room-path": /^error: ./,
  "socketio-conversations": /^error: ./,
  "gateway-events": /^error: (Invalid message format|Unknown event.*)$/,
}

const OVERSIZED: Readonly<Record<ProtocolName, RegExp>> = {
  ...INVALID,
  native: /^error: payload_too_large$/,
  "gateway-events": /^error: Message too large: a frame may have 65536 bytes$/,
}

const FRAME_BYTES_MAX = 65_536
const isRaw = ({ name }: Protocol) => !name.startsWith("socketio")

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.stop())

/** Ann and bob in a room, for all tests of a protocol. */
function openRoom(protocol: Protocol) {
  const room: { hers?: Speaker; his?: Speaker; place?: Place; ann?: Guest } = {}
  beforeAll(async () => {
    const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
    const place = await stage.placeFor(protocol, ann, bob)
    const his = await stage.arrive(protocol, bob, place)
    const hers = await stage.arrive(protocol, ann, place)
    await his.rest()
    Object.assign(room, { hers, his, place, ann })
  })
  return {
    get all() {
      const { hers, his, place, ann } = room
      if (!hers || !his || !place || !ann) throw new Error("the room is not open")
      return { hers, his, place, ann }
    },
    /** Refused once, told to nobody else, and the connection goes on. */
    async expectRefused(words: RegExp) {
      const { hers, his } = this.all
      expect(await hers.next()).toMatch(words)
      expect(await hers.rest()).toEqual([])
      hers.say("still here")
      expect(await hers.next()).toBe("ann: still here")
      expect(await his.next()).toBe("ann: still here")
      expect(await his.rest()).toEqual([])
    },
  }
}

/** Frames that are none, whatever protocol they come to. */
const GARBAGE: readonly (readonly [string, string | Uint8Array])[] = [
  ["no JSON", "hello"],
  ["nothing", ""],
  ["half an object", '{"type":"text","content":"hel'],
  ["null", "null"],
  ["a number", "7"],
  ["a text", '"hello"'],
  ["a list", '[{"type":"text","content":"hello"}]'],
  ["an object without anything", "{}"],
  ["numbers for names", '{"type":7,"event":7,"data":7,"content":7}'],
  ["a type that nobody has", '{"type":"nonsense","event":"nonsense","data":{},"content":"x"}'],
  ["a type that every object has", '{"type":"constructor","event":"toString","data":{}}'],
  ["keys of the prototype", '{"__proto__":{"type":"text"},"constructor":{"prototype":{}}}'],
  ["a type like the prototype", '{"type":"__proto__","event":"__proto__","data":{}}'],
  ["numbers beyond all bounds", '{"type":1e999,"event":-1e999,"data":{"room_id":1e400}}'],
  ["a list 30,000 deep", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
  ["brackets that never close", "[".repeat(60_000)],
  ["an object 9,000 deep", `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`],
  ["bytes", new Uint8Array([0, 1, 2, 255])],
  ["bytes that would be a frame", Buffer.from('{"type":"text","content":"hello"}')],
]

describe.each(PROTOCOLS.filter(isRaw))("$title answers", (protocol) => {
  const room = openRoom(protocol)
  const frameWith = (content: string) => {
    const { place, ann } = room.all
    return JSON.stringify(protocol.words.say(place, content, { type: "text", by: ann }))
  }

  test.each([...GARBAGE])("%s by its error, and goes on", async (_, input) => {
    room.all.hers.line.sendRaw(input)

    await room.expectRefused(INVALID[protocol.name])
  })

  test.each([
    ["an empty message", '""'],
    ["NUL in a message", '"a\\u0000b"'],
    ["half a surrogate pair in a message", '"\\ud800"'],
    ["a message that is a number", "7"],
    ["a message that is an object", '{"toString":"hello"}'],
    ["a message that is null", "null"],
  ])("%s by its error, and goes on", async (_, content) => {
    room.all.hers.line.sendRaw(frameWith("CONTENT").replace('"CONTENT"', content))

    await room.expectRefused(INVALID[protocol.name])
  })

  test("a frame of 64 KiB and a byte by its error, and goes on; one of 64 KiB is read", async () => {
    const { hers } = room.all
    const padding = " ".repeat(FRAME_BYTES_MAX - frameWith("just so").length)
    hers.line.sendRaw(frameWith("just so") + padding)
    expect(await hers.next()).toBe("ann: just so")
    expect(await room.all.his.next()).toBe("ann: just so")

    hers.line.sendRaw(`${frameWith("just so")}${padding} `)

    await room.expectRefused(OVERSIZED[protocol.name])
  })

  test("64 KiB and a byte that are no text by its error, and goes on", async () => {
    room.all.hers.line.sendRaw(new Uint8Array(FRAME_BYTES_MAX + 1))

    await room.expectRefused(OVERSIZED[protocol.name])
  })
})

/** An object in an object, and so on. */
function nested(depth: number): object {
  let it: object = {}
  for (let level = 0; level < depth; level++) it = { it }
  return it
}

/** Payloads that are none, of the event that sends a message. */
const PAYLOADS: readonly (readonly [string, unknown])[] = [
  ["no payload", undefined],
  ["null", null],
  ["a number", 7],
  ["a text", "hello"],
  ["a list", [{ content: "hello" }]],
  ["an object without anything", {}],
  ["keys of the prototype", JSON.parse('{"__proto__":{"content":"a"},"constructor":{}}')],
  ["numbers beyond all bounds", { roomId: 1e308, conversation_id: 1e308, content: -1e308 }],
  ["an object 30 deep", nested(30)],
  ["bytes", Buffer.from("hello")],
  ["bytes inside", { roomId: Buffer.from("hello"), content: Buffer.from("hello") }],
]

describe.each(PROTOCOLS.filter((it) => !isRaw(it)))("$title answers", (protocol) => {
  const room = openRoom(protocol)
  const sayWith = (changes: object) => {
    const { place, ann } = room.all
    const said = protocol.words.say(place, "hello", { type: "text", by: ann })
    const { event, payload } = said as { event: string; payload: object }
    return { event, payload: { ...payload, ...changes } }
  }

  test.each([...PAYLOADS])("%s by its error, and goes on", async (_, payload) => {
    const { event } = sayWith({})
    room.all.hers.line.send({ event, payload })

    await room.expectRefused(INVALID[protocol.name])
  })

  test.each([
    ["an empty message", ""],
    ["NUL in a message", "a\0b"],
    ["half a surrogate pair in a message", "\ud800"],
    ["a message that is a number", 7],
    ["a message that is an object", { toString: "hello" }],
    ["a message that is null", null],
    ["a message of 64 KiB and a byte", "x".repeat(FRAME_BYTES_MAX + 1)],
  ])("%s by its error, and goes on", async (_, content) => {
    room.all.hers.line.send(sayWith({ content }))

    await room.expectRefused(INVALID[protocol.name])
  })

  test.each(["nonsense", "__proto__", "constructor", "toString", "hasOwnProperty"])(
    "the event %s, which nobody has, by its error, and goes on",
    async (event) => {
      room.all.hers.line.send({ event, payload: {} })

      await room.expectRefused(/^error: (400 )?there is no such event$/)
    },
  )
})
