import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import { asRoomNumericId, asUserNumericId, type RoomId } from "../../src/protocol/ids"
import { codeOf, openChat, type TestChat } from "../support/chat"

describe("presence", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let roomId: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    roomId = await house.room(ann, [bob])
    await enter(bob)
  })
  afterEach(async () => {
    jest.useRealTimers()
    await house.close()
  })

  /** A connection of theirs is in the room: only then is there anybody to tell. */
  async function enter(actor: Actor): Promise<void> {
    house.chat.presence.enter(await house.chat.presence.openRoom(actor, roomId), actor)
  }
  const statuses = () =>
    house.told.flatMap((it) => (it.type === "presence" ? [`${it.user.username} ${it.status}`] : []))
  const settle = () => house.settled()

  test("the first connection brings a user online, another one is nothing new", async () => {
    house.chat.presence.connect(ann)
    house.chat.presence.connect(ann)
    await settle()

    expect(statuses()).toEqual(["ann online"])
  })

  test("a user is offline 2 s after the last connection is gone, and was last seen then", async () => {
    house.chat.presence.connect(ann)
    await settle()
    jest.useFakeTimers()
    house.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(1_999)
    jest.useRealTimers()
    await settle()
    expect(statuses()).toEqual(["ann online"])

    jest.useFakeTimers()
    house.chat.presence.connect(ann)
    house.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(2_000)
    jest.useRealTimers()
    await settle()

    expect(statuses()).toEqual(["ann online", "ann offline"])
    const { lastSeenAt } = await house.chat.users.getUser(ann.user.id)
    expect(lastSeenAt).toBeGreaterThan(1_000_000)
    const last = house.told.at(-1)
    expect(last).toMatchObject({ type: "presence", status: "offline", lastSeenAt })
  })

  test("who is back within 2 s was never away", async () => {
    house.chat.presence.connect(ann)
    await settle()
    jest.useFakeTimers()
    house.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(1_500)
    house.chat.presence.connect(ann)
    jest.advanceTimersByTime(60_000)
    jest.useRealTimers()
    await settle()

    expect(statuses()).toEqual(["ann online"])
    expect((await house.chat.users.getUser(ann.user.id)).lastSeenAt).toBeNull()
  })

  test("given the server stops, whoever is online or went just now was last seen then, in one write", async () => {
    const cleo = await house.person("cleo")
    house.chat.presence.connect(ann)
    house.chat.presence.connect(bob)
    house.chat.presence.disconnect(bob)
    await settle()
    house.told.length = 0
    house.batches.length = 0
    const stoppedAt = house.now()

    await house.chat.presence.close()

    const lastSeen = async ({ user }: Actor) => (await house.chat.users.getUser(user.id)).lastSeenAt
    expect([await lastSeen(ann), await lastSeen(bob)]).toEqual([stoppedAt + 1, stoppedAt + 1])
    expect(await lastSeen(cleo)).toBeNull()
    expect(house.batches).toEqual([1])
    expect(house.told).toEqual([])
  })

  test("given the server has stopped, a connection that closes late writes nothing", async () => {
    house.chat.presence.connect(ann)
    await settle()
    await house.chat.presence.close()
    const { lastSeenAt } = await house.chat.users.getUser(ann.user.id)
    jest.useFakeTimers()

    house.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(60_000)
    jest.useRealTimers()
    await settle()

    expect((await house.chat.users.getUser(ann.user.id)).lastSeenAt).toBe(lastSeenAt)
  })

  test("given two devices, the status is of the user, who was last seen when the last one went", async () => {
    house.chat.presence.connect(ann)
    house.chat.presence.connect(ann)
    await settle()
    await house.chat.presence.setStatus(ann, "away")
    jest.useFakeTimers()
    house.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(60_000)
    jest.useRealTimers()
    await settle()
    expect(statuses()).toEqual(["ann online", "ann away"])
    expect((await house.chat.users.getUser(ann.user.id)).lastSeenAt).toBeNull()
    house.advance(3_600_000)

    jest.useFakeTimers()
    house.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(2_000)
    jest.useRealTimers()
    await settle()

    expect(statuses()).toEqual(["ann online", "ann away", "ann offline"])
    expect((await house.chat.users.getUser(ann.user.id)).lastSeenAt).toBeGreaterThan(4_600_000)
  })

  test("a status is told when it changes, and not when it is said again", async () => {
    house.chat.presence.connect(ann)
    await settle()

    await house.chat.presence.setStatus(ann, "away")
    await house.chat.presence.setStatus(ann, "away")
    await house.chat.presence.setStatus(ann, "dnd")
    await house.chat.presence.setStatus(ann, "online")

    expect(statuses()).toEqual(["ann online", "ann away", "ann dnd", "ann online"])
  })

  test("is told in rooms that are shared, and in no others", async () => {
    const cleo = await house.person("cleo")
    const elsewhere = await house.room(cleo)
    const there = await house.chat.presence.openRoom(cleo, elsewhere)
    house.chat.presence.enter(there, cleo)
    house.told.length = 0

    await house.chat.presence.setStatus(bob, "away")
    house.chat.presence.connect(ann)
    await settle()

    const rooms = house.told.flatMap((it) => (it.type === "presence" ? [it.room.id] : []))
    expect(new Set(rooms)).toEqual(new Set([roomId]))
  })

  test("a room of 501 present users hears nothing of who comes online: it would be quadratic", async () => {
    const { room } = await house.chat.rooms.getRoom(ann, roomId)
    for (let user = 1_000; house.presence.countIn(room.numericId) < 500; user++) {
      house.presence.enter(room.numericId, asUserNumericId(user))
    }
    house.chat.presence.connect(ann)
    await settle()
    expect(statuses()).toEqual(["ann online"])
    house.presence.enter(room.numericId, asUserNumericId(9_999))

    await house.chat.presence.setStatus(ann, "away")

    expect(statuses()).toEqual(["ann online"])
  })

  test.each([
    ["who are all of the room", 0],
    ["with others online who are no members", 3],
    ["with more members who are not", -3],
  ])("of 501 members online the first 500 are told, %s", async (_which, strangers) => {
    const members = [ann, bob]
    while (members.length < 501 + Math.max(0, -strangers)) {
      members.push(await house.person(`member-${members.length}`))
    }
    for (const { user } of members.slice(2)) {
      await house.chat.members.putMember(ann, roomId, { userId: user.id, role: undefined })
    }
    const users = members.map(({ user }) => user.numericId)
    // Not in the order in which they are told.
    for (const { user } of members.slice(0, 501).reverse()) house.presence.connect(user)
    for (let i = 0; i < strangers; i++)
      house.presence.connect({ ...ann.user, numericId: asUserNumericId(9_000 + i) })

    const online = await house.chat.presence.listOnline(ann, roomId)

    expect(online.map(({ user }) => user.numericId)).toEqual(users.slice(0, 500))
  })

  test("who is a member of 201 rooms is told to 200 of them: one log-in stays one cheap write", async () => {
    const entered: RoomId[] = [roomId]
    while (entered.length < 201) entered.push(await house.room(ann, [bob]))
    for (const id of entered.slice(1)) {
      house.chat.presence.enter(await house.chat.presence.openRoom(bob, id), bob)
    }

    house.chat.presence.connect(ann)
    await settle()

    const told = house.told.flatMap((it) => (it.type === "presence" ? [it.room.id] : []))
    expect(told).toEqual(entered.slice(0, 200))
  })

  test("a room that holds 1 is full for the 2nd user, and not for a 2nd connection of the 1st", async () => {
    await house.chat.rooms.updateRoom(ann, roomId, { maxUsers: 1 })

    expect(await codeOf(house.chat.presence.openRoom(ann, roomId))).toBe("room_full")
    expect(await house.chat.presence.openRoom(bob, roomId)).toMatchObject({ id: roomId })

    house.presence.exit(asRoomNumericId(1), bob.user.numericId)
    expect(await house.chat.presence.openRoom(ann, roomId)).toMatchObject({ id: roomId })
  })

  test("the count of a room's users is of users, not of connections", async () => {
    await enter(bob)
    await enter(ann)

    expect(await house.chat.rooms.getRoom(ann, roomId)).toMatchObject({ userCount: 2 })
    const room = await house.chat.presence.openRoom(bob, roomId)
    house.chat.presence.exit(room, bob)
    expect(await house.chat.rooms.getRoom(ann, roomId)).toMatchObject({ userCount: 2 })
    house.chat.presence.exit(room, bob)
    expect(await house.chat.rooms.getRoom(ann, roomId)).toMatchObject({ userCount: 1 })
  })
})
