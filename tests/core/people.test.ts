import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createReadUnread } from "../../src/core/unread"
import type { Actor } from "../../src/protocol/entities"
import type { InviteCode, RoomId } from "../../src/protocol/ids"
import { asInviteCode } from "../../src/protocol/ids"
import type { Script } from "../../src/store"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"
import { isOnPostgres } from "../support/databases"

/** Numbers of a minute and of an instant, for which a test must own the clock. */
describe("people", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let cleo: Actor
  let roomId: RoomId

  async function open(settings: Parameters<typeof openChat>[0] = {}): Promise<void> {
    house = await openChat(settings)
    ann = await house.person("ann")
    bob = await house.person("bob")
    cleo = await house.person("cleo")
    roomId = await house.room(ann, [bob])
  }
  beforeEach(() => open())
  afterEach(() => house.close())

  const join = (by: Actor) => house.chat.members.joinRoom(by, roomId)
  const say = (by: Actor, to = roomId) => house.chat.messages.sendMessage(by, draft(to))
  const invite = async (usesMax: number | null, expiresAt: number | null = null) =>
    (await house.chat.invites.createInvite(ann, roomId, { usesMax, expiresAt })).code
  const sanction = (until: number | null = null) => ({ until, reason: null })

  test("a ban ends at its instant, and not a millisecond before", async () => {
    const until = house.now() + 60_000
    await house.chat.moderation.banUser(ann, roomId, bob.user.id, sanction(until))
    const { store } = house
    const isBannedAt = (instant: number) =>
      store.read(
        (function* () {
          const room = yield* store.rooms.find(roomId)
          if (room === null) return false
          return (yield* store.bans.find(room.numericId, bob.user.numericId, instant)) !== null
        })(),
      )

    expect(await isBannedAt(until - 1)).toBe(true)
    expect(await isBannedAt(until)).toBe(false)
    expect(await codeOf(join(bob))).toBe("banned")
    house.advance(60_000)
    expect(await codeOf(join(bob))).toBe("no error")
  })

  test("an invite ends at its instant, and not a millisecond before", async () => {
    const expiresAt = house.now() + 60_000
    const code = await invite(null, expiresAt)
    const isGoodAt = async (instant: number) =>
      (await house.store.read(house.store.invites.findGood(code, instant))) !== null

    expect(await isGoodAt(expiresAt - 1)).toBe(true)
    expect(await isGoodAt(expiresAt)).toBe(false)
  })

  test("a mute ends by itself for sends and for typing, and nothing is told of that", async () => {
    await house.chat.moderation.muteUser(ann, roomId, bob.user.id, sanction(house.now() + 60_000))
    const type = () => house.chat.typing.setTyping(bob, roomId, true)
    house.advance(59_000)
    expect([await codeOf(say(bob)), await codeOf(type())]).toEqual(["muted", "muted"])
    expect(inShort(house.told)).toEqual(["member.updated 3"])

    house.advance(1_000)

    expect([await codeOf(type()), await codeOf(say(bob))]).toEqual(["no error", "no error"])
    expect(inShort(house.told)).toEqual([
      "member.updated 3",
      "typing",
      "typing",
      "message.created 4",
    ])
  })

  test("to let off whose mute has ended by itself takes no seq", async () => {
    await house.chat.moderation.muteUser(ann, roomId, bob.user.id, sanction(house.now() + 1_000))
    house.advance(2_000)

    await house.chat.moderation.unmuteUser(ann, roomId, bob.user.id)

    expect(inShort(house.told)).toEqual(["member.updated 3"])
  })

  test("a request of an account that has ended meanwhile makes no member, owner or conversation", async () => {
    const ended = house.chat.users.deleteAccount(cleo)
    const wish = { name: "mine", type: "public", topic: null, maxUsers: 0, id: null } as const
    const late = [
      join(cleo),
      say(cleo),
      house.chat.rooms.createRoom(cleo, wish),
      house.chat.conversations.openConversation(cleo, [ann.user.id]),
    ].map(codeOf)
    await ended

    const outcomes = await Promise.all(late)
    const places = await house.store.read(house.store.members.placesOf(cleo.user.numericId))
    expect([...places]).toEqual([])
    if (isOnPostgres) {
      // Whichever comes first there: what came before the end of the account ended with it.
      expect(outcomes.filter((it) => it !== "unauthorized" && it !== "no error")).toEqual([])
      return
    }
    expect(outcomes).toEqual(late.map(() => "unauthorized"))
    expect(inShort(house.told)).toEqual(["user.updated", "user.disabled"])
  })

  describe("where a minute has room for 2 joins", () => {
    beforeEach(async () => {
      await house.close()
      await open({ settings: { joinsPerMinuteMax: 2 } })
      await house.chat.members.removeMember(ann, roomId, bob.user.id)
    })

    test("a send that is refused does not count as one", async () => {
      const muted = await house.room(ann, [bob])
      await house.chat.moderation.muteUser(ann, muted, bob.user.id, sanction())
      await house.chat.members.leaveRoom(bob, muted)
      for (let index = 0; index < 3; index++) expect(await codeOf(say(bob, muted))).toBe("muted")

      expect(await codeOf(join(bob))).toBe("no error")
    })

    test("refuses the 3rd wrong invite: guessing counts", async () => {
      const guess = (code: InviteCode) => codeOf(house.chat.invites.acceptInvite(bob, code))
      const wrong = asInviteCode("wrong")

      expect([await guess(wrong), await guess(wrong)]).toEqual([
        "invite_not_found",
        "invite_not_found",
      ])
      expect(await guess(await invite(null))).toBe("rate_limited")
      house.advance(60_000)
      expect(await guess(await invite(null))).toBe("no error")
    })

    test("refuses the 3rd new conversation; those that are there or are refused do not count", async () => {
      const others = [cleo, await house.person("dan"), await house.person("eve")]
      const talk = ({ user }: Actor) =>
        codeOf(house.chat.conversations.openConversation(ann, [user.id]))
      await house.chat.blocks.blockUser(bob, ann.user.id)
      for (let index = 0; index < 3; index++) expect(await talk(bob)).toBe("forbidden")

      const [first = cleo, second = cleo, third = cleo] = others
      expect([await talk(first), await talk(first), await talk(first)]).toEqual(
        Array.from({ length: 3 }, () => "no error"),
      )
      expect([await talk(second), await talk(third)]).toEqual(["no error", "rate_limited"])
    })
  })

  test("what is unread in 40 rooms is two queries, and one where nothing has changed since", async () => {
    const rooms: RoomId[] = []
    for (let index = 0; index < 40; index++) rooms.push(await house.room(ann, [bob]))
    for (const id of rooms.slice(0, 3)) await say(ann, id)
    let queries = 0
    const { read } = house.store
    function* counting<T>(script: Script<T>): Script<T> {
      let next = script.next()
      for (; !next.done; next = script.next(yield next.value)) queries++
      return next.value
    }
    const store = { ...house.store, read: <T>(script: Script<T>) => read(counting(script)) }
    const readUnread = createReadUnread({ store })

    const unread = await readUnread(bob)
    expect(queries).toBe(2)
    expect(await readUnread(bob)).toEqual(unread)
    expect(queries).toBe(3)

    expect(unread).toHaveLength(41)
    expect(unread.filter((it) => it.unread === 1).map(({ roomId: id }) => id)).toEqual(
      rooms.slice(0, 3),
    )
  })
})
