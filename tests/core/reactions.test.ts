import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import type { MessageId, RoomId } from "../../src/protocol/ids"
import { LIMITS } from "../../src/protocol/limits"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"

describe("reactions and pins", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let id: RoomId
  let message: MessageId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    id = await house.room(ann, [bob])
    message = await say()
    house.told.length = 0
  })
  afterEach(() => house.close())

  const say = async () => (await house.chat.messages.sendMessage(ann, draft(id))).message.id
  const react = (by: Actor, emoji: string) => house.chat.reactions.addReaction(by, message, emoji)
  const unreact = (by: Actor, emoji: string) =>
    house.chat.reactions.removeReaction(by, message, emoji)
  const shown = async () => (await house.chat.messages.getMessage(ann, message)).extras?.reactions

  test("stand in the order of first use, and go with the last user", async () => {
    await react(bob, "👍")
    await react(ann, ":shrug:")
    await react(ann, "👍")

    expect(await shown()).toEqual([
      { emoji: "👍", count: 2, users: [bob.user.id, ann.user.id] },
      { emoji: ":shrug:", count: 1, users: [ann.user.id] },
    ])
    await unreact(bob, "👍")
    await unreact(ann, ":shrug:")
    expect(await shown()).toEqual([{ emoji: "👍", count: 1, users: [ann.user.id] }])
    expect(inShort(house.told)).toEqual([
      "message.updated 4",
      "message.updated 5",
      "message.updated 6",
      "message.updated 7",
      "message.updated 8",
    ])
    const plain = await unreact(ann, "👍")
    expect(plain.extras).toBeNull()
    expect(plain.editedAt).toBeNull()
  })

  test("that are there already, or are not, change nothing", async () => {
    const once = await react(bob, "👍")
    house.told.length = 0

    expect(await react(bob, "👍")).toEqual(once)
    expect(await unreact(bob, "👎")).toEqual(once)
    expect(await unreact(ann, "👍")).toEqual(once)

    expect(house.told).toEqual([])
  })

  test("a message names the first 20 users of a reaction, and the next one where one of them goes", async () => {
    expect(LIMITS.reactorsListedMax).toBe(20)
    const people: Actor[] = []
    for (let nth = 0; nth < 22; nth++) {
      const somebody = await house.person(`person${nth}`)
      await house.chat.members.joinRoom(somebody, id)
      people.push(somebody)
    }
    const ids = people.map(({ user }) => user.id)
    // Not in the order in which they came to the server.
    const order = [...people].reverse()
    for (const somebody of order) await react(somebody, "👍")
    ids.reverse()
    expect(await shown()).toEqual([{ emoji: "👍", count: 22, users: ids.slice(0, 20) }])

    const [first, last] = [order[0], order[21]]
    if (first === undefined || last === undefined) throw new Error("there are 22")
    await unreact(last, "👍")
    expect(await shown()).toEqual([{ emoji: "👍", count: 21, users: ids.slice(0, 20) }])
    await unreact(first, "👍")

    expect(await shown()).toEqual([{ emoji: "👍", count: 20, users: ids.slice(1, 21) }])
  })

  test("refuses the 51st emoji of a message with conflict, and takes those that are there", async () => {
    expect(LIMITS.reactionsPerMessageMax).toBe(50)
    for (let nth = 0; nth < 50; nth++) await react(ann, `:${nth}:`)
    house.told.length = 0

    expect(await codeOf(react(ann, ":50:"))).toBe("conflict")
    expect(house.told).toEqual([])

    expect(await codeOf(react(bob, ":49:"))).toBe("no error")
    await unreact(ann, ":0:")
    expect(await codeOf(react(ann, ":50:"))).toBe("no error")
  })

  test("reacting makes no member, and is not for the muted", async () => {
    const eve = await house.person("eve")
    expect(await codeOf(react(eve, "👍"))).toBe("forbidden")
    expect((await house.chat.rooms.getRoom(ann, id)).room.memberCount).toBe(2)

    await house.chat.moderation.muteUser(ann, id, bob.user.id, { until: null, reason: null })
    expect(await codeOf(react(bob, "👍"))).toBe("muted")
    expect(await codeOf(unreact(bob, "👍"))).toBe("muted")
    await house.chat.messageChanges.deleteMessage(ann, message)
    expect(await codeOf(react(ann, "👍"))).toBe("message_not_found")
  })

  test("two who react at once are both counted", async () => {
    await Promise.all([react(ann, "👍"), react(bob, "👍"), react(bob, "👎")])

    const reactions = (await shown()) ?? []
    expect(reactions.map(({ emoji, count }) => `${emoji} ${count}`).sort()).toEqual([
      "👍 2",
      "👎 1",
    ])
  })

  test("pins are listed as they were pinned, newest first, each change told once", async () => {
    const other = await say()
    house.told.length = 0
    const pin = (it: MessageId) => house.chat.pins.pinMessage(ann, it)
    const list = async (page = { offset: 0, limit: 50 }) =>
      (await house.chat.pins.listPins(bob, id, page)).map((it) => it.id)

    await pin(other)
    const pinned = await pin(message)
    expect(await pin(message)).toEqual(pinned)

    expect(await list()).toEqual([message, other])
    expect(await list({ offset: 1, limit: 1 })).toEqual([other])
    await house.chat.pins.unpinMessage(ann, message)
    await house.chat.pins.unpinMessage(ann, message)
    expect(await list()).toEqual([other])
    expect(inShort(house.told)).toEqual([
      "message.updated 5",
      "message.updated 6",
      "message.updated 7",
    ])
  })

  test("refuses the 101st pin of a room with conflict", async () => {
    expect(LIMITS.pinsPerRoomMax).toBe(100)
    const ids = await Promise.all(Array.from({ length: 101 }, say))
    for (const it of ids.slice(0, 100)) await house.chat.pins.pinMessage(ann, it)
    const [first = message, last = message] = [ids[0], ids[100]]

    expect(await codeOf(house.chat.pins.pinMessage(ann, last))).toBe("conflict")

    expect(await codeOf(house.chat.pins.pinMessage(ann, first))).toBe("no error")
    await house.chat.pins.unpinMessage(ann, first)
    expect(await codeOf(house.chat.pins.pinMessage(ann, last))).toBe("no error")
  })
})
