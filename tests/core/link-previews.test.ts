import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { keepLinkPreviews } from "../../src/core/links"
import { NO_DRAFT_EXTRAS } from "../../src/protocol/commands"
import type { Actor, LinkPreview, Message } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { draft, inShort, openChat, type TestChat } from "../support/chat"

const A = "https://a.example/1"
const B = "https://b.example/2"

const previewOf = (url: string): LinkPreview => ({
  url,
  title: `The page ${url}`,
  description: null,
  siteName: "A site",
})

describe.each(bothDatabases)("previews of what messages link to, on $name", ({ create }) => {
  let ground: TestGround
  let house: TestChat
  let ann: Actor
  let room: RoomId
  /** What was looked at, in order. */
  let looked: string[]
  /** What pages say; of those that are not in it, nothing. */
  let pages: Map<string, () => Promise<LinkPreview | null>>

  beforeAll(async () => {
    ground = await create()
    house = await openChat({
      ground,
      fetchPreview: async (url) => {
        looked.push(url)
        return (await pages.get(url)?.()) ?? null
      },
    })
  }, 30_000)
  let people = 0
  beforeEach(async () => {
    looked = []
    pages = new Map([A, B].map((url) => [url, async () => previewOf(url)]))
    // Another one for each test, of whom nothing has been counted.
    ann = await house.person(`ann${people++}`)
    room = await house.room(ann)
  })
  afterAll(async () => {
    await house.close()
    await ground.remove()
  }, 30_000)

  const say = async (content: string, more = {}) =>
    (await house.chat.messages.sendMessage(ann, draft(room, { content, ...more }))).message
  const read = ({ id }: Message) => house.chat.messages.getMessage(ann, id)

  /** What an edit or a deletion does to the row, whoever makes it. */
  const change = (id: Message["id"], to: (message: Message) => Partial<Message>) =>
    house.store.write(function* () {
      const message = yield* house.store.messages.find(id)
      const found = yield* house.store.rooms.find(room)
      if (message === null || found === null) throw new Error("it is not there")
      const changedSeq = yield* house.store.rooms.takeSeq(found.numericId)
      const result = yield* house.store.messages.save({ ...message, ...to(message), changedSeq })
      return { result, events: [] }
    })

  test("a message is told at once, and again with its previews, as one change with a seq of its own", async () => {
    const sent = await say(`see ${A} and ${B}`)
    expect(sent.extras).toBeNull()
    expect(inShort(house.told)).toEqual([`message.created ${sent.seq}`])

    await house.settled()

    const shown = await read(sent)
    expect(inShort(house.told)).toEqual([
      `message.created ${sent.seq}`,
      `message.updated ${sent.seq + 1}`,
    ])
    expect(house.told[1]).toMatchObject({ message: shown })
    expect(shown).toMatchObject({ seq: sent.seq, changedSeq: sent.seq + 1, editedAt: null })
    expect(shown.extras?.linkPreviews).toEqual([previewOf(A), previewOf(B)])
  })

  test("a message that was sent later has previews like any other", async () => {
    await house.chat.scheduling.schedule(ann, draft(room, { content: A }), house.now() + 1_000)
    await house.settled()
    expect(looked).toEqual([])

    house.advance(2_000)
    await house.chat.sendDue()
    await house.settled()

    const [sent] = (await house.chat.messages.readNewest(ann, room, 1)).messages
    expect(sent?.extras?.linkPreviews).toEqual([previewOf(A)])
    expect(looked).toEqual([A])
  })

  test("what its sender wants nobody to look at is not looked at where it is forwarded", async () => {
    const hides = { ...NO_DRAFT_EXTRAS, hidesLinkPreviews: true } as const
    const sent = await say(`see ${A}`, { extras: hides })
    const shown = await say(`see ${B}`, { extras: NO_DRAFT_EXTRAS })
    await house.settled()
    looked = []

    for (const { id } of [sent, shown]) {
      await house.chat.forwarding.forward(ann, { messageId: id, roomId: room, clientId: null })
    }
    await house.settled()

    expect(looked).toEqual([B])
  })

  test("nothing changes where pages say nothing, or there is nothing to look at", async () => {
    const fine = "no address, and <https://a.example/1> is not meant"
    const sent = await say("https://c.example says nothing")
    await say(fine)
    await house.settled()

    expect(looked).toEqual(["https://c.example"])
    expect(inShort(house.told)).toEqual([
      `message.created ${sent.seq}`,
      `message.created ${sent.seq + 1}`,
    ])
    expect((await read(sent)).extras).toBeNull()
  })

  test("a message whose sender wants none is never looked at, also not after an edit", async () => {
    const sent = await say(`see ${A}`, { extras: { ...NO_DRAFT_EXTRAS, hidesLinkPreviews: true } })
    const kept = await read(sent)
    const edited = await change(sent.id, () => ({ content: B }))
    await house.settled()

    expect(looked).toEqual([])
    expect(kept.extras?.hidesLinkPreviews).toBe(true)
    expect(edited.extras?.hidesLinkPreviews).toBe(true)
    expect(house.told).toHaveLength(1)
  })

  test("a message that is sent again is not looked at again", async () => {
    await say(A, { clientId: "c-1" })
    await say(A, { clientId: "c-1" })
    await house.settled()

    expect(looked).toEqual([A])
    expect(house.told).toHaveLength(2)
  })

  test("what was edited meanwhile shows only what is still in its text, in its order", async () => {
    const gate = Promise.withResolvers<LinkPreview>()
    pages.set(A, () => gate.promise)
    const sent = await say(`${A} ${B}`)
    await change(sent.id, () => ({ content: `now only ${B}`, editedAt: house.now() }))
    gate.resolve(previewOf(A))
    await house.settled()

    expect((await read(sent)).extras?.linkPreviews).toEqual([previewOf(B)])
    const kept = keepLinkPreviews((await read(sent)).extras, "nothing")
    expect(kept?.linkPreviews).toEqual([])
  })

  test("an edit takes the previews of what is gone from the text with it, and brings those of what is new", async () => {
    const sent = await say(A)
    await house.settled()
    house.told.length = 0
    looked.length = 0

    const edited = await house.chat.messageChanges.editMessage(ann, sent.id, {
      content: `${B}, no longer the other one`,
    })
    expect(edited.extras?.linkPreviews ?? []).toEqual([])
    await house.settled()

    expect(inShort(house.told)).toEqual([
      `message.updated ${sent.seq + 2}`,
      `message.updated ${sent.seq + 3}`,
    ])
    expect(looked).toEqual([B])
    expect((await read(sent)).extras?.linkPreviews).toEqual([previewOf(B)])

    // Another word beside the same address is no reason to look again.
    const again = await house.chat.messageChanges.editMessage(ann, sent.id, { content: `so ${B}` })
    await house.settled()
    expect(again.extras?.linkPreviews).toEqual([previewOf(B)])
    expect(looked).toEqual([B])
  })

  test.each([
    ["deleted, whatever is left of it,", () => ({ deletedAt: 1 })],
    ["edited, and links to nothing", () => ({ content: "nothing", editedAt: 1 })],
  ])("what was %s meanwhile is not told again", async (_, to) => {
    const gate = Promise.withResolvers<LinkPreview>()
    pages.set(A, () => gate.promise)
    const sent = await say(A)
    const changed = await change(sent.id, to)
    gate.resolve(previewOf(A))
    await house.settled()

    expect(inShort(house.told)).toEqual([`message.created ${sent.seq}`])
    expect(await read(sent)).toEqual(changed)
  })

  test("what a room that is deleted meanwhile has said is not told again", async () => {
    const gate = Promise.withResolvers<LinkPreview>()
    pages.set(A, () => gate.promise)
    await say(A)
    await house.chat.rooms.deleteRoom(ann, room)
    house.told.length = 0
    gate.resolve(previewOf(A))
    await house.settled()

    expect(house.told).toEqual([])
  })

  test("the 21st address of a minute is not looked at for one user, but the message stands", async () => {
    for (let n = 1; n <= 7; n++) {
      await say([1, 2, 3].map((m) => `https://c.example/${n}/${m}`).join(" "))
    }
    const sent = await say(A)
    await house.settled()

    expect(looked).toHaveLength(20)
    expect(looked.at(-1)).toBe("https://c.example/7/2")
    expect((await read(sent)).content).toBe(A)
    house.advance(60_000)
    await say(A)
    await house.settled()
    expect(looked.at(-1)).toBe(A)
  })
})

test("who closes the chat waits for what is being shown", async () => {
  const gate = Promise.withResolvers<LinkPreview | null>()
  const house = await openChat({ fetchPreview: () => gate.promise })
  const ann = await house.person("ann")
  const room = await house.room(ann)
  await house.chat.messages.sendMessage(ann, draft(room, { content: A }))

  let hasClosed = false
  const closing = house.close().then(() => {
    hasClosed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasClosed).toBe(false)
  gate.resolve(previewOf(A))
  await closing

  expect(inShort(house.told)).toEqual(["message.created 2", "message.updated 3"])
  expect(house.failures).toEqual([])
})
