import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import type { Actor } from "../../src/protocol/entities"
import {
  asConnectionId,
  asKeyId,
  asRoomId,
  asRoomNumericId,
  asSessionId,
} from "../../src/protocol/ids"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createHeads } from "../../src/sockets/heads"
import { createSweep } from "../../src/sockets/sweep"
import { openChat } from "../support/chat"
import { type Person, person, roomOf } from "../support/people"
import { openPlainClient } from "../support/plain-client"
import { openRawClient } from "../support/raw-client"
import { chatClient } from "../support/room-commands-client"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

/** Somebody talks all the time. */
const MANY_MESSAGES = { CHAT_MAX_MESSAGES_PER_MIN: "0", CHAT_HTTP_MAX_PER_MIN: "0" }

/** One connection and the look that is taken at it, with a clock that stands still. */
function sweptConnection(actor: Actor | null, random = 0) {
  const told: string[] = []
  let instant = 1_000_000
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now: () => 0 })
  const heads = createHeads(() => instant)
  const ignore = () => undefined
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice: native,
    arrival: null,
    isPinged: true,
    actor,
    address: "127.0.0.1",
    openedAt: instant,
    framesPerSecondMax: 0,
    events: { onOpen: ignore, onFrame: ignore, onBacklog: ignore, onClose: ignore },
    publish: ignore,
  })
  const ws = {
    send: (frame: string) => told.push(JSON.parse(frame).type),
    ping: () => told.push("ping"),
    close: (code: number) => told.push(`close ${code}`),
    subscribe: () => true,
  }
  // A stand-in for Bun's own socket; everything of ours is real.
  connection.open(ws as unknown as Line)
  connections.add(connection)
  const { sweep } = createSweep({
    connections,
    heads,
    backlog: { sweep: ignore },
    pingPeriodMs: 54_000,
    pongWaitMs: 60_000,
    now: () => instant,
    random: () => random,
  })
  return {
    connection,
    heads,
    /** What is told when it is looked at so many milliseconds later. */
    after(milliseconds: number): string[] {
      instant += milliseconds
      told.length = 0
      sweep()
      return [...told]
    },
  }
}

describe("looking at a connection", () => {
  let ann: Actor

  beforeEach(async () => {
    const chat = await openChat()
    const { user } = await chat.person("ann")
    ann = { user, via: { type: "gateway" } }
    await chat.close()
  })

  test("closes with 4100 where nobody said who it is for 5 s, and not before", () => {
    const { after } = sweptConnection(null)

    expect(after(4_999)).toEqual([])
    expect(after(1)).toEqual(["close 4100"])
  })

  test("closes with 4101 at the instant when the token expires", () => {
    const via = { type: "session", sessionId: asSessionId("s"), expiresAt: 1_010_000 } as const
    const { after } = sweptConnection({ ...ann, via }, 0.5)

    expect(after(9_999)).toEqual([])
    expect(after(1)).toEqual(["close 4101"])
  })

  test("closes with 4102 at the instant when the key expires", () => {
    const via = { type: "key", keyId: asKeyId("k"), scopes: [], expiresAt: 1_010_000 } as const
    const { after } = sweptConnection({ ...ann, via }, 0.5)

    expect(after(9_999)).toEqual([])
    expect(after(1)).toEqual(["close 4102"])
  })

  test("closes with 4009 after 60 s of silence, pings unanswered", () => {
    const { after } = sweptConnection(ann, 0.5)

    expect(after(0)).toEqual([])
    expect(after(30_000)).toEqual(["ping", "heartbeat"])
    expect(after(29_999)).toEqual(["heartbeat"])
    expect(after(1)).toEqual(["close 4009"])
  })

  test.each(["pong", "message"] as const)("keeps who was heard by a %s", (sign) => {
    const { connection, after } = sweptConnection(ann, 0.5)
    const told: string[] = []

    for (let second = 0; second < 600; second += 30) {
      if (sign === "pong") connection.pong()
      else connection.message(null as never, "x")
      told.push(...after(30_000))
    }

    expect(told.filter((it) => it.startsWith("close"))).toEqual([])
    expect(told).toContain("ping")
  })

  test("beats every 25 s, the first at any time in the first 25", () => {
    const early = sweptConnection(ann, 0)
    const late = sweptConnection(ann, 0.9)

    const beatsOf = ({ connection, after }: typeof early) => {
      const seconds: number[] = []
      for (let second = 0; second < 80; second++) {
        connection.pong()
        if (after(second === 0 ? 0 : 1_000).includes("heartbeat")) seconds.push(second)
      }
      return seconds
    }

    expect(beatsOf(early)).toEqual([0, 25, 50, 75])
    expect(beatsOf(late)).toEqual([23, 48, 73])
  })

  test("forgets heads that every heartbeat has told", () => {
    const { heads, after } = sweptConnection(ann)
    const room = { id: asRoomId("room"), numericId: asRoomNumericId(1) }
    heads.moved(room, 7)

    after(50_000)
    const kept = heads.movedSince([{ room }], 0)
    after(1)

    expect([...kept]).toEqual([[asRoomId("room"), 7]])
    expect([...heads.movedSince([{ room }], 0)]).toEqual([])
  })
})

