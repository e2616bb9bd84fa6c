import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import { type ProtocolName, Refused } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

const MESSAGES_MAX = 3

const TOO_MANY_MESSAGES: Readonly<Record<ProtocolName, string>> = {
  native: "error: rate_limited",
  "room-commands": "error: rate limit exceeded",
  "socketio-rooms": "error: 429 more than 3 a minute",
  "room-path": "error: more than 3 a minute",
  "socketio-conversations": "error: more than 3 a minute",
  "gateway-events": "error: Rate limit exceeded: more than 3 a minute",
}

/** Null: to subscribe is no join, and a conversation has been joined for good. */
const TOO_MANY_JOINS: Readonly<Record<ProtocolName, string | null>> = {
  native: null,
  "room-commands": "error: rate limit exceeded",
  "socketio-rooms": "error: 429 more than 2 a minute",
  "room-path": "429 rate_limited",
  "socketio-conversations": null,
  "gateway-events": "error: Rate limit exceeded: more than 2 a minute",
}

describe("with 3 messages a minute", () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ env: { CHAT_MAX_MESSAGES_PER_MIN: String(MESSAGES_MAX) } })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.stop())

  test.each([...PROTOCOLS])(
    "the 4th message of a minute is refused, and the connection stays: $title",
    async (protocol) => {
      const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
      const place = await stage.placeFor(protocol, bob, ann)
      const his = await stage.arrive(protocol, bob, place)
      const hers = await stage.arrive(protocol, ann, place)
      await his.rest()

      for (let nth = 1; nth <= MESSAGES_MAX; nth++) hers.say(`message ${nth}`)
      for (let nth = 1; nth <= MESSAGES_MAX; nth++) {
        expect(await hers.next()).toBe(`ann: message ${nth}`)
        expect(await his.next()).toBe(`ann: message ${nth}`)
      }
      hers.say("too many")

      expect(await hers.next()).toBe(TOO_MANY_MESSAGES[protocol.name])
      expect(await his.rest()).toEqual([])
      his.say("others may")
      expect(await hers.next()).toBe("bob: others may")
      stage.house.clock.advance(60_000)
      hers.say("a minute later")
      expect(await hers.next()).toBe("ann: a minute later")
    },
  )

  test("messages are counted over all protocols together", async () => {
    const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
    const place = await stage.direct(ann, bob)
    for (const protocol of PROTOCOLS.slice(0, MESSAGES_MAX)) {
      const hers = await stage.arrive(protocol, ann, place)
      hers.say("one each")
      expect(await hers.next()).toBe("ann: one each")
    }
    await stage.countsTold()

    for (const protocol of PROTOCOLS) {
      const hers = await stage.arrive(protocol, ann, place)
      hers.say("one more")
      expect(await hers.next()).toBe(TOO_MANY_MESSAGES[protocol.name])
    }
  })
})

describe("with 2 connections per user", () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ env: { CHAT_MAX_CONNECTIONS_PER_USER: "2" } })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.stop())

  test.each([...PROTOCOLS])("the 3rd is refused, by $title", async (protocol) => {
    const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
    const place = await stage.placeFor(protocol, ann, bob)
    const first = await stage.arrive(protocol, ann, place)
    await stage.arrive(protocol, ann, place)
    await stage.countsTold()

    for (const nodesAway of stage.nodes.keys()) {
      const refusal = await stage.arrive(protocol, ann, place, { nodesAway }).catch((it) => it)
      expect(refusal).toBeInstanceOf(Refused)
      expect(refusal.words).toBe(
        protocol.name.startsWith("socketio")
          ? "429 too many connections of this user"
          : "429 rate_limited",
      )
    }

    await stage.arrive(protocol, bob, place)
    first.line.close()
    await first.line.closed
    await stage.arrives(protocol, ann, place)
  })
})

describe("with 2 joins a minute", () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ env: { CHAT_MAX_JOINS_PER_MIN: "2" } })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.stop())

  test.each([...PROTOCOLS.filter(({ name }) => TOO_MANY_JOINS[name] !== null)])(
    "the 3rd join of a minute is refused: $title",
    async (protocol) => {
      const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
      for (let nth = 1; nth <= 2; nth++) {
        await stage.arrive(protocol, ann, await stage.room(bob))
      }
      const third = await stage.room(bob)
      await stage.countsTold()

      const refusal = await stage.arrive(protocol, ann, third).catch((error) => error)

      expect(refusal).toBeInstanceOf(Refused)
      expect(refusal.words).toBe(TOO_MANY_JOINS[protocol.name])
      stage.house.clock.advance(60_000)
      await stage.arrive(protocol, ann, third)
    },
  )
})
