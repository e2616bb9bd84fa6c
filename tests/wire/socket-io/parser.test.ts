import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { Encoder, type Packet, PacketType } from "socket.io-parser"
import { OVERSIZED } from "../../../src/wire/socket-io/oversized"
import { createParser } from "../../../src/wire/socket-io/parser"

function decoderOf(limits: Partial<Parameters<typeof createParser>[0]> = {}) {
  const parser = createParser({
    textBytesMax: 1_000_000,
    attachmentsMax: 10,
    attachmentBytesMax: 1_000,
    depthMax: 32,
    ...limits,
  })
  return listenTo(new parser.Decoder())
}

function listenTo(decoder: InstanceType<ReturnType<typeof createParser>["Decoder"]>) {
  const packets: Packet[] = []
  decoder.on("decoded", (packet) => packets.push(packet))
  return { decoder, packets, add: (input: unknown) => decoder.add(input) }
}

const placeholders = (count: number) =>
  JSON.stringify(["m", ...Array.from({ length: count }, (_, num) => ({ _placeholder: true, num }))])
/** Bytes by what is in them; and -0 as 0, which JSON says for both. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return { bytes: [...value] }
  if (Array.isArray(value)) return value.map(plain)
  return JSON.parse(JSON.stringify(value))
}
const bytes = (length: number) => Buffer.alloc(length, 7)

describe("the parser", () => {
  test("reads what the official encoder writes, bytes among it", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 2 }), tie("bytes"), tie("list")),
      bytes: fc.uint8Array({ maxLength: 20 }).map((it) => Buffer.from(it)),
      list: fc.array(tie("any"), { maxLength: 3 }),
    })).any
    const { add, packets } = decoderOf({ textBytesMax: 1_000_000, attachmentsMax: 100 })
    fc.assert(
      fc.property(value, fc.option(fc.nat(), { nil: undefined }), (payload, id) => {
        const data = ["message", payload]
        const packet = {
          type: PacketType.EVENT,
          nsp: "/chat",
          data,
          ...(id === undefined ? {} : { id }),
        }
        const expected = plain(data)
        packets.length = 0
        for (const frame of new Encoder().encode(packet)) add(frame)
        expect(packets).toHaveLength(1)
        const [read] = packets
        expect([read?.type, read?.nsp, read?.id]).toEqual([PacketType.EVENT, "/chat", id])
        expect(plain(read?.data)).toEqual(expected)
      }),
    )
  })

  test("two connections that receive bytes in turn get each its own", () => {
    const parser = createParser({
      textBytesMax: 1_000_000,
      attachmentsMax: 10,
      attachmentBytesMax: 1_000,
      depthMax: 32,
    })
    const ann = listenTo(new parser.Decoder())
    const bob = listenTo(new parser.Decoder())

    ann.add(`51-${placeholders(1)}`)
    bob.add(`51-/chat,${placeholders(1)}`)
    bob.add(Buffer.from("bob"))
    ann.add(Buffer.from("ann"))
    ann.add('2["again"]')

    expect(ann.packets.map(({ data }) => data)).toEqual([["m", Buffer.from("ann")], ["again"]])
    expect(bob.packets.map(({ data }) => data)).toEqual([["m", Buffer.from("bob")]])
  })

  test.each([
    "9",
    "abc",
    "2",
    "27",
    "3",
    "2{}",
    "2[]",
    "2[null]",
    '2["connect"]',
    '2["disconnecting"]',
    "2abc[1]",
    "3{}",
    "0[]",
    "1[]",
    '51["m"]',
    '5x-["m"]',
    '51.5-["m"]',
    '5-1-["m"]',
  ])("%j is no packet, and throws", (text) => {
    const { add, packets } = decoderOf()

    expect(() => add(text)).toThrow()
    expect(packets).toEqual([])
  })
})

describe("the parser's limits", () => {
  test("10 attachments are taken, and 11 are refused before one has come", () => {
    const { add, packets } = decoderOf()

    add(`510-${placeholders(10)}`)
    for (let i = 0; i < 10; i++) add(bytes(1))
    expect(packets).toHaveLength(1)

    expect(() => add(`511-${placeholders(11)}`)).toThrow()
    expect(() => decoderOf().add(`51000000000-${placeholders(1)}`)).toThrow()
    expect(() => decoderOf().add(`51e9-${placeholders(1)}`)).toThrow()
  })

  test("1000 bytes of attachments are taken, and the 1001st is refused", () => {
    const { add, packets } = decoderOf()
    add(`52-${placeholders(2)}`)
    add(bytes(600))
    add(bytes(400))
    expect(packets).toHaveLength(1)

    add(`52-${placeholders(2)}`)
    add(bytes(600))
    expect(() => add(bytes(401))).toThrow("too large")
    expect(packets).toHaveLength(1)
  })

  test("bytes that nobody announced, or text where bytes are due, throw", () => {
    expect(() => decoderOf().add(bytes(1))).toThrow()

    const { add } = decoderOf()
    add(`51-${placeholders(1)}`)
    expect(() => add('2["m"]')).toThrow()
  })

  test("a placeholder of bytes that are not there throws", () => {
    const { add, packets } = decoderOf()
    add('51-["m",{"_placeholder":true,"num":5}]')

    expect(() => add(bytes(1))).toThrow()
    expect(packets).toEqual([])
  })

  test("an event of too much text is its name and its id, and what stands after them is not read", () => {
    const { add, packets } = decoderOf({ textBytesMax: 100 })
    const garbage = "no JSON at all ".repeat(10)

    add(`2/chat,7["joinRoom",${garbage}`)
    add('2["small"]')

    expect(packets).toMatchObject([
      { nsp: "/chat", id: 7, data: ["joinRoom", OVERSIZED] },
      { nsp: "/", data: ["small"] },
    ])
    expect(() => add(`3/chat,7["${garbage}"]`)).toThrow("too large")
    expect(() => add(`2["${garbage}",1]`)).toThrow("too large")
    // Of what is not too much, all of it is read.
    expect(() => add("2[no JSON at all")).toThrow("invalid payload")
  })

  test("JSON of 32 levels is taken, of 33 or of half a million refused", () => {
    const nested = (levels: number) => `2["m",${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}]`
    const { add, packets } = decoderOf()

    add(nested(32))
    expect(packets).toHaveLength(1)
    expect(() => add(nested(33))).toThrow("too deeply")
    expect(() => add(nested(480_000))).toThrow()

    const binary = decoderOf()
    binary.add(`51-["m",${"[".repeat(400_000)}${"]".repeat(400_000)}]`)
    expect(() => binary.add(bytes(1))).toThrow()
  })

  test.each(["9".repeat(400), "9007199254740992", "1 2"])(
    "an acknowledgement by the id %j is refused",
    (id) => {
      const { add, packets } = decoderOf()

      expect(() => add(`2${id}["m"]`)).toThrow()
      expect(packets).toEqual([])
    },
  )

  test("keys of prototypes are data, and change nothing else", () => {
    const { add, packets } = decoderOf()

    add('2["m",{"__proto__":{"isAdmin":true},"constructor":1}]')
    add('51-["m",{"__proto__":{"isAdmin":true}},{"_placeholder":true,"num":0}]')
    add(bytes(1))

    expect(packets).toHaveLength(2)
    expect(Reflect.get({}, "isAdmin")).toBeUndefined()
    for (const { data } of packets) expect(Object.hasOwn(data[1], "__proto__")).toBe(true)
  })

  test("what was half there is forgotten with the connection", () => {
    const { add, decoder } = decoderOf()
    add(`51-${placeholders(1)}`)

    decoder.destroy()

    expect(() => add(bytes(1))).toThrow()
  })
})
