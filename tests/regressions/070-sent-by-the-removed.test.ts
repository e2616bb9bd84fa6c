import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import type { Actor } from "../../src/protocol/entities"
import { asConnectionId, type RoomId } from "../../src/protocol/ids"
import type { Reply } from "../../src/protocol/replies"
import { createAudiences } from "../../src/sockets/audiences"
import { Connection } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createExecute } from "../../src/sockets/execute"
import { type Caller, createJoining } from "../../src/sockets/joining"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { codeOf, draft, openChat, type TestChat } from "../support/chat"
import { alone } from "../support/ordering"

// A send is let through while its connection is in the room, and is stored in the next commit. A
// removal that came first in that commit had been told to nobody yet: the send found no member,
// in a public room, and made one again.
describe("given a removal in the same commit, before a send of a connection in the room", () => {
  let house: TestChat
  let ann: Actor
  let eve: Actor
  let id: RoomId
  let send: (more: { clientId?: string | null; fromInside?: boolean }) => Promise<Reply | null>

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    eve = await house.person("eve")
    id = await house.room(ann, [eve])
    send = await fromRoom()
  })
  afterEach(() => house.close())

  /** Sends on a connection of eve that is in the room. */
  async function fromRoom(): Promise<typeof send> {
    const { chat, now } = house
    const ignore = () => undefined
    const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now })
    const audiences = createAudiences(alone.ordering)
    const { presence } = chat
    const subscriptions = createSubscriptions({ ...alone, connections, audiences, presence, now })
    const joining = createJoining({ chat, subscriptions, ...alone, now })
    const execute = createExecute({ chat, subscriptions, joining, now })
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
    const { room } = await chat.rooms.getRoom(eve, id)
    connection.hear(audiences.get(native, room, 0))
    const caller: Caller = { connection, voice: native, actor: eve, ref: undefined }
    return async ({ clientId = null, fromInside = true }) =>
      execute(caller, { type: "message.send", draft: draft(id, { clientId }), fromInside })
  }

  /** What the send ends with, whose write waits behind that of the removal. */
  async function afterRemoval<Outcome>(sending: () => Promise<Outcome>): Promise<Outcome> {
    const removal = house.chat.members.removeMember(ann, id, eve.user.id)
    const [, outcome] = await Promise.all([removal, sending()])
    expect(house.batches).toEqual([2])
    return outcome
  }

  const told = () => house.told.map(({ type }) => type)

  async function isMember(): Promise<boolean> {
    const members = await house.chat.members.listMembers(ann, id, { after: -1, limit: 10 })
    return members.some(({ user }) => user.id === eve.user.id)
  }

  test("then the send is forbidden, nothing is stored, and the removed stays removed", async () => {
    const code = await afterRemoval(() => codeOf(send({})))

    expect(code).toBe("forbidden")
    expect(told()).toEqual(["member.left", "room.removed"])
    expect(await isMember()).toBe(false)
    expect(await house.chat.messages.readHistory(ann, id, { limit: 10 })).toEqual([])
  })

  test("then a message that was sent before is answered again, and nobody joins by it", async () => {
    const first = await send({ clientId: "c-1" })
    if (first?.type !== "sent") throw new Error("a receipt was expected")
    house.told.length = 0
    house.batches.length = 0

    const second = await afterRemoval(() => send({ clientId: "c-1" }))

    const { id: messageId, seq } = first.message
    expect(second).toMatchObject({ type: "sent", duplicate: true, message: { id: messageId, seq } })
    expect(told()).toEqual(["member.left", "room.removed"])
    expect(await isMember()).toBe(false)
  })

  test("then a send that needs no join before makes a member, as it does of everybody", async () => {
    const reply = await afterRemoval(() => send({ fromInside: false }))

    expect(reply).toMatchObject({ type: "sent", duplicate: false })
    expect(await isMember()).toBe(true)
  })
})
