import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Voice } from "../../src/dialects/dialect"
import { native } from "../../src/dialects/native"
import { createRoomPath } from "../../src/dialects/room-path"
import type { Actor } from "../../src/protocol/entities"
import { asConnectionId, type RoomId, type Seq } from "../../src/protocol/ids"
import type { Occupied } from "../../src/protocol/replies"
import { createAudiences } from "../../src/sockets/audiences"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { type Caller, createJoining } from "../../src/sockets/joining"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { draft, openChat, type TestChat } from "../support/chat"
import { alone } from "../support/ordering"

const ROOMS = 1_001
const PEOPLE = 1_001

/** Somebody on a connection of their own, and what they can ask for. */
function callerIn(
  { chat, now }: Pick<TestChat, "chat" | "now">,
  actor: Actor,
  { voice = native, toldOf = () => 0 }: { voice?: Voice; toldOf?: () => Seq } = {},
) {
  const ignore = () => undefined
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now })
  const audiences = createAudiences(alone.ordering)
  const { presence } = chat
  const subscriptions = createSubscriptions({ ...alone, connections, audiences, presence, now })
  const joining = createJoining({
    chat,
    subscriptions,
    ordering: { ...alone.ordering, toldOf },
    now,
  })
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice,
    arrival: null,
    isPinged: true,
    actor,
    address: "127.0.0.1",
    openedAt: now(),
    framesPerSecondMax: 0,
    events: { onOpen: ignore, onFrame: ignore, onBacklog: ignore, onClose: ignore },
    publish: ignore,
  })
  const caller: Caller = { connection, voice, actor, ref: undefined }
  return { joining, caller, connection }
}

describe("a list of rooms in one answer", () => {
  let house: TestChat
  let ann: Actor

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
  })
  afterEach(() => house.close())

  /** What ann is answered who asks for all rooms. */
  async function listed(): Promise<readonly Occupied[]> {
    const { joining, caller } = callerIn(house, ann)
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

describe("the history that a joiner is told", () => {
  let house: TestChat
  let ann: Actor
  let roomId: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    roomId = await house.room(ann)
    await say("before")
  })
  afterEach(() => house.close())

  const say = (content: string) => house.chat.messages.sendMessage(ann, draft(roomId, { content }))

  /** The newest that has been told in the room. */
  const toldLast = () => Math.max(...house.told.map((it) => ("seq" in it ? it.seq : 0)))

  /** What a joiner is told first, and how often it was read; something happens after each read. */
  async function joined(toldOf: () => Seq, afterRead: (reads: number) => Promise<unknown>) {
    const { chat, now } = house
    let reads = 0
    const readNewest: typeof chat.messages.readNewest = async (...asked) => {
      const found = await chat.messages.readNewest(...asked)
      await afterRead(++reads)
      return found
    }
    const slow = { ...chat, messages: { ...chat.messages, readNewest } }
    const voice = createRoomPath({ trustsClaims: false })
    const { joining, caller, connection } = callerIn({ chat: slow, now }, ann, { voice, toldOf })
    const frames: string[] = []
    const line = {
      send: (frame: string) => frames.push(frame),
      subscribe: () => true,
      getBufferedAmount: () => 0,
    }
    // The methods that are called here, of a real one's many.
    connection.open(line as unknown as Line)
    await joining.join(caller, {
      roomId,
      createsMissing: false,
      isExclusive: false,
      historyLimit: 10,
      countsReturns: false,
    })
    const [first, ...more] = frames.map((frame) => JSON.parse(frame))
    expect(more).toEqual([])
    return { reads, said: first.messages.map(({ content }: { content: string }) => content) }
  }

  test("is read once where nothing was told meanwhile", async () => {
    const told = await joined(toldLast, () => Promise.resolve())

    expect(told).toEqual({ reads: 1, said: ["before"] })
  })

  test("is read again where more was told meanwhile than was read, and misses nothing", async () => {
    const told = await joined(toldLast, async (reads) => {
      if (reads <= 2) await say(`after read ${reads}`)
    })

    expect(told).toEqual({ reads: 3, said: ["before", "after read 1", "after read 2"] })
  })

  test("is read 20 times at the most, and told then as it is", async () => {
    const told = await joined(
      () => Number.MAX_SAFE_INTEGER,
      () => Promise.resolve(),
    )

    expect(told).toEqual({ reads: 20, said: ["before"] })
  })
})
