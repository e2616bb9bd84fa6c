import { expect, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { codeOf, openChat, type TestChat } from "../support/chat"

// Writes of one turn share a commit, and what it did is told before any of them is answered: the
// joiner's connection came into the room after it had been told to leave, and heard everything.
async function joinAnd(showOut: (house: TestChat, by: Actor, id: RoomId, eve: Actor) => unknown) {
  const house = await openChat()
  const ann = await house.person("ann")
  const eve = await house.person("eve")
  const roomId = await house.room(ann)
  const wish = { roomId, createsMissing: true, countsReturns: true }

  const joining = codeOf(house.chat.entering.enterRoom(eve, wish))
  // By the end of a read of ours, that of the join has ended too, and its write waits.
  await house.chat.rooms.getRoom(ann, roomId)
  await showOut(house, ann, roomId, eve)

  const code = await joining
  expect(house.batches).toEqual([2])
  expect(house.told.map(({ type }) => type).slice(0, 2)).toEqual(["room.added", "member.joined"])
  await house.close()
  return code
}

test("given a ban in the commit of the join, then the join is refused", async () => {
  const code = await joinAnd(({ chat }, ann, id, { user }) =>
    chat.moderation.banUser(ann, id, user.id, { until: null, reason: null }),
  )
  expect(code).toBe("banned")
})

test("given a removal in the commit of the join, then the join is refused", async () => {
  const code = await joinAnd(({ chat }, ann, id, { user }) =>
    chat.members.removeMember(ann, id, user.id),
  )
  expect(code).toBe("forbidden")
})

test("given the room's deletion in the commit of the join, then the join is refused", async () => {
  const code = await joinAnd(({ chat }, ann, id) => chat.rooms.deleteRoom(ann, id))
  expect(code).toBe("room_not_found")
})
