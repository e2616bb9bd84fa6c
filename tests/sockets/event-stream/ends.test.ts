import { afterEach, describe, expect, test } from "bun:test"
import { streamOf, type TestStream } from "../../support/event-stream"
import { type House, openHouse } from "../../support/house"
import { type Person, person, roomOf } from "../../support/people"
import { openRawStream } from "../../support/raw-stream"
import { waitUntil } from "../../support/wait"

const CONTENT = "x".repeat(60_000)
const ENV = {
  CHAT_ACCESS_TOKEN_TTL: "10m",
  CHAT_MAX_MESSAGE_LENGTH: "60000",
  CHAT_MAX_FRAMES_PER_SEC: "0",
  CHAT_WRITE_TIMEOUT: "10m",
}

let house: House
let ann: Person
let bob: Person
let room: { readonly id: string }

async function open(env: Readonly<Record<string, string>> = {}): Promise<void> {
  house = await openHouse({ env: { ...ENV, ...env }, sweepMs: 50 })
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
  room = await roomOf(ann, [bob])
}
afterEach(() => house.stop())

const say = (content: string) => ann.post(`/rooms/${room.id}/messages`, { content })
/** Who is online is another matter, and told sooner or later. */
const typesOf = ({ events }: TestStream) =>
  events.map(({ event }) => event).filter((type) => type !== "presence")

async function countConnections(): Promise<number> {
  const text = await (await fetch(`${house.url}/metrics`)).text()
  return Number(/^parley_connections\{[^}]*native[^}]*\} (\d+)$/m.exec(text)?.[1])
}

type Ending = (stream: TestStream) => Promise<unknown> | unknown

const ENDINGS: readonly (readonly [number, string, string, Ending])[] = [
  [4001, "shutdown", "the server stops", () => house.stop()],
  [4101, "tokenExpired", "its token expires", () => house.clock.advance(601_000)],
  [4102, "revoked", "it is logged out", () => bob.post("/auth/logout")],
  [4201, "disabled", "the account is deleted", () => bob.delete("/users/me")],
]

describe("an event stream ends", () => {
  test.each(ENDINGS)("with %d, %s, where %s", async (code, reason, _, end) => {
    await open()
    const stream = await streamOf(house.url, bob)
    const other = await streamOf(house.url, ann)

    await end(stream)

    expect(await stream.ended).toEqual({ type: "closed", data: { code, reason } } as never)
    if (code === 4001 || code === 4101) expect((await other.ended)?.data.code).toBe(code)
    else expect(typesOf(other)).not.toContain("closed")
    if (code === 4001) expect(typesOf(stream)).toContain("notice")
    other.close()
    if (code === 4001) await open()
  })

  test("before the call that ended its session is answered: what is said next is not told", async () => {
    await open()
    const stream = await streamOf(house.url, bob)

    await bob.post("/auth/logout")
    await say("after")

    await stream.ended
    expect(typesOf(stream)).toEqual(["hello", "snapshot", "live", "closed"])
    expect(await countConnections()).toBe(0)
  })

  test("not where bob is removed from a room, of which he hears no more at once", async () => {
    await open()
    const stream = await streamOf(house.url, bob)

    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    await say("after")

    await stream.framesUntilQuiet()
    expect(typesOf(stream)).toEqual(["hello", "snapshot", "live", "member.left", "room.removed"])
    const again = await streamOf(house.url, bob, { lastId: stream.lastId })
    expect(JSON.stringify(again.events)).not.toContain("after")
    again.close()
    stream.close()
  })

  test("with 4008 where its client reads nothing, having kept about 4 MiB, and nothing is lost to who resumes", async () => {
    await open()
    const client = openRawStream(house.url, bob)
    await waitUntil("it is live", () => client.events.some(({ event }) => event === "live"))
    client.stopReading()
    const sender = await ann.connect()
    const flood = async (count: number) => {
      const sends = Array.from({ length: count }, () =>
        sender.ask("message.send", { room_id: room.id, content: CONTENT }),
      )
      for (const { type } of await Promise.all(sends)) expect(type).toBe("ok")
    }

    // Some MiB are with the system; what is beyond them and 4 MiB is not kept.
    for (let n = 0; n < 4; n++) await flood(200)
    client.readOn()

    await waitUntil("it has ended", () => client.isGone)
    const told = client.events.map(({ event, frame }) => frame.data.kind ?? event)
    expect(told.slice(-1)).toEqual(["closed"])
    expect(client.events.at(-1)?.frame.data).toEqual({ code: 4008, reason: "slowConsumer" })
    expect(told).toContain("slow")
    const heard = client.events.filter(({ event }) => event === "message.created")
    expect(heard.length).toBeLessThan(300)
    const lastId = client.events.findLast(({ id }) => id !== undefined)?.id ?? ""
    const again = await streamOf(house.url, bob, { lastId })
    const missed = again.events.flatMap(({ frame }) => frame.data.messages ?? [])
    const seqs = [...heard.map(({ frame }) => frame.seq), ...missed.map(({ seq }) => seq)]
    expect(seqs).toEqual(Array.from({ length: 800 }, (_, n) => n + 3))
    again.close()
    sender.close()
  }, 60_000)

  test("where its client takes nothing at all for CHAT_WRITE_TIMEOUT, without a goodbye", async () => {
    await open({ CHAT_WRITE_TIMEOUT: "10s" })
    const client = openRawStream(house.url, bob)
    await waitUntil("it is live", () => client.events.some(({ event }) => event === "live"))
    client.stopReading()
    const sender = await ann.connect()
    for (let n = 0; n < 200; n++) {
      await sender.ask("message.send", { room_id: room.id, content: CONTENT })
    }
    sender.close()

    const timer = setInterval(() => house.clock.advance(3_000), 50)
    await waitUntil("it is nobody's any more", async () => (await countConnections()) === 0)
    clearInterval(timer)
    client.readOn()

    await waitUntil("it is cut off", () => client.isGone)
    expect(client.events.map(({ event }) => event)).not.toContain("closed")
  }, 30_000)

  test("as soon as its client is gone, and lives on while its client says nothing for longer than others may", async () => {
    await open({ CHAT_PONG_WAIT: "60s", CHAT_PING_PERIOD: "10s" })
    const quiet = await streamOf(house.url, ann)
    const client = openRawStream(house.url, bob)
    await waitUntil("both are there", async () => (await countConnections()) === 2)

    for (let n = 0; n < 60; n++) {
      house.clock.advance(3_000)
      await Bun.sleep(20)
    }
    expect(await countConnections()).toBe(2)
    client.cut()

    await waitUntil("one is left", async () => (await countConnections()) === 1)
    expect(typesOf(quiet)).not.toContain("closed")
    quiet.close()
  }, 20_000)
})
