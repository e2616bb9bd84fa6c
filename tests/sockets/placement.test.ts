import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import type { Actor, Room } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { asConnectionId } from "../../src/protocol/ids"
import { createAudiences } from "../../src/sockets/audiences"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createPlacement } from "../../src/sockets/placement"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { openChat, type TestChat } from "../support/chat"
import { alone } from "../support/ordering"
import { waitUntil } from "../support/wait"

describe("who hears what, compared with the database", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let room: Room

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    const id = await house.room(ann, [bob])
    room = (await house.chat.rooms.getRoom(ann, id)).room
  })
  afterEach(() => house.close())

  /** Bob on a connection, on a node that has told so much of each room. */
  function node({ told = 0 } = {}) {
    const { chat, now } = house
    const heard: BusMessage[] = []
    let checks = 0
    const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now })
    const subscriptions = createSubscriptions({
      connections,
      audiences: createAudiences(alone.ordering),
      presence: chat.presence,
      ordering: { toldOf: () => told },
      doubt: (user, it) => placement.doubt(user, it),
      now,
    })
    const placement = createPlacement({
      connections,
      subscriptions,
      places: chat.places,
      countPresent: chat.presence.countPresent,
      tell: (message) => void heard.push(message),
      inBackground: (task) => void task.then(() => checks++),
    })
    const ignore = () => undefined
    const connection = new Connection({
      id: asConnectionId("connection"),
      voice: native,
      arrival: null,
      isPinged: true,
      actor: bob,
      address: "127.0.0.1",
      openedAt: now(),
      framesPerSecondMax: 0,
      events: { onOpen: ignore, onFrame: ignore, onBacklog: ignore, onClose: ignore },
      publish: ignore,
    })
    connections.add(connection)
    // The methods that are called here, of a real one's many.
    connection.open({ send: () => 1, subscribe: () => true } as unknown as Line)
    const arrival = { voice: native, room, head: room.head, memberAt: room.head, tell: ignore }
    return {
      connection,
      subscriptions,
      heard,
      checkAll: placement.checkAll,
      doubtAllIn: placement.doubtAllIn,
      arrive: () => subscriptions.arriveAsMember(connection, bob, arrival),
      checks: () => checks,
    }
  }

  const inShort = (heard: readonly BusMessage[]) =>
    heard.map((it) => `${it.type} ${"room" in it ? it.room.id : ""}`)

  test("given bob comes in as the member he was before more was told, then he hears no more of it", async () => {
    const { arrive, heard, checks } = node({ told: room.head + 1 })
    await house.chat.members.leaveRoom(bob, room.id)

    arrive()
    await waitUntil("it was looked up", () => checks() === 1)

    expect(inShort(heard)).toEqual([`access.ended ${room.id}`])
  })

  test("given the room is deleted unheard, then who listens without being a member hears no more of it", async () => {
    const { subscriptions, connection, heard, checks, doubtAllIn } = node()
    await house.chat.members.leaveRoom(bob, room.id)
    const read = () => Promise.resolve(room)
    await subscriptions.enterAsRead(connection, { actor: bob, roomId: room.id, read })
    await house.chat.rooms.deleteRoom(ann, room.id)

    doubtAllIn(room.numericId)
    await waitUntil("it was looked up", () => checks() === 1)

    expect(inShort(heard)).toEqual([`access.ended ${room.id}`])
  })

  test("given he is a member still, then nothing ends", async () => {
    const { arrive, heard, checks } = node({ told: room.head + 1 })

    arrive()
    await waitUntil("it was looked up", () => checks() === 1)

    expect(heard).toEqual([])
  })

  test("given nothing was told since, then nothing is looked up", async () => {
    const { arrive, checks } = node({ told: room.head })

    arrive()
    await new Promise<void>((resolve) => setImmediate(resolve))
    await new Promise<void>((resolve) => setImmediate(resolve))

    expect(checks()).toBe(0)
  })

  test("given he listens to a public room without being a member, then he may, until he is banned", async () => {
    const { subscriptions, connection, heard, checkAll } = node()
    const read = () => house.chat.presence.openRoom(bob, room.id)
    const enteringRoom = { actor: bob, roomId: room.id, read }
    await house.chat.members.leaveRoom(bob, room.id)
    await subscriptions.enterAsRead(connection, enteringRoom)

    await checkAll()
    expect(heard).toEqual([])

    const sanction = { until: null, reason: null }
    await house.chat.moderation.banUser(ann, room.id, bob.user.id, sanction)
    await checkAll()
    expect(inShort(heard)).toEqual([`access.ended ${room.id}`])
  })

  test("given he follows all of his rooms, then he is told of one that he does not hear, once, and hears it", async () => {
    const { connection, heard, checkAll } = node()
    connection.followsAll = true

    await checkAll()
    await checkAll()

    expect(inShort(heard)).toEqual([`room.added ${room.id}`])
    expect(connection.audienceOf(native, room.id)).toBeDefined()
  })

  test("given he follows nothing, then he is told of none", async () => {
    const { heard, checkAll } = node()

    await checkAll()

    expect(heard).toEqual([])
  })
})
