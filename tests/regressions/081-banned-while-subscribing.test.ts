import { expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import type { Room } from "../../src/protocol/entities"
import { asConnectionId } from "../../src/protocol/ids"
import { createAudiences } from "../../src/sockets/audiences"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { codeOf, openChat } from "../support/chat"
import { alone } from "../support/ordering"

// Over a network a room is read, the ban is told, and only then the answer comes: eve came into the
// room after she had been shown out of it, and heard what was said until the next read refused her.
async function enterWhile(
  happens: (house: Awaited<ReturnType<typeof openHall>>) => Promise<unknown>,
) {
  const hall = await openHall()
  const { house, eve, room, subscriptions, connection } = hall
  let reads = 0

  const entering = subscriptions.enterAsRead(connection, {
    actor: eve,
    roomId: room.id,
    async read() {
      const answer = await house.chat.presence.openRoom(eve, room.id)
      if (++reads === 1) await happens(hall)
      return answer
    },
  })
  const code = await codeOf(entering)
  const hears = connection.audienceOf(native, room.id) !== undefined
  const present = house.chat.presence.countPresent(room)
  await house.close()
  return { code, hears, present, reads }
}

async function openHall() {
  const house = await openChat()
  const ann = await house.person("ann")
  const eve = await house.person("eve")
  const { room } = await house.chat.rooms.getRoom(ann, await house.room(ann))
  const { now } = house
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now })
  const subscriptions = createSubscriptions({
    ...alone,
    connections,
    audiences: createAudiences(alone.ordering),
    presence: house.chat.presence,
    now,
  })
  const ignore = () => undefined
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice: native,
    arrival: null,
    isPinged: true,
    actor: eve,
    address: "127.0.0.1",
    openedAt: now(),
    framesPerSecondMax: 0,
    events: { onOpen: ignore, onFrame: ignore, onBacklog: ignore, onClose: ignore },
    publish: ignore,
  })
  connections.add(connection)
  // The methods that are called here, of a real one's many.
  connection.open({ send: () => 1, subscribe: () => true } as unknown as Line)
  return { house, ann, eve, room, subscriptions, connection }
}

const NO_END = { until: null, reason: null }

test("given eve is banned while a room is read for her, then it is read again, and she is refused", async () => {
  const outcome = await enterWhile(async ({ house, ann, eve, room, subscriptions }) => {
    await house.chat.moderation.banUser(ann, room.id, eve.user.id, NO_END)
    subscriptions.exitUser(eve.user.numericId, room, null)
  })

  expect(outcome).toEqual({ code: "banned", hears: false, present: 0, reads: 1 })
})

test("given the room is deleted meanwhile, then she is told that there is none", async () => {
  const outcome = await enterWhile(async ({ house, ann, room, subscriptions }) => {
    await house.chat.rooms.deleteRoom(ann, room.id)
    subscriptions.exitEverybody(room)
  })

  expect(outcome).toMatchObject({ code: "room_not_found", hears: false, present: 0 })
})

test("given somebody else is shown out, or she is of another room, then it is read once and she hears it", async () => {
  const outcome = await enterWhile(async ({ ann, eve, room, subscriptions, house }) => {
    const other: Room = (await house.chat.rooms.getRoom(ann, await house.room(ann))).room
    subscriptions.exitUser(ann.user.numericId, room, null)
    subscriptions.exitUser(eve.user.numericId, other, null)
    subscriptions.exitEverybody(other)
  })

  expect(outcome).toMatchObject({ hears: true, present: 1, reads: 1 })
})
