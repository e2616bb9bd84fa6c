import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import { asKeyId, asSessionId, type RoomNumericId } from "../../src/protocol/ids"
import type { Script } from "../../src/store"
import { runAtOnce } from "../../src/store/script"
import { readRows } from "../../src/store/sqlite-rows"
import { draft, openChat, type TestChat } from "../support/chat"

describe("rows that we read past Drizzle", () => {
  let house: TestChat
  let ann: Actor
  let room: RoomNumericId

  beforeAll(async () => {
    house = await openChat()
    const { store, chat } = house
    ann = await house.person("ann")
    const bob = await house.person("bob")
    const id = await house.room(ann, [bob])
    await chat.messages.sendMessage(ann, draft(id, { metadata: { a: [1] }, clientId: "c" }))
    await chat.messages.sendMessage(bob, draft(id))
    await chat.rooms.updateRoom(ann, id, { topic: "ünï", membersCanInvite: true, maxUsers: 3 })
    await chat.members.leaveRoom(bob, id)
    room = (await chat.rooms.getRoom(ann, id)).room.numericId
    const { numericId } = ann.user
    await store.write(function* () {
      yield* store.sessions.insert({
        id: asSessionId("s"),
        userNumericId: numericId,
        createdAt: 1,
        expiresAt: 1e15,
        userAgent: null,
        address: "127.0.0.1",
        refreshTokenHash: "refresh",
      })
      yield* store.apiKeys.insert({
        id: asKeyId("k"),
        userNumericId: numericId,
        name: "bot",
        hash: "key",
        scopes: ["rooms"],
        createdAt: 1,
        expiresAt: null,
      })
      // A system room, made by nobody: its join to a maker finds no row.
      yield* store.rooms.insert({
        id: "lobby" as never,
        name: "lobby",
        type: "public",
        topic: null,
        maxUsers: 0,
        createdBy: null,
        createdAt: 1,
        epoch: "e",
        directKey: null,
        isBlocked: false,
        membersCanInvite: false,
      })
      return { result: undefined, events: [] }
    })
  })
  afterAll(() => house.close())

  const page = { user: 1 as never, mine: false, before: 1e9, limit: 10 }
  const scripts: readonly (readonly [name: string, script: () => Script<unknown>])[] = [
    ["a user", () => house.store.users.find(ann.user.id)],
    ["a user who never was", () => house.store.users.find("nobody" as never)],
    ["a user for log-in", () => house.store.users.findForLogin({ username: "ann" })],
    ["users", () => house.store.users.list({ query: undefined, before: 1e9, limit: 10 })],
    ["users by name", () => house.store.users.list({ query: "AN", before: 1e9, limit: 10 })],
    ["a user by session", () => house.store.sessions.findUser(asSessionId("s"), 5)],
    ["sessions", () => house.store.sessions.list(ann.user.numericId, 5)],
    ["a refresh token", () => house.store.sessions.findRefreshToken("refresh")],
    ["a user by key", () => house.store.apiKeys.findUser("key", 5)],
    ["keys", () => house.store.apiKeys.list(ann.user.numericId)],
    ["a room", () => house.store.rooms.mustFind(room)],
    ["a room without a maker", () => house.store.rooms.find("lobby" as never)],
    ["rooms", () => house.store.rooms.listVisible({ ...page, type: undefined, query: "L" })],
    ["rooms owned", () => house.store.rooms.countOwned(ann.user.numericId)],
    ["a member", () => house.store.members.find(room, ann.user.numericId)],
    ["members", () => house.store.members.list(room, -1, 10)],
    ["members that changed", () => house.store.members.changedSince(room, 0, 10)],
    ["an heir", () => house.store.members.findHeir(room)],
    ["rooms of a user", () => house.store.members.roomsOf(ann.user.numericId, 10)],
    ["where somebody stands", () => house.store.unread.places(ann.user.numericId)],
    ["history", () => house.store.messages.history(room, { limit: 10 })],
    ["messages that changed", () => house.store.messages.changedSince(room, 0, 10)],
    ["what an update returns", () => house.store.users.setLastSeen(ann.user.numericId, 7)],
  ]

  test.each([...scripts])(
    "a new version of Drizzle would be noticed here: %s, as Drizzle itself reads it",
    (_name, script) => {
      const asDrizzleDoes = runAtOnce(script())

      expect(runAtOnce(script(), readRows)).toStrictEqual(asDrizzleDoes)
    },
  )

  test("the rows above hold something: booleans, nulls, nested objects", () => {
    expect(runAtOnce(house.store.rooms.mustFind(room), readRows)).toMatchObject({
      membersCanInvite: true,
      topic: "ünï",
      deletedAt: null,
      createdBy: ann.user.id,
    })
    expect(runAtOnce(house.store.rooms.find("lobby" as never), readRows)).toMatchObject({
      membersCanInvite: false,
      createdBy: null,
    })
    const history = runAtOnce(house.store.messages.history(room, { limit: 10 }), readRows)
    expect(history).toMatchObject([
      { author: { username: "ann" }, metadata: { a: [1] } },
      { author: { username: "bob" }, metadata: null },
    ])
  })
})
