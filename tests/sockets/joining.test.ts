import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import type { Actor } from "../../src/protocol/entities"
import { asConnectionId } from "../../src/protocol/ids"
import type { Occupied } from "../../src/protocol/replies"
import { createAudiences } from "../../src/sockets/audiences"
import { Connection } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { type Caller, createJoining } from "../../src/sockets/joining"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { openChat, type TestChat } from "../support/chat"

const ROOMS = 1_001
const PEOPLE = 1_001

describe("a list of rooms in one answer", () => {
  let house: TestChat
  let ann: Actor

  beforeEach(async () => {
    house = openChat()
    ann = await house.person("ann")
  })
  afterEach(() => house.close())

  /** What ann is answered who asks for all rooms. */
  async function listed(): Promise<readonly Occupied[]> {
    const { chat, now } = house
    const ignore = () => undefined
    const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now })
    const audiences = createAudiences()
    const { presence } = chat
    const subscriptions = createSubscriptions({ connections, audiences, presence, now })
    const joining = createJoining({ chat, subscriptions, heads: { toldOf: () => 0 }, now })
    const connection = new Connection({
      id: asConnectionId("connection"),
      voice: native,
      arrival: null,
      isPinged: true,
      actor: ann,
      address: "127.0.0.1",
      openedAt: now(),
      framesPerSecondMax: 0,
      events: { onOpen: ignore, onFrame: ignore, onBacklog: ignore, onClose: ignore },
      publish: ignore,
    })
    const caller: Caller = { connection, voice: native, actor: ann, ref: undefined }
    const reply = await joining.list(caller, undefined)
    if (reply.type !== "rooms") throw new Error("rooms were asked for")
    return reply.rooms
  }

  async function roomsOfAnn(count: number) {
    const wish = { name: "n", type: "public", topic: null, maxUsers: 0, id: null } as const
    const made = Array.from({ length: count }, () => house.chat.rooms.createRoom(ann, wish))
    return (await Promise.all(made)).map(({ room }) => room)
  }

  /** So many people, all of them online. */
  async function crowd(count: number): Promise<readonly Actor[]> {
    const people = await Promise.all(Array.from({ length: count }, (_, n) => house.person(`p${n}`)))
    for (const it of people) house.presence.connect(it.user)
    return people
  }

  test("lists the newest 1,000 rooms", async () => {
    const rooms = await roomsOfAnn(ROOMS)

    const list = await listed()

    const newest = rooms.map(({ numericId }) => numericId).sort((one, other) => other - one)
    expect(list.map(({ room }) => room.numericId)).toEqual(newest.slice(0, 1_000))
  })

  test("names the first 1,000 of those present in a room, and counts all", async () => {
    const [room] = await roomsOfAnn(1)
    const people = await crowd(PEOPLE)
    for (const it of people) if (room !== undefined) house.chat.presence.enter(room, it)

    const [only] = await listed()

    expect(only?.userCount).toBe(PEOPLE)
    expect(only?.present.map(({ username }) => username)).toEqual(
      people.slice(0, 1_000).map(({ user }) => user.username),
    )
  })

  test("names 10,000 people in all rooms of a list together, those of the newest rooms", async () => {
    const rooms = await roomsOfAnn(12)
    for (const it of await crowd(900)) {
      for (const room of rooms) house.chat.presence.enter(room, it)
    }

    const list = await listed()

    expect(list.map(({ userCount }) => userCount)).toEqual(rooms.map(() => 900))
    expect(list.map(({ present }) => present.length)).toEqual([
      ...Array.from({ length: 11 }, () => 900),
      100,
    ])
  })
})