describe("what clients see of the clock", () => {
  let server: TestServer
  let ann: Person
  let bob: Person
  let talk: Timer | undefined
  const said: Promise<unknown>[] = []

  beforeEach(async () => {
    server = await startServer({ env: { ...MANY_MESSAGES, CHAT_PING_PERIOD: "10s" }, sweepMs: 20 })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterEach(async () => {
    clearInterval(talk)
    // What is on its way would find no server, and be a failure of the test that runs then.
    await Promise.all(said.splice(0))
    await server.stop()
  })

  /** Bob talks all the time. */
  function talkIn({ id }: { readonly id: string }): void {
    talk = setInterval(() => {
      said.push(bob.post(`/rooms/${id}/messages`, { content: "are you there?" }))
    }, 20)
  }

  test("a heartbeat tells the heads of my rooms that changed since the last one, and of no others", async () => {
    const [room, quiet, other] = [await roomOf(ann, [bob]), await roomOf(ann), await roomOf(bob)]
    const socket = await openPlainClient(server.url, ann)
    const rooms = [room, quiet].map(({ id }) => ({ room_id: id }))
    await socket.ask("subscribe", { rooms })
    const beats = () => socket.frames.filter(({ type }) => type === "heartbeat")
    await passUntil(server, "its heart beats", () => beats().length === 1)
    await bob.post(`/rooms/${room.id}/messages`, { content: "hello" })
    await bob.post(`/rooms/${other.id}/messages`, { content: "alone" })

    await passUntil(server, "its heart has beaten twice more", () => beats().length === 3)

    expect(beats().slice(1)).toEqual([
      { type: "heartbeat", data: { heads: { [room.id]: 3 } } },
      { type: "heartbeat", data: { heads: {} } },
    ])
  }, 20_000)

  test("given a client that answers no pings, then it is closed with 4009 however much it is told; those that answer stay, and hear what comes", async () => {
    const room = await roomOf(ann, [bob])
    const mute = await openPlainClient(server.url, ann, { autoPong: false })
    const answering = await openPlainClient(server.url, bob)
    const listener = await chatClient(server.url, bob)
    await mute.ask("subscribe", { rooms: [{ room_id: room.id }] })
    listener.joinRoom(room.id)
    talkIn(room)
    const told = () => mute.frames.filter(({ type }) => type === "message.created").length
    await waitUntil("it is told much", () => told() > 3)
    const toldAtFirst = told()
    let code = 0
    void mute.closed.then((it) => {
      code = it
    })

    await passUntil(server, "it was closed", () => code !== 0)

    expect(code).toBe(4009)
    expect(told()).toBeGreaterThan(toldAtFirst)
    await passUntil(server, "it was pinged for longer than 60 s", () => listener.pings > 7)
    expect(await answering.pings(7)).toBeGreaterThanOrEqual(7)
    expect((await answering.ask("ping")).type).toBe("ok")
    listener.sendMessage("still here")
    await waitUntil("it hears itself", () => {
      return listener.frames.some(({ content }) => content === "still here")
    })
    listener.close()
  }, 20_000)

  test("given a client on bare TCP that reads all we push to it and sends nothing, then it is closed with 4009", async () => {
    const room = await roomOf(ann, [bob])
    const client = await openRawClient(`${server.url}/api/v1/ws?token=${ann.token}`)
    const rooms = [{ room_id: room.id }]
    client.send(JSON.stringify({ type: "subscribe", id: 1, data: { rooms } }))
    talkIn(room)
    const told = () => client.texts.filter((text) => text.includes("are you there?")).length
    await passUntil(server, "it was pinged", () => client.pings > 0)
    await waitUntil("it is told much", () => told() > 20)

    await passUntil(server, "it was closed", () => client.closeCode !== null)

    expect(client.closeCode).toBe(4009)
    client.cut()
  }, 20_000)
})

test("CHAT_READ_TIMEOUT closes a silent client long before CHAT_PONG_WAIT would, where it is shorter", async () => {
  const server = await startServer({
    env: { CHAT_PING_PERIOD: "10s", CHAT_PONG_WAIT: "10h", CHAT_READ_TIMEOUT: "20s" },
    sweepMs: 20,
  })
  const ann = await person(server.url, "ann")
  const mute = await openPlainClient(server.url, ann, { autoPong: false })
  let code = 0
  void mute.closed.then((it) => {
    code = it
  })

  await passUntil(server, "it was closed", () => code !== 0)

  expect(code).toBe(4009)
  await server.stop()
})

/** Lets time go by, a second at every look, until it is so: a slow machine has as many looks. */
async function passUntil({ clock }: TestServer, what: string, isSo: () => boolean): Promise<void> {
  await waitUntil(what, () => {
    clock.advance(1_000)
    return isSo()
  })
}
