import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { type MessageEdit, NO_DRAFT_EXTRAS } from "../../src/protocol/commands"
import type { Actor, Message } from "../../src/protocol/entities"
import { asMessageId, type MessageId, type RoomId } from "../../src/protocol/ids"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"
import { isOnPostgres } from "../support/databases"

describe("messages that are edited and deleted", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let eve: Actor
  let id: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    eve = await house.person("eve")
    id = await house.room(ann, [bob])
  })
  afterEach(() => house.close())

  const send = async (by: Actor, more: Parameters<typeof draft>[1] = {}): Promise<Message> =>
    (await house.chat.messages.sendMessage(by, draft(id, more))).message
  const edit = (by: Actor, message: MessageId, change: MessageEdit) =>
    house.chat.messageChanges.editMessage(by, message, change)
  const remove = (by: Actor, message: MessageId) =>
    house.chat.messageChanges.deleteMessage(by, message)
  const versions = async (message: MessageId) =>
    house.chat.messageChanges.readVersions(bob, message, { before: 1e9, limit: 50 })
  const inThread = (threadId: MessageId) => ({ extras: { ...NO_DRAFT_EXTRAS, threadId } })

  test("an edit takes the next seq, is told, and keeps what was said before", async () => {
    const sent = await send(bob, { content: "one", metadata: { a: 1 } })
    house.told.length = 0

    await edit(bob, sent.id, { content: "two" })
    const last = await edit(bob, sent.id, { metadata: null })

    expect(last).toMatchObject({ seq: 3, changedSeq: 5, content: "two", metadata: null })
    expect(last.editedAt).toBeGreaterThan(sent.createdAt)
    expect(inShort(house.told)).toEqual(["message.updated 4", "message.updated 5"])
    expect(house.told[1]).toMatchObject({ message: last })
    expect(await house.chat.messages.getMessage(ann, sent.id)).toEqual(last)
    expect(await versions(sent.id)).toMatchObject([
      { seq: 5, content: "two", metadata: { a: 1 } },
      { seq: 4, content: "one", metadata: { a: 1 }, createdAt: sent.createdAt },
    ])
  })

  test("an edit that changes nothing takes no seq and is told to nobody", async () => {
    const metadata = { b: [1, null], a: { deep: true } }
    const sent = await send(bob, { content: "one", metadata })
    house.told.length = 0

    const same = { content: "one", metadata: { a: { deep: true }, b: [1, null] } }
    expect(await edit(bob, sent.id, same)).toMatchObject({ changedSeq: 3, editedAt: null })

    expect(house.told).toEqual([])
    expect(await versions(sent.id)).toEqual([])
  })

  test("who may not send may not edit: others, the muted, who has left, the banned", async () => {
    const [hers, his] = [await send(ann), await send(bob)]
    const change = { content: "changed" }
    const sanction = { until: null, reason: null }
    const { moderation, members } = house.chat

    expect(await codeOf(edit(ann, his.id, change))).toBe("forbidden")
    expect(await codeOf(edit(eve, his.id, change))).toBe("forbidden")
    await moderation.muteUser(ann, id, bob.user.id, sanction)
    expect(await codeOf(edit(bob, his.id, change))).toBe("muted")
    await moderation.unmuteUser(ann, id, bob.user.id)
    await members.leaveRoom(bob, id)
    expect(await codeOf(edit(bob, his.id, change))).toBe("forbidden")
    expect(await codeOf(remove(bob, his.id))).toBe("forbidden")
    await moderation.banUser(ann, id, bob.user.id, sanction)
    expect(await codeOf(edit(bob, his.id, change))).toBe("banned")
    await remove(ann, hers.id)
    expect(await codeOf(edit(ann, hers.id, change))).toBe("message_not_found")
    expect(await codeOf(edit(ann, asMessageId("nothing"), change))).toBe("message_not_found")

    expect((await house.chat.messages.getMessage(ann, his.id)).content).toBe("hello")
  })

  test("after one has blocked the other, what is said stays as it is, and may be taken back", async () => {
    const { room } = await house.chat.conversations.openConversation(ann, [bob.user.id])
    id = room.id
    const his = await send(bob)
    await house.chat.blocks.blockUser(ann, bob.user.id)

    expect(await codeOf(edit(bob, his.id, { content: "changed" }))).toBe("forbidden")

    expect(await codeOf(remove(bob, his.id))).toBe("no error")
  })

  test("what cannot be sent cannot be said instead", async () => {
    const text = await send(bob)
    const image = await send(bob, { type: "image", content: "https://chat.example/a.png" })
    await house.chat.members.putMember(ann, id, { userId: bob.user.id, role: "moderator" })
    const system = await send(bob, { type: "system" })
    await house.chat.members.putMember(ann, id, { userId: bob.user.id, role: "member" })

    expect(await codeOf(edit(bob, text.id, { content: "" }))).toBe("invalid_request")
    expect(await codeOf(edit(bob, text.id, { content: "x".repeat(4_001) }))).toBe("invalid_request")
    expect(await codeOf(edit(bob, image.id, { content: "javascript:1" }))).toBe("invalid_request")
    expect(await codeOf(edit(bob, system.id, { content: "bye" }))).toBe("forbidden")

    expect(await codeOf(edit(bob, image.id, { content: "/b.png" }))).toBe("no error")
  })

  test("of a deleted message its place is left, and not a row of what it was", async () => {
    const root = await send(ann)
    const extras = {
      ...NO_DRAFT_EXTRAS,
      replyTo: root.id,
      threadId: root.id,
      expiresAt: house.now() + 60_000,
    }
    const sent = await send(bob, { content: "once", metadata: { a: 1 }, extras })
    await edit(bob, sent.id, { content: "twice" })
    await house.chat.reactions.addReaction(ann, sent.id, "👍")
    await house.chat.pins.pinMessage(ann, sent.id)
    house.told.length = 0

    const tomb = await remove(bob, sent.id)

    const { deletedAt } = tomb
    expect(deletedAt).toBeNumber()
    expect(tomb).toEqual({
      ...sent,
      content: "",
      metadata: null,
      editedAt: tomb.editedAt,
      expiresAt: null,
      changedSeq: 9,
      deletedAt,
    })
    expect(tomb).toMatchObject({ replyTo: root.id, threadId: root.id, extras: null })
    expect(inShort(house.told)).toEqual(["message.deleted 9", "message.updated 10"])
    expect(house.told[1]).toMatchObject({ message: { id: root.id, threadCount: 0 } })
    expect(await versions(sent.id)).toEqual([])
    const page = { offset: 0, limit: 10 }
    expect(await house.chat.pins.listPins(ann, id, page)).toEqual([])
    const { store } = house
    const reactors = store.reactions.firstReactors(sent.numericId, "👍", 10)
    expect(await store.read(reactors)).toEqual([])
  })

  test("deleting again answers what is left, takes no seq and counts once in the thread", async () => {
    const root = await send(ann)
    const [one] = [await send(bob, inThread(root.id)), await send(bob, inThread(root.id))]
    const tomb = await remove(bob, one.id)
    house.told.length = 0

    expect(await remove(bob, one.id)).toEqual(tomb)
    expect(await remove(ann, one.id)).toEqual(tomb)
    expect(await codeOf(remove(eve, one.id))).toBe("forbidden")

    expect(house.told).toEqual([])
    expect((await house.chat.messages.getMessage(ann, root.id)).threadCount).toBe(1)
  })

  test("a thread outlives the message that it began with", async () => {
    const root = await send(ann)
    const answer = await send(bob, inThread(root.id))
    await remove(ann, root.id)
    house.told.length = 0

    await remove(bob, answer.id)

    expect(inShort(house.told)).toEqual(["message.deleted 7", "message.deleted 8"])
    expect(house.told[1]).toMatchObject({ message: { id: root.id, threadCount: 0, content: "" } })
  })

  test("in a direct room nobody deletes for the other, not even an admin who takes part", async () => {
    const root = await house.person("root", "admin")
    const { room } = await house.chat.conversations.openConversation(root, [bob.user.id])
    id = room.id
    const his = await send(bob)

    expect(await codeOf(remove(root, his.id))).toBe("forbidden")
    expect(await codeOf(house.chat.pins.pinMessage(root, his.id))).toBe("forbidden")
  })

  describe("sent again with the same client_id", () => {
    const again = (more: Parameters<typeof draft>[1]) =>
      house.chat.messages.sendMessage(bob, draft(id, { clientId: "c", ...more }))
    const first = { content: "first", metadata: { a: 1 } }

    test("an edited one is compared with what was sent first", async () => {
      const { message } = await again(first)
      await edit(bob, message.id, { content: "second", metadata: { b: 2 } })
      const now = await edit(bob, message.id, { content: "third" })

      expect(await again(first)).toMatchObject({ duplicate: true, message: now })
      for (const other of [
        { content: "third", metadata: { b: 2 } },
        { content: "second", metadata: { b: 2 } },
        { content: "first", metadata: { b: 2 } },
        { content: "first" },
        { ...first, type: "system" as const },
      ]) {
        expect(await codeOf(again(other))).toBe("conflict")
      }
    })

    test("it is compared by what it answers, too", async () => {
      const root = await send(ann)
      const reply = { extras: { ...NO_DRAFT_EXTRAS, replyTo: root.id } }
      await again({ ...first, ...reply })

      expect(await again({ ...first, ...reply })).toMatchObject({ duplicate: true })
      expect(await codeOf(again(first))).toBe("conflict")
      expect(await codeOf(again({ ...first, ...inThread(root.id) }))).toBe("conflict")
    })

    test("a deleted one is compared by what is left", async () => {
      const root = await send(ann)
      const reply = { extras: { ...NO_DRAFT_EXTRAS, replyTo: root.id } }
      const { message } = await again({ ...first, ...reply })
      await remove(bob, message.id)

      expect(await again({ content: "whatever", ...reply })).toMatchObject({
        duplicate: true,
        message: { content: "" },
      })
      expect(await codeOf(again(first))).toBe("conflict")
    })
  })

  test("a resume tells a changed message once, in its last state", async () => {
    const [one, two] = [await send(bob, { content: "one" }), await send(bob, { content: "two" })]
    const { room } = await house.chat.rooms.getRoom(ann, id)
    await edit(bob, one.id, { content: "one more" })
    await house.chat.reactions.addReaction(ann, one.id, "👍")
    const last = await edit(bob, one.id, { content: "done" })
    const tomb = await remove(bob, two.id)

    const position = { epoch: room.epoch, since: room.head }
    const changes = await house.chat.sync.readChanges(ann, id, { position, limit: 200 })

    expect(changes).toMatchObject({ recovered: true, until: 8, more: false })
    expect(changes.messages).toEqual([last, tomb])
  })

  // On Postgres each is a transaction of its own.
  test.skipIf(isOnPostgres)("of 40 that come at once, 16 are told in one turn", async () => {
    const sent = await Promise.all(Array.from({ length: 40 }, () => send(ann)))
    house.batches.length = 0

    await Promise.all(sent.map((it) => edit(ann, it.id, { content: "changed" })))

    expect(house.batches).toEqual([16, 16, 8])
  })

  describe("edits, deletions, reactions and pins of a user together", () => {
    beforeEach(async () => {
      await house.close()
      house = await openChat({ settings: { typingPerMinuteMax: 3 } })
      ann = await house.person("ann")
      bob = await house.person("bob")
      id = await house.room(ann, [bob])
    })

    test("are as many a minute as typing notices; what changes nothing and what is refused is not counted", async () => {
      const [hers, his] = [await send(ann), await send(ann)]
      await edit(ann, hers.id, { content: "changed" })
      for (const _ of [1, 2, 3]) {
        await edit(ann, hers.id, { content: "changed" })
        expect(await codeOf(edit(ann, hers.id, { content: "" }))).toBe("invalid_request")
      }
      await house.chat.reactions.addReaction(ann, hers.id, "👍")
      await house.chat.pins.pinMessage(ann, hers.id)

      expect(await codeOf(remove(ann, his.id))).toBe("rate_limited")
      expect(await codeOf(edit(ann, his.id, { content: "more" }))).toBe("rate_limited")
      expect(await codeOf(house.chat.reactions.removeReaction(ann, hers.id, "👍"))).toBe(
        "rate_limited",
      )
      // Each user has their own.
      expect(await codeOf(house.chat.reactions.addReaction(bob, his.id, "👍"))).toBe("no error")
      house.advance(60_000)
      expect(await codeOf(remove(ann, his.id))).toBe("no error")
    })
  })
})
