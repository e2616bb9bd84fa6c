import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { ERROR_CODES } from "../../src/protocol/errors"
import { LIMITS } from "../../src/protocol/limits"
import { ClientFrame } from "../../src/protocol/socket-frames"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { openRawSocket } from "../support/raw-socket"
import type { TestFrame, TestSocket } from "../support/socket"
import { type PLACEHOLDERS, textFor } from "./arbitraries"
import { runs, timeoutMs } from "./runs"

const RUNS = 500

let house: House
let ann: Person
let ids: Readonly<Record<(typeof PLACEHOLDERS)[number], string>>
beforeAll(async () => {
  house = await openHouse({ env: { CHAT_MAX_FRAMES_PER_SEC: "0", CHAT_MAX_TYPING_PER_MIN: "0" } })
  ann = await person(house.url, "ann")
  const room = await roomOf(ann)
  const message = (await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })).body
  ids = { $room: room.id, $message: message.id, $user: ann.id }
})
afterAll(() => house.stop())

const inPlace = (text: string) =>
  text.replace(/\$(room|message|user)/g, (it) => ids[it as keyof typeof ids])

let probes = 0

/** What a frame is answered with, until a ping that was sent after it is. */
async function answersTo(socket: TestSocket, frame: string | Uint8Array<ArrayBuffer>) {
  const from = socket.frames.length
  // No number, as `ask` has: a frame under test may well have the same one.
  const id = `probe ${++probes}`
  socket.sendRaw(frame)
  socket.sendRaw(JSON.stringify({ type: "ping", id }))
  expect((await socket.next((it) => it.id === id)).type).toBe("ok")
  return socket.frames.slice(from).filter((it) => it.id !== id)
}

function isAccepted(text: string): boolean {
  try {
    return ClientFrame.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

function expectSound(frame: string, answers: readonly TestFrame[]): void {
  const errors = answers.filter(({ type }) => type === "error")
  for (const { data } of errors) {
    expect(ERROR_CODES).toContain(data.code)
    expect(data.code).not.toBe("internal")
    expect(data.message).not.toMatch(/\.ts:\d|at \w+ \(|SQLITE_|insert into|select "/)
  }
  if (isAccepted(frame)) return
  expect(errors).toHaveLength(1)
  const isOversized = Buffer.byteLength(frame) > LIMITS.frameBytesMax
  expect(errors[0]?.data.code).toBe(isOversized ? "payload_too_large" : "invalid_request")
}

test(
  "whatever a frame says, it is answered from the table, and the connection stays and answers a ping",
  async () => {
    const socket = await ann.connect()
    let accepted = 0
    const property = fc.asyncProperty(textFor(ClientFrame), async (text) => {
      const frame = inPlace(text)
      const answers = await answersTo(socket, frame)
      expectSound(frame, answers)
      if (isAccepted(frame) && answers.some(({ type }) => type === "ok")) accepted++
    })

    await fc.assert(property, runs(RUNS))

    expect(accepted).toBeGreaterThan(RUNS / 50)
    socket.close()
  },
  timeoutMs(RUNS),
)

test(
  "given binary frames of whatever bytes, each is invalid_request and the connection stays",
  async () => {
    const socket = await ann.connect()
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
      const answers = await answersTo(socket, new Uint8Array(bytes))
      expect(answers.map(({ data }) => data.code)).toEqual(["invalid_request"])
    })

    await fc.assert(property, runs(50))
    socket.close()
  },
  timeoutMs(50),
)

test(
  "given bytes on the wire that are no frames of WebSocket, or text that is no UTF-8, the server goes on",
  async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((it) => Buffer.from(it)),
      fc.uint8Array({ maxLength: 100 }).map((it) => masked(0x1, Buffer.from(it))),
      fc
        .constantFrom("\xff", "\xc3\x28", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80")
        .map((it) => masked(0x1, Buffer.from(`{"type":"ping","id":"${it}"}`, "latin1"))),
      fc
        .tuple(fc.nat(15), fc.uint8Array({ maxLength: 130 }))
        .map(([opcode, it]) => masked(opcode, Buffer.from(it))),
    )
    const property = fc.asyncProperty(bytes, async (it) => {
      const socket = await openRawSocket(`${house.url}/api/v1/ws`, ann.token)
      socket.send(it)
      // A well-formed ping of WebSocket after it: answered, or the connection was closed.
      socket.send(masked(0x9, Buffer.from("still there?")))
      await socket.heardOrClosed("still there?", 300)
      socket.cut()
    })

    await fc.assert(property, runs(50))
    const socket = await ann.connect()
    expect((await socket.ask("ping")).type).toBe("ok")
    socket.close()
  },
  timeoutMs(400),
)

/** A frame as clients send it: whole, masked. */
function masked(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([1, 2, 3, 4])
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff])
  const body = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, body])
}
