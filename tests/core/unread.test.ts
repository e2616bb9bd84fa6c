import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Actor, Message } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { draft, openChat, type TestChat } from "../support/chat"

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

  /** As the tombstone is stored, whoever deletes it. */
  const deleteIt = (message: Message) =>
    house.store.write(function* () {
      const place = yield* house.store.rooms.find(message.roomId)
      if (place === null) throw new Error("the room is gone")
      const changedSeq = yield* house.store.rooms.takeSeq(place.numericId)
      const gone = { content: "", metadata: null, extras: null, deletedAt: house.now() }
      return {
        result: yield* house.store.messages.save({ ...message, ...gone, changedSeq }),
        events: [],
      }
    })

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

  test("101 unread messages, and as many mentions, count as 100", async () => {
    for (let count = 0; count < 99; count++) await say(ann, "@bob")
    expect(await unread(bob)).toMatchObject({ unread: 99, mentions: 99, head: 101 })

    await Promise.all([say(ann, "@room"), say(ann, "@room")])
    expect(await unread(bob)).toMatchObject({ unread: 100, mentions: 100, head: 103 })
    expect(await unread(ann)).toMatchObject({ unread: 0, mentions: 0 })
  })
})
