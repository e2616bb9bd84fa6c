import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { Encoder, PacketType } from "socket.io-parser"
import {
  ackFrame,
  ackFrameOfJson,
  eventFrame,
  eventFrameOfJson,
} from "../../../src/wire/socket-io/frames"

const namespaces = fc.constantFrom("/", "/chat", "/custom")
const names = fc.string({ unit: "grapheme", minLength: 1 })
const encoder = new Encoder()

/** What the official encoder makes, in the message of Engine.IO. */
const official = (packet: Parameters<Encoder["encode"]>[0]) => `4${encoder.encode(packet).join()}`

describe("frames of Socket.IO", () => {
  test("an event in a namespace, and in the main one", () => {
    expect(eventFrame("/chat", "message", { a: 1 })).toBe('42/chat,["message",{"a":1}]')
    expect(eventFrame("/", "message", "x")).toBe('42["message","x"]')
  })

  test("an acknowledgement in a namespace, and in the main one", () => {
    expect(ackFrame("/chat", 0, { a: 1 })).toBe('43/chat,0[{"a":1}]')
    expect(ackFrame("/", 456, null)).toBe("43456[null]")
  })

  test("events are what the official encoder makes, whatever JSON they carry", () => {
    fc.assert(
      fc.property(namespaces, names, fc.jsonValue(), (nsp, name, payload) => {
        const packet = { type: PacketType.EVENT, nsp, data: [name, payload] }
        expect(eventFrame(nsp, name, payload)).toBe(official(packet))
      }),
    )
  })

  test("acknowledgements are what the official encoder makes, whatever JSON they carry", () => {
    fc.assert(
      fc.property(namespaces, fc.nat(), fc.jsonValue(), (nsp, id, payload) => {
        const packet = { type: PacketType.ACK, nsp, id, data: [payload] }
        expect(ackFrame(nsp, id, payload)).toBe(official(packet))
      }),
    )
  })

  test("both are the same where the payload is JSON already", () => {
    fc.assert(
      fc.property(namespaces, fc.nat(), fc.jsonValue(), (nsp, id, payload) => {
        const json = JSON.stringify(payload)
        expect(eventFrameOfJson(nsp, "message", json)).toBe(eventFrame(nsp, "message", payload))
        expect(ackFrameOfJson(nsp, id, json)).toBe(ackFrame(nsp, id, payload))
      }),
    )
  })

  test("without a payload both say null, as the official encoder does", () => {
    const packet = { type: PacketType.EVENT, nsp: "/", data: ["gone", undefined] }

    expect(eventFrame("/", "gone", undefined)).toBe(official(packet))
    expect(eventFrame("/", "gone", undefined)).toBe('42["gone",null]')
  })
})
