import { expect, test } from "bun:test"
import { gatewayEvents } from "../../src/dialects/gateway-events"
import { asConnectionId, asRoomId } from "../../src/protocol/ids"
import { createAudiences } from "../../src/sockets/audiences"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createJoining } from "../../src/sockets/joining"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { openChat } from "../support/chat"
import { alone } from "../support/ordering"

// Who polls is closed where it leaves too much unread, in the middle of being told that it has
// joined: it stayed in the room for ever, and the room was told things for nobody.
test("given the answer to a join closes the connection, then it is not in the room", async () => {
  const house = await openChat()
  const { chat, now } = house
  const { presence } = chat
  const ann = await house.person("ann")
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now })
  const audiences = createAudiences(alone.ordering)
  const subscriptions = createSubscriptions({ ...alone, connections, audiences, presence, now })
  const joining = createJoining({ chat, subscriptions, ...alone, now })
  const told: string[] = []
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice: gatewayEvents,
    arrival: null,
    isPinged: false,
    actor: ann,
    address: "127.0.0.1",
    openedAt: now(),
    framesPerSecondMax: 0,
    events: {
      onOpen: () => undefined,
      onFrame: () => undefined,
      onBacklog: () => undefined,
      onClose: (it) => subscriptions.exitAll(it),
    },
    publish: () => undefined,
  })
  const line: Line = {
    send(frame) {
      told.push(frame)
      connection.close()
      return 0
    },
    subscribe: () => true,
    unsubscribe: () => undefined,
    subscriptions: [],
    getBufferedAmount: () => 0,
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  }
  connection.open(line)
  const caller = { connection, voice: gatewayEvents, actor: ann, ref: undefined }
  const roomId = asRoomId("general")

  await joining.join(caller, {
    roomId,
    createsMissing: true,
    isExclusive: false,
    historyLimit: 0,
    countsReturns: true,
  })

  const { room } = await chat.rooms.getRoom(ann, roomId)
  expect(told).toEqual([JSON.stringify({ event: "chat.joined", data: { roomId } })])
  expect(presence.countPresent(room)).toBe(0)
  expect(audiences.of(room.numericId)).toEqual([])
  expect([...connection.audiences]).toEqual([])
  await house.close()
})
