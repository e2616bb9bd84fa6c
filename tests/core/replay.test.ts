import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import { asRoomNumericId, type RoomId, type RoomNumericId } from "../../src/protocol/ids"
import { draft, inShort, openChat, type TestChat } from "../support/chat"

describe("a room's events, read from the database", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let id: RoomId
  let number: RoomNumericId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    id = await house.room(ann, [bob])
    number = (await house.chat.rooms.getRoom(ann, id)).room.numericId
  })
  afterEach(() => house.close())

  const say = (content: string) => house.chat.messages.sendMessage(ann, draft(id, { content }))
  const since = (seq: number) => house.chat.replay.readEvents(number, seq)

  test("are those that were told, where nothing has changed since", async () => {
    await say("one")
    const cid = await house.person("cid")
    await house.chat.members.joinRoom(cid, id)
    await house.chat.rooms.updateRoom(ann, id, { name: "new" })
    const told = house.told.filter((it) => "seq" in it)

    const { events, until, more } = await since(2)

    expect(inShort(events)).toEqual(["message.created 3", "member.joined 4", "room.updated 5"])
    expect(inShort(events)).toEqual(inShort(told))
    expect({ until, more }).toEqual({ until: 5, more: false })
  })

  test("tell each changed thing once, in its last state", async () => {
    const cid = await house.person("cid")
    await house.chat.members.joinRoom(cid, id)
    await house.chat.members.putMember(ann, id, { userId: bob.user.id, role: "moderator" })
    await house.chat.members.leaveRoom(cid, id)

    expect(inShort((await since(2)).events)).toEqual(["member.updated 4", "member.left 5"])
  })

  test("tell a changed message as new, or as changed, by whether it was sent since", async () => {
    const [one, two, three] = [await say("one"), await say("two"), await say("three")]
    const { editMessage, deleteMessage } = house.chat.messageChanges
    await editMessage(ann, two.message.id, { content: "two more" })
    await deleteMessage(ann, three.message.id)
    await editMessage(ann, one.message.id, { content: "one more" })

    const contentsSince = async (seq: number) =>
      (await since(seq)).events.map((it) => "message" in it && it.message.content)
    expect(inShort((await since(2)).events)).toEqual([
      "message.created 6",
      "message.deleted 7",
      "message.created 8",
    ])
    expect(await contentsSince(2)).toEqual(["two more", "", "one more"])
    expect(inShort((await since(5)).events)).toEqual([
      "message.updated 6",
      "message.deleted 7",
      "message.updated 8",
    ])
    expect(inShort((await since(7)).events)).toEqual(["message.updated 8"])
  })

  test("end with the room, where it was deleted", async () => {
    await house.chat.rooms.deleteRoom(ann, id)

    expect(inShort((await since(2)).events)).toEqual(["room.deleted 3"])
  })

  test("come in pages of about 262,144 characters", async () => {
    await Promise.all(Array.from({ length: 130 }, () => say("x".repeat(4_000))))

    const first = await since(2)
    const rest = await since(first.until)

    // 66 of them are the first to have as many.
    expect(first).toMatchObject({ until: 68, more: true })
    expect(first.events).toHaveLength(66)
    expect(rest).toMatchObject({ until: 132, more: false })
    expect(rest.events).toHaveLength(64)
  })

  test("come in pages of 200", async () => {
    await Promise.all(Array.from({ length: 201 }, (_, n) => say(`${n}`)))

    const first = await since(2)
    const rest = await since(first.until)

    expect(first).toMatchObject({ until: 202, more: true })
    expect(first.events).toHaveLength(200)
    expect(inShort(rest.events)).toEqual(["message.created 203"])
    expect(rest).toMatchObject({ until: 203, more: false })
  })

  test("of a room that there is not, are none", async () => {
    const replay = await house.chat.replay.readEvents(asRoomNumericId(number + 1), 7)

    expect(replay).toEqual({ events: [], until: 7, more: false })
  })

  test("heads are read of few rooms and of more than 1,000, and of none that there is not", async () => {
    const many = Array.from({ length: 2_001 }, (_, n) => asRoomNumericId(number + n))

    for (const some of [[number], many]) {
      expect(await house.chat.replay.readHeads(some)).toEqual([{ numericId: number, head: 2 }])
    }
    expect(await house.chat.replay.readHeads([])).toEqual([])
  })
})
