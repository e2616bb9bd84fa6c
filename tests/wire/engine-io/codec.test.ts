import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { asText, decodePacket, encodePacket } from "../../../src/wire/engine-io/packet"
import { decodePayload, encodePayload } from "../../../src/wire/engine-io/payload"

describe("a packet of Engine.IO", () => {
  test.each([
    ["0{}", { type: "open", data: "{}" }],
    ["1", { type: "close", data: "" }],
    ["2probe", { type: "ping", data: "probe" }],
    ["3", { type: "pong", data: "" }],
    ["4hello", { type: "message", data: "hello" }],
    ["4", { type: "message", data: "" }],
    ["5", { type: "upgrade", data: "" }],
    ["6", { type: "noop", data: "" }],
  ] as const)("%s is read, and written the same", (frame, packet) => {
    expect(decodePacket(frame)).toEqual(packet)
    expect(encodePacket(packet.type, packet.data)).toBe(frame)
  })

  test("bytes are a message: as they are, or as base64 where only text can go", () => {
    const bytes = Uint8Array.from([1, 2, 3, 4])

    expect(decodePacket(bytes)).toEqual({ type: "message", data: bytes })
    expect(encodePacket("message", bytes)).toBe(bytes)
    expect(asText(bytes)).toBe("bAQIDBA==")
    expect(decodePacket("bAQIDBA==")).toEqual({ type: "message", data: Buffer.from(bytes) })
  })

  test("a part of a larger buffer is written without its neighbours", () => {
    expect(asText(Uint8Array.from([9, 1, 2, 3, 4, 9]).subarray(1, 5))).toBe("bAQIDBA==")
  })

  test.each(["", "7", "9", "abc", "-1", " 4", "/", "\u0000", "b%%%", "bA=A"])(
    "%j is none, and says so as a value",
    (frame) => {
      expect(decodePacket(frame)).toBeNull()
    },
  )
})

describe("a payload of packets", () => {
  test("many packets travel between separators", () => {
    const packets = decodePayload("4a\x1e2\x1ebAQIDBA==", 10)

    expect(packets?.map(({ type }) => type)).toEqual(["message", "ping", "message"])
    expect(encodePayload(["4a", "2", Uint8Array.from([1, 2, 3, 4])])).toBe("4a\x1e2\x1ebAQIDBA==")
  })

  test("one bad packet among good ones makes it no payload", () => {
    expect(decodePayload("4a\x1eabc", 10)).toBeNull()
    expect(decodePayload("4a\x1e", 10)).toBeNull()
    expect(decodePayload("", 10)).toBeNull()
  })

  test("of 10 packets at most, 10 are read and 11 are none", () => {
    const packets = (count: number) => Array.from({ length: count }, () => "4a").join("\x1e")

    expect(decodePayload(packets(10), 10)).toHaveLength(10)
    expect(decodePayload(packets(11), 10)).toBeNull()
  })

  test("whatever text comes, it is read or refused, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const packets = decodePayload(text, 100)
        expect(packets === null || packets.length > 0).toBe(true)
      }),
    )
  })

  test("messages come back as they were sent", () => {
    const message = fc.oneof(
      fc.string({ unit: "grapheme" }).filter((it) => !it.includes("\x1e")),
      fc.uint8Array(),
    )
    fc.assert(
      fc.property(fc.array(message, { minLength: 1 }), (messages) => {
        const frames = messages.map((it) => encodePacket("message", it))
        const read = decodePayload(encodePayload(frames), 1_000)
        expect(read?.map(({ data }) => plain(data))).toEqual(messages.map(plain))
      }),
    )
  })
})

const plain = (data: string | Uint8Array) => (typeof data === "string" ? data : [...data])
