import { describe, expect, test } from "bun:test"
import { createLinkedBus } from "../../src/cluster/bus.linked"
import type { Link } from "../../src/cluster/link"
import type { BusMessage } from "../../src/protocol/events"
import { asRoomNumericId } from "../../src/protocol/ids"
import { createLinkHub } from "../support/link-hub"

const garden = asRoomNumericId(7)

/** Of each type one; of a room only what tells where it goes. */
const message = (type: BusMessage["type"]): BusMessage =>
  ({ type, room: { id: "garden", numericId: garden }, user: 3, n: type }) as unknown as BusMessage

const TO_FOLLOWERS = [
  "message.created",
  "message.updated",
  "message.deleted",
  "member.joined",
  "member.left",
  "member.updated",
  "room.updated",
  "room.deleted",
  "read",
  "presence",
  "room.entered",
  "room.exited",
] as const

const TO_ALL = [
  "room.added",
  "room.removed",
  "user.online",
  "user.offline",
  "user.updated",
  "typing",
  "access.ended",
  "session.revoked",
  "key.revoked",
  "user.disabled",
] as const

const ENDS_A_RIGHT: readonly string[] = [
  "member.left",
  "room.deleted",
  "room.removed",
  "access.ended",
  "session.revoked",
  "key.revoked",
  "user.disabled",
]

function openBuses() {
  const hub = createLinkHub()
  const join = () => {
    const link = hub.join()
    const bus = createLinkedBus(link)
    const heard: BusMessage[] = []
    bus.subscribe((it) => heard.push(it))
    return { link, bus, heard }
  }
  return { hub, ann: join(), bob: join(), eve: join() }
}

describe("a bus of many nodes", () => {
  test.each(TO_FOLLOWERS)("%s goes to nodes that follow the room, and to no other", (type) => {
    const { ann, bob, eve } = openBuses()
    bob.bus.follow(garden)
    eve.bus.follow(asRoomNumericId(8))

    ann.bus.publish(message(type))

    expect(ann.heard).toEqual([message(type)])
    expect(bob.heard).toEqual([message(type)])
    expect(eve.heard).toEqual([])
  })

  test.each(TO_ALL)("%s goes to every node", (type) => {
    const { ann, bob, eve } = openBuses()

    ann.bus.publish(message(type))

    for (const { heard } of [ann, bob, eve]) expect(heard).toEqual([message(type)])
  })

  test("what follows from something is heard after it on other nodes, as on its own", () => {
    const { ann, bob } = openBuses()
    bob.bus.follow(garden)
    const heardByAnn: string[] = []
    ann.bus.subscribe(({ type }) => {
      heardByAnn.push(type)
      if (type === "room.deleted") ann.bus.publish(message("room.exited"))
    })

    ann.bus.publish(message("room.deleted"))

    expect(heardByAnn).toEqual(["room.deleted", "room.exited"])
    expect(bob.heard.map(({ type }) => type)).toEqual(["room.deleted", "room.exited"])
  })

  test("a room that is not followed any more is not heard", () => {
    const { ann, bob } = openBuses()
    bob.bus.follow(garden)
    bob.bus.unfollow(garden)

    ann.bus.publish(message("message.created"))

    expect(bob.heard).toEqual([])
  })

  test.each([...TO_FOLLOWERS, ...TO_ALL])("%s is settled where it ends a right", (type) => {
    const { ann } = openBuses()
    const settled = Promise.resolve()
    const link: Link = { ...ann.link, settle: () => settled }

    const answer = createLinkedBus(link).publish(message(type))

    expect(answer).toBe(ENDS_A_RIGHT.includes(type) ? settled : undefined)
  })

  test("this node hears what it publishes before anybody is told", () => {
    const { ann, bob } = openBuses()
    const order: string[] = []
    ann.bus.subscribe(() => order.push("ann"))
    bob.bus.subscribe(() => order.push("bob"))

    ann.bus.publish(message("user.disabled"))

    expect(order).toEqual(["ann", "bob"])
  })

  test("what the receiver answers is what settling waits for", () => {
    const { ann, bob } = openBuses()
    const answers: unknown[] = []
    const gate = Promise.resolve()
    const link: Link = {
      ...ann.link,
      hear: (topic, heard) => ann.link.hear(topic, (word, from) => answers.push(heard(word, from))),
    }
    createLinkedBus(link).subscribe(() => gate)

    bob.bus.publish(message("user.disabled"))

    expect(answers).toEqual([gate])
  })

  test("given a word that is no message, or one of a later version, then it is passed over", () => {
    const { ann, bob } = openBuses()
    bob.bus.follow(garden)

    for (const word of [null, 7, "typing", [], {}, { type: 7 }, { type: "toString" }]) {
      ann.link.tell("bus", word)
      ann.link.tellFollowers("room:7", word)
    }
    ann.link.tell("bus", { type: "message.sung", room: { numericId: 7 } })

    expect(bob.heard).toEqual([])
  })

  test("who follows a room is told when it is heard, by its number, again after each gap", async () => {
    const { hub, bob } = openBuses()
    const followed: number[] = []
    bob.bus.onFollowed((room) => followed.push(room))

    bob.bus.follow(garden)
    await Promise.resolve()
    expect(followed).toEqual([garden])
    hub.cut()
    hub.mend()

    expect(followed).toEqual([garden, garden])
  })
})
