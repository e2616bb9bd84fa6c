import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { type MessageDraft, NO_DRAFT_EXTRAS } from "../../src/protocol/commands"
import type { Actor, Message } from "../../src/protocol/entities"
import type { MessageId, RoomId } from "../../src/protocol/ids"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe.each(bothDatabases)("messages that expire, on $name", ({ create }) => {
  let ground: TestGround
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let tea: RoomId
  let watch: () => void

  beforeEach(async () => {
    ground = await create()
    watch = () => undefined
    house = await openChat({ ground, onPublish: () => watch() })
    ann = await house.person("ann")
    bob = await house.person("bob")
    tea = await house.room(ann, [bob])
  }, 30_000)
  afterEach(async () => {
    await house.close()
    await ground.remove()
  }, 30_000)

  const until = (inMs: number, more: Partial<MessageDraft["extras"]> = {}) => ({
    extras: { ...NO_DRAFT_EXTRAS, expiresAt: house.now() + inMs, ...more },
  })
  const send = async (by: Actor, more: Partial<MessageDraft> = {}): Promise<Message> =>
    (await house.chat.messages.sendMessage(by, draft(tea, more))).message
  const read = (id: MessageId) => house.chat.messages.getMessage(ann, id)
  const sweep = () => house.chat.sweepExpired()

  test("is deleted when its time has come, once, and keeps its place", async () => {
    const metadata = { colour: "green" }
    const { id } = await send(bob, { ...until(HOUR_MS), metadata })
    await send(bob, { content: "for ever" })

    await sweep()
    expect((await read(id)).content).toBe("hello")
    house.advance(HOUR_MS)
    await sweep()
    await sweep()

    expect(inShort(house.told)).toEqual([
      "message.created 3",
      "message.created 4",
      "message.deleted 5",
    ])
    const tombstone = await read(id)
    expect(tombstone).toMatchObject({
      seq: 3,
      changedSeq: 5,
      content: "",
      metadata: null,
      extras: null,
      expiresAt: null,
      deletedAt: expect.any(Number),
    })
    expect(house.told.at(-1)).toMatchObject({ message: tombstone })
  })

  test("takes along what is kept about it, and nothing of others", async () => {
    const going = await send(bob, until(HOUR_MS))
    const staying = await send(bob)
    const extras = JSON.stringify({
      mentions: [ann.user.id],
      reactions: [{ emoji: "👍", count: 1, users: [ann.user.id] }],
      attachments: [{ id: "u", name: "n", mime: "m", size: 1, width: null, height: null }],
    })
    await ground.change(`update messages set extras = '${extras}', edited_at = 1`)
    const { numericId } = ann.user
    for (const { numericId: message, seq } of [going, staying]) {
      await ground.change(`insert into message_edits values (${message}, 9, 'before', null, 1)`)
      await ground.change(`insert into reactions values (${message}, '👍', ${numericId}, 1)`)
      await ground.change(`insert into attachments values ('u', ${message})`)
      const room = Math.floor(message / 2 ** 30)
      await ground.change(
        `insert into mentions values (${numericId}, ${room}, ${seq}, ${bob.user.numericId})`,
      )
    }
    house.advance(HOUR_MS)

    await sweep()

    const left = (table: string, column: string) =>
      ground.rows(`select distinct ${column} from ${table}`)
    expect(await left("message_edits", "message_numeric_id")).toEqual([[staying.numericId]])
    expect(await left("reactions", "message_numeric_id")).toEqual([[staying.numericId]])
    expect(await left("attachments", "message_numeric_id")).toEqual([[staying.numericId]])
    expect(await left("mentions", "seq")).toEqual([[staying.seq]])
  })

  test("one of a thread is no longer counted, which is told of its beginning", async () => {
    const root = await send(ann)
    await send(bob, until(HOUR_MS, { threadId: root.id }))
    await send(bob, { extras: { ...NO_DRAFT_EXTRAS, threadId: root.id } })
    house.told.length = 0
    house.advance(HOUR_MS)

    await sweep()

    expect(inShort(house.told)).toEqual(["message.deleted 8", "message.updated 9"])
    expect((await read(root.id)).threadCount).toBe(1)
  })

  test("given two nodes that look at the same time, each is deleted once", async () => {
    const other = await openChat({ ground, startAt: house.now() + HOUR_MS })
    for (let index = 0; index < 10; index++) await send(bob, until(HOUR_MS - 1_000))
    house.told.length = 0
    house.advance(HOUR_MS)

    await Promise.all([sweep(), other.chat.sweepExpired(), sweep(), other.chat.sweepExpired()])

    const told = inShort([...house.told, ...other.told]).toSorted()
    expect(told).toEqual(
      Array.from({ length: 10 }, (_, index) => `message.deleted ${13 + index}`).toSorted(),
    )
    await other.close()
  })

  test("of very many, 100 are deleted in a turn, and those that have just expired are among them", async () => {
    for (let index = 0; index < 150; index++) await send(bob, until(HOUR_MS))
    const coffee = await house.room(bob)
    const inCoffee = draft(coffee, until(2 * HOUR_MS))
    await house.chat.messages.sendMessage(bob, inCoffee)
    house.told.length = 0
    house.advance(2 * HOUR_MS)

    const next = await sweep()

    expect(house.told).toHaveLength(100)
    expect(house.told.filter((it) => "room" in it && it.room.id === coffee)).toHaveLength(1)
    expect(next).toBeLessThan(house.now())
    await sweep()
    expect(house.told).toHaveLength(151)
    expect(await sweep()).toBeNull()
  })

  test("of a thread that goes on and ends at once, little is told before others have a turn", async () => {
    const { id } = await send(ann)
    let inTurn = 0
    let most = 0
    let isOver = false
    watch = () => {
      most = Math.max(most, ++inTurn)
    }
    const turn = () => {
      inTurn = 0
      if (!isOver) setImmediate(turn)
    }
    turn()

    await Promise.all(Array.from({ length: 60 }, () => send(bob, until(HOUR_MS, { threadId: id }))))
    const sent = most
    most = 0
    house.advance(HOUR_MS + DAY_MS)
    await sweep()
    isOver = true

    expect(await read(id)).toMatchObject({ threadCount: 0 })
    // Each is told with the message that the thread began with, which may be as large as any.
    expect(sent).toBeLessThanOrEqual(32)
    expect(most).toBeLessThanOrEqual(32)
  })

  test("answers when the next one ends, if that is soon", async () => {
    const { expiresAt } = await send(bob, until(HOUR_MS))

    expect(await sweep()).toBeNull()
    house.advance(HOUR_MS - 500)

    expect(await sweep()).toBe(expiresAt)
  })

  test("in a room that has ended, it goes without a word", async () => {
    await send(bob, until(HOUR_MS))
    await house.chat.rooms.deleteRoom(ann, tea)
    house.told.length = 0
    house.advance(HOUR_MS)

    await sweep()

    expect(house.told).toEqual([])
    expect(await ground.rows("select content from messages")).toEqual([[""]])
  })

  test("must end in the future, and at most 365 days after it is sent; what is refused stores nothing", async () => {
    const sending = (inMs: number) => codeOf(send(bob, until(inMs)))

    expect(await sending(-1)).toBe("invalid_request")
    expect(await sending(365 * DAY_MS + 10)).toBe("invalid_request")
    expect(house.told).toEqual([])
    expect(await sending(365 * DAY_MS - 10)).toBe("no error")
  })

  test("sent again after it has expired, it is still the first one", async () => {
    const again = { ...until(HOUR_MS), clientId: "c", metadata: { a: 1 } }
    const { id } = await send(bob, again)
    house.advance(HOUR_MS)
    await sweep()
    house.told.length = 0

    const { message, duplicate } = await house.chat.messages.sendMessage(bob, draft(tea, again))

    expect([message.id, duplicate]).toEqual([id, true])
    expect(house.told).toEqual([])
  })
})
