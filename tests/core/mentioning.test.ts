import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { draft, openChat, type TestChat } from "../support/chat"

describe("mentions", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let cleo: Actor
  let room: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("Bob.B")
    cleo = await house.person("cleo")
    room = await house.room(ann, [bob])
  })
  afterEach(() => house.close())

  const say = async (actor: Actor, content: string) =>
    (await house.chat.messages.sendMessage(actor, draft(room, { content }))).message
  const mentionedIn = async (actor: Actor, content: string) =>
    (await say(actor, content)).extras?.mentions ?? null
  const countOf = async (actor: Actor) =>
    (await house.chat.sync.readUnread(actor)).find(({ roomId }) => roomId === room)?.mentions

  test("are of members, in the order of the text, without regard to case", async () => {
    expect(await mentionedIn(ann, "@bob.b and @ANN and @room")).toEqual([bob.user.id, "room"])
    expect(await mentionedIn(bob, "@room, @Ann.")).toEqual(["room", ann.user.id])
  })

  test("of strangers, of former members and of nobody are text, and so is one's own name", async () => {
    await house.chat.members.putMember(ann, room, { userId: cleo.user.id, role: undefined })
    await house.chat.members.leaveRoom(cleo, room)

    expect(await mentionedIn(ann, "@cleo @nobody @ann")).toBeNull()
    expect((await say(ann, "@cleo @nobody @ann")).content).toBe("@cleo @nobody @ann")
  })

  test("of whom joins by sending are theirs as of any other member", async () => {
    expect(await mentionedIn(cleo, "hello @bob.b, I am @cleo")).toEqual([bob.user.id])
    expect(await mentionedIn(ann, "hello @cleo")).toEqual([cleo.user.id])
  })

  test("are counted for whom they are, until they are read; @room for everybody but its author", async () => {
    await say(ann, "@bob.b")
    const { seq } = await say(ann, "@room and @bob.b")
    await say(bob, "@ann, and @bob.b")
    await say(bob, "nobody")

    expect([await countOf(ann), await countOf(bob)]).toEqual([1, 2])

    await house.chat.sync.markRead(bob, room, seq - 1)
    expect(await countOf(bob)).toBe(1)
    await house.chat.sync.markRead(bob, room, seq)
    expect([await countOf(ann), await countOf(bob)]).toEqual([1, 0])
  })

  test("of 50 people are found, and count for each of them", async () => {
    const people: Actor[] = []
    for (let index = 0; index < 50; index++) people.push(await house.person(`user-${index}`))
    for (const { user } of people) {
      await house.chat.members.putMember(ann, room, { userId: user.id, role: undefined })
    }

    const mentions = await mentionedIn(ann, people.map(({ user }) => `@${user.username}`).join(" "))

    expect(mentions).toEqual(people.map(({ user }) => user.id))
    for (const actor of people) expect(await countOf(actor)).toBe(1)
    expect(await countOf(bob)).toBe(0)
  })

  test("of the server's own messages count as well", async () => {
    await house.chat.announcements.announce({ via: { type: "internal" } }, room, "@room: @ann")

    expect([await countOf(ann), await countOf(bob)]).toEqual([1, 1])
  })

  test("follow what a message says, and are forgotten with it", async () => {
    const { messageChanges } = house.chat
    const { id } = await say(ann, "@bob.b and @ann")
    const edit = async (content: string) =>
      (await messageChanges.editMessage(ann, id, { content })).extras?.mentions ?? []

    expect(await edit("@room")).toEqual(["room"])
    expect([await countOf(ann), await countOf(bob)]).toEqual([0, 1])

    expect(await edit("nobody")).toEqual([])
    expect(await countOf(bob)).toBe(0)

    expect(await edit("@bob.b")).toEqual([bob.user.id])
    expect(await countOf(bob)).toBe(1)

    await messageChanges.deleteMessage(ann, id)
    expect(await countOf(bob)).toBe(0)
  })

  test("make no difference to what is sent again", async () => {
    const once = draft(room, { content: "@bob.b", clientId: "c-1" })
    const first = await house.chat.messages.sendMessage(ann, once)
    const again = await house.chat.messages.sendMessage(ann, once)

    expect([first.duplicate, again.duplicate]).toEqual([false, true])
    expect(again.message).toEqual(first.message)
    expect(await countOf(bob)).toBe(1)
  })
})
