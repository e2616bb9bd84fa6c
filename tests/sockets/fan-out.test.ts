import { describe, expect, test } from "bun:test"
import { createDialects } from "../../src/dialects"
import type { Dialect, Voice } from "../../src/dialects/dialect"
import { native } from "../../src/dialects/native"
import { EVENT_EXAMPLES } from "../../src/dialects/native/examples"
import { createMeters } from "../../src/ops/meters"
import type { Event } from "../../src/protocol/events"
import { createAudiences } from "../../src/sockets/audiences"
import { createConnections } from "../../src/sockets/connections"
import { createFanOut } from "../../src/sockets/fan-out"
import { createHeads } from "../../src/sockets/heads"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { openChatInMemory } from "../support/chat"
import { listening } from "../support/listening"
import { alone } from "../support/ordering"
import { person, roomOf } from "../support/people"
import { startServer } from "../support/server"

/** A dialect that says what native says, and counts how often it is asked to. */
function countingDialect(name: string) {
  const encoded: Event["type"][] = []
  const dialect: Dialect = {
    ...native,
    name,
    encodeEvent(event) {
      encoded.push(event.type)
      return native.encodeEvent(event)
    },
  }
  return { dialect, encoded }
}

/** All protocols that are spoken, each of which notes its name when it puts an event into words. */
function countedVoices() {
  const encodings: string[] = []
  const { raw, socketIo } = createDialects({
    roomCommandsPath: "/ws/chat",
    usersMaxDefault: 100,
    showsEmails: true,
    trustsClaims: false,
    namespace: "/chat",
    socketIoHeartbeatMs: 30_000,
  })
  const voices = [...raw, ...socketIo].map(
    (voice: Voice): Voice => ({
      ...voice,
      encodeEvent(event) {
        encodings.push(voice.name)
        return voice.encodeEvent(event)
      },
    }),
  )
  return { voices, encodings }
}

const { event: created, frame } = EVENT_EXAMPLES["message.created"]

/** The same in a conversation of two, for which one protocol alone has words. */
function toldInPair(): Event {
  if (created.type !== "message.created") throw new Error("the event of a message is needed")
  return { ...created, room: { ...created.room, directKey: "1:2" } }
}

/** A fan-out whose topics have as many listeners as the test says. */
function fanOutTo(listeners: Readonly<Record<string, number>>, voices: readonly Voice[]) {
  const published: { topic: string; frame: string }[] = []
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now: () => 0 })
  const audiences = createAudiences(alone.ordering)
  if (!("room" in created)) throw new Error("an event of a room is needed")
  for (const voice of voices) {
    const size = listeners[`${voice.name}:room:1`] ?? 0
    if (size > 0) audiences.get(voice, created.room, 0).size = size
  }
  const { presence } = openChatInMemory().chat
  const fanOut = createFanOut({
    voices,
    connections,
    audiences,
    subscriptions: createSubscriptions({
      ...alone,
      connections,
      audiences,
      presence,
      now: () => 0,
    }),
    heads: createHeads(() => 0),
    slow: new Set(),
    tellOnline: () => undefined,
    meters: createMeters(),
    publish: (topic, frame) => published.push({ topic, frame }),
    listenerCount: (topic) => listeners[topic] ?? 0,
  })
  return { fanOut, published }
}

describe("from the bus to sockets", () => {
  test("encodes once per dialect, however many listen", () => {
    const [one, two] = [countingDialect("one"), countingDialect("two")]
    const listeners = { "one:room:1": 10_000, "two:room:1": 1 }
    const { fanOut, published } = fanOutTo(listeners, [one.dialect, two.dialect])

    fanOut(created)

    expect(one.encoded).toEqual(["message.created"])
    expect(two.encoded).toEqual(["message.created"])
    expect(published).toEqual([
      { topic: "one:room:1", frame: JSON.stringify(frame) },
      { topic: "two:room:1", frame: JSON.stringify(frame) },
    ])
  })

  const examples = Object.entries(EVENT_EXAMPLES).map(([type, { event }]) => ({ type, event }))
  test.each([...examples, { type: "a conversation's message", event: toldInPair() }])(
    "given 10,000 listeners in each protocol, $type costs each protocol one encoding at most",
    ({ event }) => {
      const { voices, encodings } = countedVoices()
      const topics = voices.flatMap(({ name }) => [`${name}:room:1`, `${name}:user:1`])
      const everywhere = Object.fromEntries(topics.map((topic) => [topic, 10_000]))
      const { fanOut, published } = fanOutTo(everywhere, voices)

      fanOut(event)

      expect(encodings).toContain("native")
      expect(encodings).toEqual([...new Set(encodings)])
      expect(new Set(published.map(({ topic }) => topic)).size).toBe(published.length)
    },
  )

  test("encodes nothing for a dialect that nobody in the room speaks", () => {
    const [one, two] = [countingDialect("one"), countingDialect("two")]
    const { fanOut, published } = fanOutTo({ "two:room:1": 3 }, [one.dialect, two.dialect])

    fanOut(created)

    expect(one.encoded).toEqual([])
    expect(published.map(({ topic }) => topic)).toEqual(["two:room:1"])
  })

  test("says nothing where a dialect has no word for the event", () => {
    const wordless: Dialect = { ...native, name: "one", encodeEvent: () => null }
    const { fanOut, published } = fanOutTo({ "one:room:1": 3 }, [wordless])

    fanOut(created)

    expect(published).toEqual([])
  })

  test.each(Object.entries(EVENT_EXAMPLES))("%s goes to one topic, once", (type, { event }) => {
    const { dialect, encoded } = countingDialect("one")
    const { fanOut, published } = fanOutTo({ "one:room:1": 2, "one:user:1": 2 }, [dialect])

    fanOut(event)

    const isPersonal = type === "room.added" || type === "room.removed"
    expect(encoded).toEqual([event.type])
    expect(published.map(({ topic }) => topic)).toEqual([isPersonal ? "one:user:1" : "one:room:1"])
  })

  test("given 30 sockets of a room, then all hear the same bytes", async () => {
    const server = await startServer({ env: { CHAT_MAX_CONNECTIONS_PER_USER: "0" } })
    const ann = await person(server.url, "ann")
    const room = await roomOf(ann)
    const sockets = await Promise.all(Array.from({ length: 30 }, () => listening(ann, room)))

    await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })

    const heard = await Promise.all(sockets.map((socket) => socket.next("message.created")))
    expect(new Set(heard.map((it) => JSON.stringify(it))).size).toBe(1)
    await server.stop()
  }, 20_000)
})
