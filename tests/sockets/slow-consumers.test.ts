import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { LIMITS } from "../../src/protocol/limits"
import { listening } from "../support/listening"
import { type Person, person, roomOf } from "../support/people"
import { openPlainClient } from "../support/plain-client"
import { openRawClient, type RawClient } from "../support/raw-client"
import { startServer, type TestServer } from "../support/server"
import type { TestFrame, TestSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

const CONTENT = "x".repeat(60_000)
const MESSAGES_PER_MB = 17

let server: TestServer
let ann: Person
let bob: Person
let carol: Person
let sender: TestSocket
let room: { readonly id: string; readonly epoch: string }

beforeEach(async () => {
  await open({ CHAT_WRITE_TIMEOUT: "60s" })
})
afterEach(() => server.stop())

async function open(env: Readonly<Record<string, string>>): Promise<void> {
  server = await startServer({
    env: {
      ...env,
      CHAT_MAX_MESSAGES_PER_MIN: "0",
      CHAT_MAX_TYPING_PER_MIN: "0",
      CHAT_MAX_FRAMES_PER_SEC: "0",
      CHAT_MAX_MESSAGE_LENGTH: "60000",
    },
  })
  ann = await person(server.url, "ann")
  bob = await person(server.url, "bob")
  carol = await person(server.url, "carol")
  room = await roomOf(ann, [bob, carol])
  sender = await ann.connect()
}

const framesOf = ({ texts }: RawClient): TestFrame[] => texts.map((text) => JSON.parse(text))
const typesOf = (client: RawClient) => framesOf(client).map(({ type }) => type)
const seqsOf = (frames: readonly TestFrame[]) =>
  frames.filter(({ type }) => type === "message.created").map(({ seq }) => seq)
const isSlow = (frame: TestFrame) => frame.type === "notice" && frame.data.kind === "slow"

/** A client of somebody's that hears the room, and then reads nothing. */
async function mute(somebody: Person): Promise<RawClient> {
  const client = await openRawClient(`${server.url}/api/v1/ws?token=${somebody.token}`)
  client.send(JSON.stringify({ type: "subscribe", id: 1, data: { rooms: [{ room_id: room.id }] } }))
  await waitUntil("it is subscribed", () => typesOf(client).includes("ok"))
  client.stopReading()
  return client
}

/** As the server counts them: the sender's, and of the clients those that it has not let go. */
async function countSockets(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^parley_connections\{[^}]*native[^}]*\} (\d+)$/m.exec(text)?.[1])
}

async function sendMegabytes(megabytes: number): Promise<void> {
  for (let left = megabytes * MESSAGES_PER_MB; left > 0; left -= LIMITS.pendingFramesMax) {
    const sends = Array.from({ length: Math.min(left, LIMITS.pendingFramesMax) }, () =>
      sender.ask("message.send", { room_id: room.id, content: CONTENT }),
    )
    for (const answer of await Promise.all(sends)) expect(answer.type).toBe("ok")
  }
}

describe("a client that does not keep up", () => {
  test("is told, closed with 4008, and has everything when it resumes", async () => {
    const client = await mute(bob)
    const witness = await listening(carol, room)

    await sendMegabytes(12)
    client.readOn()
    await waitUntil("it is closed", () => client.closeCode !== null)

    expect(client.closeCode).toBe(4008)
    const frames = framesOf(client)
    expect(frames.filter(isSlow)).toHaveLength(1)
    const live = seqsOf(frames)
    const first = live[0] ?? 0
    expect(live).toEqual(live.map((_, n) => first + n))
    const sent = 12 * MESSAGES_PER_MB
    await waitUntil("the witness has all", () => seqsOf(witness.frames).length >= sent)
    const all = seqsOf(witness.frames)
    expect(all).toHaveLength(sent)
    expect(live.length).toBeLessThan(all.length)

    const again = await bob.connect()
    const missed: number[] = []
    let since = live.at(-1)
    for (let more = true; more; ) {
      const wish = { rooms: [{ room_id: room.id, epoch: room.epoch, since }] }
      const [answer] = (await again.ask("subscribe", wish)).data.rooms
      expect(answer.recovered).toBe(true)
      for (const { changed_seq } of answer.messages) missed.push(changed_seq)
      ;({ more, until: since } = answer)
    }
    expect([...live, ...missed]).toEqual(all)
  }, 20_000)

  test("hears no typing and presence while it is slow, and both again when it has caught up", async () => {
    const typist = await listening(carol, room)
    const witness = await listening(ann, room)
    const types = (isTyping: boolean) =>
      typist.ask("typing", { room_id: room.id, is_typing: isTyping })
    let client = await mute(bob)

    // How much the kernel takes differs between machines: more, until it was too much.
    for (let megabytes = 2; !framesOf(client).some(isSlow); megabytes += 2) {
      client.cut()
      client = await mute(bob)
      await types(true)
      await sendMegabytes(megabytes)
      await types(false)
      await typist.ask("presence", { status: megabytes % 4 === 2 ? "away" : "online" })
      const last = await sender.ask("message.send", { room_id: room.id, content: "the last" })
      client.readOn()
      await waitUntil("it has read all", () => seqsOf(framesOf(client)).includes(last.data.seq))
    }

    const told = typesOf(client)
    expect(told.filter((type) => type === "typing")).toHaveLength(1)
    expect(told.filter((type) => type === "presence")).toHaveLength(0)
    expect((await witness.framesUntilQuiet()).length).toBe(0)
    const heard = witness.frames.map(({ type }) => type)
    expect(heard.slice(-4).sort()).toEqual(
      ["message.created", "message.created", "presence", "typing"].sort(),
    )

    await types(true)
    await typist.ask("presence", { status: "dnd" })
    await waitUntil("both came again", () => typesOf(client).length === told.length + 2)
    expect(typesOf(client).slice(-2)).toEqual(["typing", "presence"])
    expect(client.closeCode).toBeNull()
    client.cut()
  }, 30_000)

  test("given it is asked 60,000 times and reads no answer, then it is closed with 4008 and what it has read is in order", async () => {
    const client = await openPlainClient(server.url, bob)
    client.stopReading()

    for (let n = 0; n < 60_000; n++) {
      client.send(JSON.stringify({ type: "nonsense", id: `${n}`.padEnd(128) }))
    }
    await waitUntil("all is sent", () => client.unsentBytes === 0, 10_000)
    client.readOn()

    expect(await client.closed).toBe(4008)
    const answers = client.frames.filter(({ type }) => type === "error").map(({ id }) => Number(id))
    expect(answers).toEqual(answers.map((_, n) => n))
    expect(answers.length).toBeGreaterThan(5_000)
    expect(answers.length).toBeLessThan(60_000)
  }, 20_000)

  test("is cut off when it reads nothing for CHAT_WRITE_TIMEOUT; one that reads a little now and then is closed with 4008", async () => {
    await server.stop()
    await open({ CHAT_WRITE_TIMEOUT: "4s" })
    const [stuck, slow] = [await mute(bob), await mute(carol)]
    const reading = setInterval(slow.readSome, 250)

    await sendMegabytes(16)
    await waitUntil("the slow one is closed", () => slow.closeCode !== null, 20_000)
    clearInterval(reading)
    await waitUntil("the other one is, too", async () => (await countSockets()) === 1, 10_000)
    stuck.readOn()
    await waitUntil("the other one knows", () => stuck.isGone)

    expect(slow.closeCode).toBe(4008)
    expect(stuck.closeCode).toBeNull()
  }, 30_000)
})
