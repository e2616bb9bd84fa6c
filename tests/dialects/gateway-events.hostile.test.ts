import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { type GatewayClient, openGatewayClient } from "../support/gateway-client"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"

const KIB = 1_024
const ROOM = "lobby"

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)

/** A frame that is right, and so many bytes long. */
function frameOf(bytes: number): string {
  const empty = JSON.stringify({ event: "chat.leave", data: { roomId: "nowhere", x: "" } })
  const frame = empty.replace('"x":""', `"x":"${"x".repeat(bytes - empty.length)}"`)
  expect(Buffer.byteLength(frame)).toBe(bytes)
  return frame
}

describe("frames of gateway-events that mean harm", () => {
  let house: House
  let ann: Person
  let client: GatewayClient
  let witness: GatewayClient

  beforeAll(async () => {
    house = await openHouse({ env: { CHAT_MAX_FRAMES_PER_SEC: "0" } })
    ann = await person(house.url, "ann")
    client = await connect(ann)
    witness = await connect(await person(house.url, "bob"))
    for (const it of [client, witness]) await it.join(ROOM)
    await client.next()
  })
  afterEach(async () => {
    expect(await witness.rest()).toEqual([])
  })
  afterAll(() => house.stop())

  const connect = ({ token }: Person) =>
    openGatewayClient(`${house.url}/chat/ws`, { authorization: `Bearer ${token}` })

  const message = (text: string) => `{"event":"chat.message","data":{"roomId":"lobby",${text}}}`

  test.each<[string, string | Uint8Array]>([
    ["binary", Buffer.from(message('"message":"hello"'))],
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x00])],
    ["30,000 levels deep", nested(30_000)],
    ["with data 30,000 levels deep", `{"event":"chat.join","data":${nested(30_000)}}`],
    ["with a room 10,000 levels deep", `{"event":"chat.join","data":{"roomId":${nested(10_000)}}}`],
    ["with a number beyond all as room", '{"event":"chat.join","data":{"roomId":1e999}}'],
    ["with a number beyond all as message", message('"message":1e999')],
    ["with half a character", message('"message":"a\\udc00"')],
    ["with NUL", message('"message":"a\\u0000"')],
    ["with everything in the prototype", '{"__proto__":{"event":"chat.join","data":{}}}'],
    ["with a room in the prototype", '{"event":"chat.join","data":{"__proto__":{"roomId":"x"}}}'],
    ["with __proto__ twice", '{"__proto__":null,"event":"chat.join","data":{"__proto__":[]}}'],
  ])("%s: Invalid message format, and the connection stays", async (_, frame) => {
    client.sendRaw(frame)

    const data = { message: "Invalid message format", code: "invalid_request" }
    expect(await client.next()).toEqual({ event: "error", data })
    expect(await client.rest()).toEqual([])
  })

  test.each(["__proto__", "constructor", "hasOwnProperty", "toString"])(
    "the room %s is one like others, if its characters are right",
    async (roomId) => {
      await client.join(roomId)
      client.say("chat.message", { roomId, message: roomId })

      expect((await client.next()).data).toMatchObject({ roomId, username: "ann", message: roomId })
      client.say("chat.leave", { roomId })
      expect(await client.rest()).toEqual([])
    },
  )

  test("64 KiB are read; a byte more is refused, and the connection stays", async () => {
    client.sendRaw(frameOf(64 * KIB))
    client.sendRaw(frameOf(64 * KIB + 1))

    expect((await client.next()).data).toMatchObject({ code: "forbidden", roomId: "nowhere" })
    expect((await client.next()).data).toEqual({
      message: "Message too large: a frame may have 65536 bytes",
      code: "payload_too_large",
    })
    expect(await client.rest()).toEqual([])
  })

  test("1 MiB is refused as well; a byte more closes the connection with 1009", async () => {
    const other = await connect(ann)

    other.sendRaw("x".repeat(KIB * KIB))
    expect((await other.next()).data.code).toBe("payload_too_large")
    other.sendRaw("x".repeat(KIB * KIB + 1))

    expect(await other.closed).toBe(1009)
    expect(await client.rest()).toEqual([])
  })

  test("joining thousands of times makes 20 rooms, answers each, and tells nobody twice", async () => {
    const eve = await person(house.url, "eve")
    const other = await connect(eve)
    const before = house.rows("select count(*) as n from rooms")[0]?.n
    let asked = 0

    for (let turn = 0; turn < 20; turn++) {
      for (let nth = 0; nth < 100; nth++) other.say("chat.join", { roomId: `flood-${asked++}` })
      for (let nth = 0; nth < 100; nth++) await other.next()
    }

    const joined = other.frames.filter(({ event }) => event === "chat.joined")
    const codes = new Set(
      other.frames.filter(({ event }) => event === "error").map(({ data }) => data.code),
    )
    expect(joined.map(({ data }) => data.roomId)).toEqual(
      Array.from({ length: 20 }, (_, nth) => `flood-${nth}`),
    )
    expect([...codes]).toEqual(["rate_limited"])
    expect(other.frames).toHaveLength(2_000)
    expect(house.rows("select count(*) as n from rooms")[0]?.n).toBe(Number(before) + 20)
    other.close()
    await other.closed
  })

  test("joining one room 2,000 times, and leaving it as often, counts one user", async () => {
    const other = await connect(ann)

    for (let turn = 0; turn < 20; turn++) {
      for (let nth = 0; nth < 100; nth++) {
        other.say(nth % 2 === 0 ? "chat.join" : "chat.leave", { roomId: ROOM })
      }
      await other.rest()
    }

    // Ann is in the room on her first device all the time.
    expect(await client.rest()).toEqual([])
    expect((await ann.get(`/rooms/${ROOM}`)).body).toMatchObject({ user_count: 2, member_count: 2 })
    other.close()
    await other.closed
  })
})
