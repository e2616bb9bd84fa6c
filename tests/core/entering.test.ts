import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { JoinWish } from "../../src/protocol/commands"
import type { Actor } from "../../src/protocol/entities"
import { asRoomId } from "../../src/protocol/ids"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"

describe("coming into a room", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let eve: Actor

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    eve = await house.person("eve")
  })
  afterEach(() => house.close())

  const enter = (actor: Actor, roomId: string, more: Partial<JoinWish> = {}) =>
    house.chat.entering.enterRoom(actor, {
      roomId: asRoomId(roomId),
      createsMissing: true,
      countsReturns: true,
      ...more,
    })

  test("of a name that is none makes a public room, which has members and no owner", async () => {
    const room = await enter(ann, "general")
    await enter(bob, "general")

    expect(room).toMatchObject({ id: "general", name: "general", type: "public", createdBy: null })
    const members = await house.chat.members.listMembers(ann, room.id, { after: -1, limit: 10 })
    expect(members.map(({ role }) => role)).toEqual(["member", "member"])
  })

  test("that is nobody's counts towards no quota, and is nobody's to change", async () => {
    await house.close()
    house = await openChat({ settings: { roomsPerUserMax: 1 } })
    ann = await house.person("ann")
    const root = await house.person("root", "admin")
    const { id } = await enter(ann, "general")
    await enter(ann, "random")

    const { rooms, members } = house.chat
    expect(await codeOf(rooms.updateRoom(ann, id, { name: "mine" }))).toBe("forbidden")
    expect(await codeOf(rooms.updateRoom(root, id, { type: "private" }))).toBe("forbidden")
    const owner = { userId: ann.user.id, role: "owner" } as const
    expect(await codeOf(members.putMember(root, id, owner))).toBe("forbidden")
    expect(await house.room(ann)).toBeString()
  })

  test("that all have left makes nobody its owner", async () => {
    const { id } = await enter(ann, "general")
    await house.chat.members.leaveRoom(ann, id)

    await enter(bob, "general")
    await house.chat.messages.sendMessage(eve, draft(id))

    const members = await house.chat.members.listMembers(bob, id, { after: -1, limit: 10 })
    expect(members.map(({ role }) => role)).toEqual(["member", "member"])
  })

  test("makes a member once, and coming back tells nobody", async () => {
    const id = await house.room(ann)

    await enter(bob, id)
    await enter(bob, id)

    expect(inShort(house.told)).toEqual(["room.added", "member.joined 2"])
  })

  test("that is private is, for strangers, a name that is taken, or no room at all", async () => {
    const id = await house.room(ann, [], "private")

    expect(await codeOf(enter(eve, id))).toBe("forbidden")
    expect(await codeOf(enter(eve, id, { createsMissing: false }))).toBe("room_not_found")
    expect((await enter(ann, id)).id).toBe(id)
    expect(house.told).toEqual([])
  })

  test("that is no room is refused where names are not for the taking", async () => {
    expect(await codeOf(enter(ann, "general", { createsMissing: false }))).toBe("room_not_found")
    await house.close()
    house = await openChat({ settings: { autoCreatesRooms: false } })
    ann = await house.person("ann")
    expect(await codeOf(enter(ann, "general"))).toBe("room_not_found")
  })

  test("that was deleted does not bring it back", async () => {
    const id = await house.room(ann)
    await house.chat.rooms.deleteRoom(ann, id)

    expect(await codeOf(enter(bob, id))).toBe("room_not_found")
  })

  test("that is full is refused, and makes no member", async () => {
    const wish = { name: "duo", type: "public", topic: null, maxUsers: 1, id: null } as const
    const { room } = await house.chat.rooms.createRoom(ann, wish)
    house.presence.connect(ann.user)
    house.chat.presence.enter(room, ann)
    house.told.length = 0

    expect(await codeOf(enter(bob, room.id))).toBe("room_full")
    expect(house.told).toEqual([])
    expect((await enter(ann, room.id)).id).toBe(room.id)
  })

  test("refuses the 21st new name of a minute, and lets known ones be joined", async () => {
    for (let i = 0; i < 20; i++) await enter(ann, `room-${i}`)

    expect(await codeOf(enter(ann, "room-20"))).toBe("rate_limited")
    expect((await enter(ann, "room-0")).id).toBe(asRoomId("room-0"))
    expect((await enter(bob, "room-20")).id).toBe(asRoomId("room-20"))
  })

  test("counts as a join each time, or only when it makes a member, as the protocol has it", async () => {
    await house.close()
    house = await openChat({ settings: { joinsPerMinuteMax: 2 } })
    ann = await house.person("ann")
    for (let i = 0; i < 5; i++) await enter(ann, "general", { countsReturns: false })
    await enter(ann, "general")

    expect(await codeOf(enter(ann, "general"))).toBe("rate_limited")
    expect((await enter(ann, "general", { countsReturns: false })).id).toBe(asRoomId("general"))
  })

  test("of two at once into one new name makes one room", async () => {
    const [one, other] = await Promise.all([enter(ann, "general"), enter(bob, "general")])

    expect(one.numericId).toBe(other.numericId)
  })
})
