import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { MessageDraft } from "../../src/protocol/commands"
import { NO_DRAFT_EXTRAS } from "../../src/protocol/commands"
import type { Actor } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"

const HOUR_MS = 3_600_000

describe.each(bothDatabases)("scheduled messages, on $name", ({ create }) => {
  let ground: TestGround
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let tea: RoomId

  beforeEach(async () => {
    ground = await create()
    house = await openChat({ ground })
    ann = await house.person("ann")
    bob = await house.person("bob")
    tea = await house.room(ann, [bob])
  }, 30_000)
  afterEach(async () => {
    await house.close()
    await ground.remove()
  }, 30_000)

  const schedule = (by: Actor, inMs = HOUR_MS, more: Partial<MessageDraft> = {}) =>
    house.chat.scheduling.schedule(by, draft(tea, more), house.now() + inMs)
  const mine = (by: Actor) => house.chat.scheduling.listScheduled(by, { offset: 0, limit: 200 })
  const said = async () =>
    (await house.chat.messages.readHistory(ann, tea, { limit: 200 })).map((it) => it.content)
  const sendDue = () => house.chat.sendDue()

  test("is sent when it is due, once, as a message like any other, and waits no longer", async () => {
    const metadata = { deep: [{ "\u0000": null }] }
    const extras = { ...NO_DRAFT_EXTRAS, expiresAt: house.now() + 2 * HOUR_MS }
    await schedule(bob, HOUR_MS, { content: "日本 🙂", clientId: "c", metadata, extras })

    await sendDue()
    expect(house.told).toEqual([])
    house.advance(HOUR_MS)
    await sendDue()
    await sendDue()

    expect(inShort(house.told)).toEqual(["message.created 3"])
    const [message] = await house.chat.messages.readHistory(ann, tea, { limit: 200 })
    expect(message).toMatchObject({
      author: { id: bob.user.id },
      content: "日本 🙂",
      clientId: "c",
      metadata,
      expiresAt: extras.expiresAt,
    })
    expect(message?.createdAt).toBeGreaterThan(extras.expiresAt - HOUR_MS)
    expect(await mine(bob)).toEqual([])
  })

  test("given two nodes that look at the same time, each message is sent once, in order", async () => {
    const other = await openChat({ ground, startAt: house.now() + HOUR_MS })
    const contents = Array.from({ length: 12 }, (_, index) => `no. ${index}`)
    for (const [index, content] of contents.entries())
      await schedule(bob, 1_000 + index, { content })
    house.advance(HOUR_MS)

    await Promise.all([sendDue(), other.chat.sendDue(), sendDue(), other.chat.sendDue()])

    expect(await said()).toEqual(contents)
    expect([...house.told, ...other.told]).toHaveLength(contents.length)
    expect(await mine(bob)).toEqual([])
    await other.close()
  })

  test("given the server was away at the time, it is sent when it is back, and only then", async () => {
    await schedule(bob)
    await house.close()

    house = await openChat({ ground, startAt: house.now() + 2 * HOUR_MS })
    await sendDue()
    await house.close()
    house = await openChat({ ground, startAt: house.now() + HOUR_MS })
    await sendDue()

    expect(await said()).toEqual(["hello"])
    expect(house.told).toEqual([])
  })

  test("answers when the next one is due, and goes on where there are more than one look takes", async () => {
    const next = await schedule(ann, HOUR_MS + 500, { content: "the last" })
    for (let index = 0; index < 51; index++) await schedule(bob, 1_000 + index)
    house.advance(HOUR_MS - 10)

    const soon = await sendDue()
    expect(await said()).toHaveLength(50)
    expect(soon).toBeLessThan(house.now())
    const later = await sendDue()

    expect(await said()).toHaveLength(51)
    expect(later).toBe(next.sendAt)
  })

  test.each([
    ["muted", () => house.chat.moderation.muteUser(ann, tea, bob.user.id, forever)],
    ["banned", () => house.chat.moderation.banUser(ann, tea, bob.user.id, forever)],
    ["room_not_found", () => house.chat.rooms.deleteRoom(ann, tea)],
    ["unauthorized", () => disable(bob)],
  ] as const)(
    "given its author is refused when it is due: %s, it is kept with the code and nobody is told",
    async (code, change) => {
      const { id } = await schedule(bob)
      await change()
      house.told.length = 0
      house.advance(HOUR_MS)

      await sendDue()
      await sendDue()

      expect(house.told).toEqual([])
      expect((await mine(bob)).map((it) => [it.id, it.failedCode])).toEqual([[id, code]])
      expect(await codeOf(house.chat.scheduling.getScheduled(ann, id))).toBe("not_found")
    },
  )

  const forever = { until: null, reason: null }

  async function disable({ user }: Actor): Promise<void> {
    await house.store.write(function* () {
      yield* house.store.accountChanges.setDisabledAt(user.numericId, 1, 1)
      return { result: undefined, events: [] }
    })
  }

  test("what could not be sent waits again with another time, and with no past one", async () => {
    const { scheduling, moderation } = house.chat
    const { id } = await schedule(bob)
    await moderation.muteUser(ann, tea, bob.user.id, forever)
    house.advance(HOUR_MS)
    await sendDue()

    const sendAt = house.now() + HOUR_MS
    expect(await codeOf(scheduling.updateScheduled(bob, id, { sendAt }))).toBe("muted")
    await moderation.unmuteUser(ann, tea, bob.user.id)
    expect(await codeOf(scheduling.updateScheduled(bob, id, { content: "x" }))).toBe(
      "invalid_request",
    )
    await scheduling.updateScheduled(bob, id, { sendAt, content: "at last" })
    house.advance(HOUR_MS)
    await sendDue()

    expect(await said()).toEqual(["at last"])
  })

  test("given too many joins in the minute, it is sent with a later look", async () => {
    await house.close()
    house = await openChat({
      ground,
      startAt: house.now(),
      settings: { joinsPerMinuteMax: 1 },
    })
    const eve = await house.person("eve")
    const coffee = await house.room(ann)
    await schedule(eve)
    await house.chat.scheduling.schedule(eve, draft(coffee), house.now() + HOUR_MS)
    house.advance(HOUR_MS)

    await sendDue()
    expect((await mine(eve)).map((it) => it.failedCode)).toEqual([null])
    await sendDue()
    expect(await mine(eve)).toHaveLength(1)
    house.advance(60_000)
    await sendDue()

    expect(await mine(eve)).toEqual([])
  })

  test("given its client_id was sent meanwhile, nothing comes twice; with other content it fails", async () => {
    await schedule(bob, HOUR_MS, { clientId: "a" })
    await schedule(bob, HOUR_MS, { clientId: "b" })
    await house.chat.messages.sendMessage(bob, draft(tea, { clientId: "a" }))
    await house.chat.messages.sendMessage(bob, draft(tea, { clientId: "b", content: "other" }))
    house.advance(2 * HOUR_MS)

    await sendDue()

    expect(await said()).toEqual(["hello", "other"])
    expect((await mine(bob)).map((it) => [it.draft.clientId, it.failedCode])).toEqual([
      ["b", "conflict"],
    ])
  })

  test("scheduling again with the same client_id keeps one, and other content is a conflict", async () => {
    const at = house.now() + HOUR_MS
    const again = (content: string) =>
      house.chat.scheduling.schedule(bob, draft(tea, { content, clientId: "c" }), at)
    const first = await again("once")

    expect(await again("once")).toEqual(first)
    expect(await codeOf(again("twice"))).toBe("conflict")
    expect(await mine(bob)).toEqual([first])
  })

  test("refuses the 101st message of one user that waits, and takes one when another has gone", async () => {
    for (let index = 0; index < 100; index++) await schedule(bob)

    expect(await codeOf(schedule(bob))).toBe("conflict")
    const [first] = await mine(bob)
    if (first === undefined) throw new Error("nothing waits")
    await house.chat.scheduling.deleteScheduled(bob, first.id)

    expect(await codeOf(schedule(bob))).toBe("no error")
    expect(await codeOf(schedule(ann))).toBe("no error")
  })

  test("may be at most 365 days ahead, in the future, and end after it is sent", async () => {
    const DAY_MS = 24 * HOUR_MS
    const ending = (inMs: number) => ({
      extras: { ...NO_DRAFT_EXTRAS, expiresAt: house.now() + inMs },
    })

    expect(await codeOf(schedule(bob, 365 * DAY_MS - 10))).toBe("no error")
    expect(await codeOf(schedule(bob, 365 * DAY_MS + 10))).toBe("invalid_request")
    expect(await codeOf(schedule(bob, -10))).toBe("invalid_request")
    expect(await codeOf(schedule(bob, HOUR_MS, ending(HOUR_MS - 10)))).toBe("invalid_request")
    expect(await codeOf(schedule(bob, HOUR_MS, ending(HOUR_MS + 10)))).toBe("no error")
  })

  test("counts as a send when it is scheduled, and not when it is sent", async () => {
    await house.close()
    house = await openChat({
      ground,
      startAt: house.now(),
      settings: { messagesPerMinuteMax: 2 },
    })
    await schedule(bob, 1_000)
    await schedule(bob, 1_000)
    expect(await codeOf(schedule(bob))).toBe("rate_limited")
    house.advance(60_000)

    await sendDue()

    const send = () => house.chat.messages.sendMessage(bob, draft(tea))
    await send()
    await send()
    expect(await codeOf(send())).toBe("rate_limited")
    expect(await said()).toHaveLength(4)
  })

  test("given its author's account ends, nothing of it is left, and nothing comes after", async () => {
    await schedule(bob)

    await house.chat.users.deleteAccount(bob)

    expect(await codeOf(schedule(bob))).toBe("unauthorized")
    expect(await ground.rows("select draft from scheduled_messages")).toEqual([])
  })
})
