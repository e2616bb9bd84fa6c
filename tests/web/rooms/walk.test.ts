import { describe, expect, test } from "bun:test"
import type { RoomView } from "../../../src/client/client"
import { checkRoom } from "../../../src/web/rooms/check-room"
import { listed, nextRoom } from "../../../src/web/rooms/walk"
import { rooms as words } from "../../../src/web/strings/en/rooms"

const view = (id: string, unread = 0, type: "public" | "direct" = "public"): RoomView => ({
  room: {
    id,
    name: id,
    type,
    topic: null,
    max_users: 0,
    members_can_invite: false,
    user_count: 0,
    member_count: 1,
    created_by: null,
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: "2026-01-01T00:00:00.000Z",
    epoch: "e",
    head: 0,
  },
  people: [],
  membership: null,
  lastMessage: null,
  unread,
  mentions: 0,
  lastReadSeq: 0,
  typing: [],
})

describe("from room to room", () => {
  const order = [view("a"), view("b", 2), view("c"), view("d", 1)]
  const next = (from: string | null, step: 1 | -1, isWanted = (_: RoomView) => true) =>
    nextRoom(order, from, { step, isWanted })?.room.id

  test("one goes down and up the list, and around its ends", () => {
    expect([next("a", 1), next("d", 1), next("b", -1), next("a", -1)]).toEqual(["b", "a", "a", "d"])
  })

  test("from nowhere one comes to its first or its last", () => {
    expect([next(null, 1), next("gone", -1)]).toEqual(["a", "d"])
  })

  test("past all that nothing is new in, and nowhere if that is all", () => {
    const isUnread = ({ unread }: RoomView) => unread > 0
    expect([next("b", 1, isUnread), next("d", 1, isUnread)]).toEqual(["d", "b"])
    expect(next("a", 1, () => false)).toBeUndefined()
    expect(nextRoom([], null, { step: 1, isWanted: isUnread })).toBeUndefined()
  })

  test("rooms come before conversations, each in the order in which they were", () => {
    const { order: all } = listed([view("x", 0, "direct"), view("a"), view("y", 0, "direct")])
    expect(all.map(({ room }) => room.id)).toEqual(["a", "x", "y"])
  })
})

describe("a room that somebody wants", () => {
  const WISH = {
    name: "n",
    topic: "",
    type: "public",
    membersCanInvite: false,
    maxUsers: "0",
  } as const

  test("has a name of 1 to 100 characters and a topic of up to 500", () => {
    expect(checkRoom({ ...WISH, name: "  " }, words)).toEqual({ name: words.nameNeeded })
    expect(checkRoom({ ...WISH, name: "x".repeat(100), topic: "x".repeat(500) }, words)).toEqual({})
    expect(checkRoom({ ...WISH, name: "x".repeat(101), topic: "x".repeat(501) }, words)).toEqual({
      name: words.nameLong,
      topic: words.topicLong,
    })
  })

  test.each(["-1", "1.5", "", "many", "100001"])(
    "lets %s people in: that is refused",
    (maxUsers) => {
      expect(checkRoom({ ...WISH, maxUsers }, words)).toEqual({ maxUsers: words.maxUsersShape })
    },
  )
})
