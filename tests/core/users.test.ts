import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createKeys } from "../../src/auth/keys"
import type { Actor } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { codeOf, draft, inShort, openChat, type TestChat } from "../support/chat"
import { onPostgres, onSqlite } from "../support/databases"

describe("an account that ends", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let roomId: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    roomId = await house.room(bob)
  })
  afterEach(() => house.close())

  const wish = { name: "mine", topic: null, maxUsers: 0, id: null } as const
  const acts: readonly [string, () => Promise<unknown>][] = [
    ["joins a room", () => house.chat.members.joinRoom(ann, roomId)],
    ["sends to a public room", () => house.chat.messages.sendMessage(ann, draft(roomId))],
    ["makes a room", () => house.chat.rooms.createRoom(ann, { ...wish, type: "public" })],
    ["begins a talk", () => house.chat.conversations.openConversation(ann, [bob.user.id])],
    ["changes their name", () => house.chat.users.updateProfile(ann, { username: "ghost" })],
    [
      "makes a key",
      () => {
        const keys = createKeys({ ...house, newId: () => Bun.randomUUIDv7() })
        return keys.createKey(ann, { name: "ann's bot", scopes: [], expiresAt: null })
      },
    ],
  ]
  onSqlite("writes of one moment share a commit, in order", () => {
    test.each(acts)(
      "given its owner %s in the same moment, then that is unauthorized and changes nothing",
      async (_name, act) => {
        const [ended, after] = [house.chat.users.deleteAccount(ann), codeOf(act())]
        await ended

        expect(await after).toBe("unauthorized")
        expect(house.batches).toEqual([2])
        expect(inShort(house.told)).toEqual(["user.updated", "user.disabled"])
        const { users, members, apiKeys } = house.store
        expect(await house.store.read(users.find(ann.user.id))).toBeNull()
        expect(await house.store.read(members.roomsOf(ann.user.numericId, 10))).toEqual([])
        expect(await house.store.read(apiKeys.list(ann.user.numericId))).toEqual([])
      },
    )
  })

  onPostgres("writes of one moment run side by side, and either may be the first", () => {
    test.each(acts)(
      "given its owner %s in the same moment, then that is unauthorized or came before, and nothing of it is left",
      async (_name, act) => {
        const [after] = await Promise.all([codeOf(act()), house.chat.users.deleteAccount(ann)])

        expect(["unauthorized", "no error"]).toContain(String(after))
        expect(inShort(house.told).at(-1)).toBe("user.disabled")
        const { users, members, apiKeys } = house.store
        expect(await house.store.read(users.find(ann.user.id))).toBeNull()
        expect(await house.store.read(users.findByUsername("ghost"))).toBeNull()
        expect(await house.store.read(members.roomsOf(ann.user.numericId, 10))).toEqual([])
        expect(await house.store.read(apiKeys.list(ann.user.numericId))).toEqual([])
      },
    )
  })

  test("tells what remembers the user first, then the rooms, and ends their connections last", async () => {
    const owned = await house.room(ann, [bob])

    await house.chat.users.deleteAccount(ann)

    expect(inShort(house.told)).toEqual([
      "user.updated",
      "member.left 3",
      "member.updated 4",
      "room.removed",
      "user.disabled",
    ])
    expect(house.told[1]).toMatchObject({
      room: { id: owned },
      member: { user: { username: `deleted-${ann.user.numericId}` } },
    })
  })
})
