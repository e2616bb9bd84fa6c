import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { turnsOf } from "../../src/core/unread"
import type { Actor, Message } from "../../src/protocol/entities"
import { asRoomNumericId, type RoomId } from "../../src/protocol/ids"
import { draft, openChat, type TestChat } from "../support/chat"

function noRoom(): never {
  throw new Error("the room is gone")
}

describe("what is unread", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let room: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    room = await house.room(ann, [bob])
  })
  afterEach(() => house.close())

  const say = async (actor: Actor, content = "hello", to = room) =>
    (await house.chat.messages.sendMessage(actor, draft(to, { content }))).message
  const unread = async (actor: Actor, of = room) =>
    (await house.chat.sync.readUnread(actor)).find(({ roomId }) => roomId === of)

  const deleteIt = ({ id }: Message) => house.chat.messageChanges.deleteMessage(ann, id)

  test("is what others said since the mark, and neither one's own nor what was deleted", async () => {
    await say(ann)
    const gone = await say(ann)
    await say(bob)
    await say(ann)
    await deleteIt(gone)

    expect(await unread(bob)).toMatchObject({ unread: 2, mentions: 0, lastReadSeq: 2, head: 7 })
    expect(await unread(ann)).toMatchObject({ unread: 1, mentions: 0, lastReadSeq: 1, head: 7 })

    await house.chat.sync.markRead(bob, room, 7)
    expect(await unread(bob)).toMatchObject({ unread: 0, lastReadSeq: 7, head: 7 })
  })

  test("is counted for each room by itself, also where rooms are neighbours", async () => {
    const next = await house.room(ann, [bob])
    await say(ann, "@bob", next)
    await say(ann, "@bob", next)
    await say(ann)

    expect(await unread(bob)).toMatchObject({ unread: 1, mentions: 0 })
    expect(await unread(bob, next)).toMatchObject({ unread: 2, mentions: 2 })
  })

  test("1,001 unread messages, and as many mentions, count as 1,000", async () => {
    const { numericId } = (await house.store.read(house.store.rooms.find(room))) ?? noRoom()
    await Promise.all(Array.from({ length: 999 }, () => say(ann)))
    await house.store.write(function* () {
      const mentions = [bob.user.id]
      for (let seq = 3; seq < 1_002; seq++) {
        yield* house.store.mentions.put({ room: numericId, seq, mentions }, ann.user)
      }
      return { result: undefined, events: [] }
    })
    expect(await unread(bob)).toMatchObject({ unread: 999, mentions: 999, head: 1_001 })

    await say(ann, "@room")
    await say(ann, "@room")
    expect(await unread(bob)).toMatchObject({ unread: 1_000, mentions: 1_000, head: 1_003 })
    expect(await unread(ann)).toMatchObject({ unread: 0, mentions: 0 })
  })

  test("is known without counting again, until the room or the mark has moved", async () => {
    const first = await say(ann)
    await say(ann)
    const counts = async () => {
      const places = await house.store.read(house.store.unread.places(bob.user.numericId))
      return places.map(({ known }) => known?.unread ?? null)
    }
    expect(await counts()).toEqual([null])
    expect(await unread(bob)).toMatchObject({ unread: 2 })
    expect(await counts()).toEqual([2])

    await deleteIt(first)
    expect(await counts()).toEqual([null])
    expect(await unread(bob)).toMatchObject({ unread: 1 })

    await house.chat.sync.markRead(bob, room, 3)
    expect(await counts()).toEqual([null])
    expect(await unread(bob)).toMatchObject({ unread: 1, lastReadSeq: 3 })

    await house.chat.sync.markRead(bob, room, 5)
    expect(await counts()).toEqual([0])
  })

  test("is counted in turns of 50,000 rows, of which a room takes as many as may be unread, and 20", () => {
    const places = (count: number, distance: number) =>
      Array.from({ length: count }, (_, index) => ({ room: asRoomNumericId(index + 1), distance }))
    const sizes = (all: ReturnType<typeof places>) => turnsOf(all).map((rooms) => rooms.length)

    expect(sizes(places(500, 20))).toEqual([500])
    expect(sizes(places(500, 1_000))).toEqual([...Array(10).fill(49), 10])
    expect(sizes(places(2_500, 1))).toEqual([2_380, 120])
    expect(sizes([])).toEqual([])
    expect(turnsOf(places(100, 1_000)).flat()).toEqual(places(100, 1).map(({ room }) => room))
  })
})
