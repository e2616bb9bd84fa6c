import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { ONE_OF_EACH, PROTOCOLS } from "../../support/protocols"
import { gatewayEventsProtocol } from "../../support/protocols/gateway-events"
import {
  type Guest,
  type Place,
  type Protocol,
  type ProtocolName,
  Refused,
} from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

/** What who may not come in is told. Null: there is no such thing in this protocol. */
type Refusals = Readonly<Record<ProtocolName, string | null>>

/** A private room, to a stranger. */
const HIDDEN: Refusals = {
  native: "error: room_not_found",
  "room-commands": "error: unauthorized",
  "socketio-rooms": "error: 403 Forbidden",
  "room-path": "404 room_not_found",
  "socketio-conversations": "error: Unauthorized to join this conversation",
  "gateway-events": "error: Forbidden",
}

/** A room that there is not; null: joining makes it. */
const MISSING: Refusals = {
  native: "error: room_not_found",
  "room-commands": "error: room not found",
  "socketio-rooms": null,
  "room-path": "404 room_not_found",
  "socketio-conversations": "error: Conversation not found",
  "gateway-events": null,
}

const BANNED: Refusals = {
  native: "error: banned",
  "room-commands": "error: unauthorized",
  "socketio-rooms": "error: 403 you are banned from this room",
  "room-path": "403 banned",
  "socketio-conversations": null,
  "gateway-events": "error: Banned: you are banned from this room",
}

const FULL: Refusals = {
  native: "error: room_full",
  "room-commands": "error: room is full",
  "socketio-rooms": "error: 403 room is full",
  "room-path": "409 room_full",
  "socketio-conversations": null,
  "gateway-events": "error: Room is full",
}

/** What is said by who has not joined; null: connecting is joining, or it needs no join. */
const OUTSIDE: Refusals = {
  native: "error: room_not_found",
  "room-commands": "error: unauthorized",
  "socketio-rooms": "error: 403 you have not joined this room",
  "room-path": null,
  "socketio-conversations": "error: Unauthorized to join this conversation",
  "gateway-events": "error: Forbidden: you have not joined this room",
}

const told = (refusals: Refusals) => PROTOCOLS.filter(({ name }) => refusals[name] !== null)

let stage: Stage
let ann: Guest
let bob: Guest
let eve: Guest
beforeAll(async () => {
  stage = await openStage()
})
beforeEach(async () => {
  ann = await stage.guest("ann")
  bob = await stage.guest("bob")
  eve = await stage.guest("eve")
})
afterEach(() => stage.clear())
afterAll(() => stage.stop())

/** What who is not let in gets to see. */
async function refusalOf(protocol: Protocol, guest: Guest, place: Place): Promise<string> {
  try {
    await stage.arrive(protocol, guest, place)
  } catch (error) {
    if (error instanceof Refused) return error.words
    throw error
  }
  throw new Error(`${guest.name} was let in`)
}

const hiddenFor = (protocol: Protocol): Promise<Place> =>
  protocol.hasRooms ? stage.privateRoom(ann, bob) : stage.direct(ann, bob)

describe("a private room", () => {
  test.each([...PROTOCOLS])(
    "is closed to strangers, who hear nothing: $title",
    async (protocol) => {
      const place = await hiddenFor(protocol)
      const his = await stage.arrive(protocol, bob, place)

      expect(await refusalOf(protocol, eve, place)).toBe(HIDDEN[protocol.name] ?? "")

      his.say("among us")
      expect(await his.next()).toBe("bob: among us")
      expect(await his.rest()).toEqual([])
    },
  )

  test.each([...told(OUTSIDE)])("takes no message from strangers: $title", async (protocol) => {
    const place = await hiddenFor(protocol)
    const his = await stage.arrive(gatewayEventsProtocol, bob, place)
    const hers = await stage.connect(protocol, eve, place)

    hers.say("let me in")
    if (protocol.words.type(place, true) !== null) hers.type(true)

    expect(await hers.next()).toBe(OUTSIDE[protocol.name] ?? "")
    for (const heard of await hers.rest()) expect(heard).toStartWith("error: ")
    his.say("who was that?")
    expect(await his.next()).toBe("bob: who was that?")
    expect(await hers.rest()).toEqual([])
    expect(await his.rest()).toEqual([])
  })

  test.each(ONE_OF_EACH.filter(({ hasRooms }) => hasRooms))(
    "is open to its members, and a direct one to its two: $name",
    async (protocol) => {
      for (const place of [await stage.privateRoom(ann, bob), await stage.direct(ann, bob)]) {
        const [hers, his] = [
          await stage.arrive(protocol, ann, place),
          await stage.arrive(protocol, bob, place),
        ]
        await hers.rest()
        his.say("just us")
        expect(await hers.next()).toBe("bob: just us")
        expect(await refusalOf(protocol, eve, place)).toBe(HIDDEN[protocol.name] ?? "")
        await his.leave()
        await hers.leave()
      }
    },
  )
})

test.each([...told(MISSING)])("there is no such room, by $title", async (protocol) => {
  const nowhere = { id: "01a1fe98-d0eb-715d-a733-160b938233a5", numericId: 999_999_999 }

  expect(await refusalOf(protocol, ann, nowhere)).toBe(MISSING[protocol.name] ?? "")
})

test.each([...told(BANNED)])("who is banned does not come in, by $title", async (protocol) => {
  const place = await stage.room(ann, bob)
  const his = await stage.arrive(protocol, bob, place)
  await ann.put(`/rooms/${place.id}/bans/${eve.id}`)

  expect(await refusalOf(protocol, eve, place)).toBe(BANNED[protocol.name] ?? "")
  expect(await his.rest()).toEqual([])
})

test.each([...told(FULL)])(
  "a full room lets in nobody but those who are there, until one has gone: $title",
  async (protocol) => {
    const place = await stage.room(ann, bob, eve)
    await ann.patch(`/rooms/${place.id}`, { max_users: 2 })
    const hers = await stage.arrive(protocol, ann, place)
    const his = await stage.arrive(protocol, bob, place)
    await hers.rest()

    expect(await refusalOf(protocol, eve, place)).toBe(FULL[protocol.name] ?? "")
    await stage.arrive(protocol, bob, place)
    expect(await hers.rest()).toEqual([])

    stage.clear()
    await his.line.closed
    await stage.arrives(protocol, eve, place)
  },
)

describe("ids that look like topics", () => {
  const LIKE_TOPICS = ["user:1", "conversation:1", "room:1", "*", "../chat", "a/b", "."]
  const CHOOSING = ONE_OF_EACH.filter(({ hasRooms }) => hasRooms)

  test.each([...CHOOSING])("reach nothing, by $name", async (protocol) => {
    const place = await stage.room(ann, bob)
    const his = await stage.arrive(protocol, bob, place)
    const direct = await stage.direct(ann, bob)
    const inDirect = await stage.arrive(gatewayEventsProtocol, ann, direct)
    const before = stage.house.rows("select count(*) as n from rooms")

    for (const id of [
      ...LIKE_TOPICS,
      `conversation:${direct.numericId}`,
      `user:${bob.numericId}`,
    ]) {
      const encoded = protocol.name === "room-path" ? encodeURIComponent(id) : id
      const there = { id: encoded, numericId: 1 }
      expect(await refusalOf(protocol, eve, there)).toMatch(/^(error: |4\d\d )/)
    }

    expect(stage.house.rows("select count(*) as n from rooms")).toEqual(before)
    expect(await his.rest()).toEqual([])
    expect(await inDirect.rest()).toEqual([])
  })
})
