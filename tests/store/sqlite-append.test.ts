import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Actor } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import type { RoomId } from "../../src/protocol/ids"
import type { SendReceipt } from "../../src/protocol/replies"
import { codeOf, draft, inShort, noRoom, openChat, type TestChat } from "../support/chat"
import { changeRows, readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"

describe("storing messages", () => {
  let scratch: Scratch
  let path: string
  let house: TestChat
  let ann: Actor
  let bob: Actor

  beforeEach(async () => {
    scratch = createScratch()
    path = scratch.path("parley.db")
    house = await openChat({ path })
    ann = await house.person("ann")
    bob = await house.person("bob")
  })
  afterEach(async () => {
    await house.close()
    scratch.remove()
  })

  const send = (actor: Actor, roomId: RoomId, more: Parameters<typeof draft>[1] = {}) =>
    house.chat.messages.sendMessage(actor, draft(roomId, more))
  const stored = () => readRows(path, "select * from messages order by room_numeric_id, seq")
  const head = (roomId: RoomId) =>
    readRows(path, `select head from rooms where id = '${roomId}'`)[0]?.head

  /** Both ways into the table must fill it alike: as a member, and as one who joins by sending. */
  test.each(["member", "newcomer"] as const)(
    "each stored column equals what was sent (by a %s)",
    async (kind) => {
      const roomId = await house.room(ann, kind === "member" ? [bob] : [])
      const metadata = { colour: "green", nested: [1, { deep: null }], text: "ünï ✓" }

      const receipt = await send(bob, roomId, {
        content: "https://example.org/cat.png",
        type: "image",
        clientId: "c-1",
        metadata,
      })

      const [row, ...others] = stored()
      expect(others).toEqual([])
      expect(row).toEqual({
        numeric_id: receipt.message.numericId,
        room_numeric_id: Number(
          readRows(path, `select numeric_id from rooms where id = '${roomId}'`)[0]?.numeric_id,
        ),
        seq: 3,
        changed_seq: 3,
        user_numeric_id: bob.user.numericId,
        type: "image",
        content: "https://example.org/cat.png",
        client_id: "c-1",
        reply_to: null,
        thread_id: null,
        thread_count: 0,
        pinned_at: null,
        metadata: JSON.stringify(metadata),
        extras: null,
        created_at: receipt.message.createdAt,
        edited_at: null,
        deleted_at: null,
        expires_at: null,
      })
      expect(receipt).toMatchObject({ message: { roomId, seq: 3 }, duplicate: false })
      expect(await house.chat.messages.getMessage(ann, receipt.message.id)).toMatchObject({
        metadata,
      })
    },
  )

  test("what is told is what is stored, whichever way it went into the table", async () => {
    const roomId = await house.room(ann)
    await send(ann, roomId, { clientId: "a", metadata: { x: 1 } })
    await send(bob, roomId, { clientId: "b", metadata: { x: 1 } })

    for (const event of house.told) {
      if (event.type !== "message.created") continue
      const { id } = event.message
      expect(event.message).toMatchObject(await house.chat.messages.getMessage(ann, id))
    }
    expect(inShort(house.told).filter((it) => it.startsWith("message"))).toHaveLength(2)
  })

  test("given joins, sends and a change of the room in one batch, its seqs have no gap and no double", async () => {
    const cleo = await house.person("cleo")
    const roomId = await house.room(ann)
    const { chat } = house

    await Promise.all([
      send(ann, roomId, { content: "2" }),
      chat.members.joinRoom(bob, roomId),
      send(bob, roomId, { content: "4" }),
      send(ann, roomId, { content: "5" }),
      chat.rooms.updateRoom(ann, roomId, { name: "renamed" }),
      send(cleo, roomId, { content: "joins as 7, says 8" }),
      chat.members.leaveRoom(bob, roomId),
      send(ann, roomId, { content: "10" }),
    ])

    expect(house.batches).toEqual([8])
    expect(inShort(house.told)).toEqual([
      "message.created 2",
      "room.added",
      "member.joined 3",
      "message.created 4",
      "message.created 5",
      "room.updated 6",
      "room.added",
      "member.joined 7",
      "message.created 8",
      "member.left 9",
      "room.removed",
      "message.created 10",
    ])
    expect(stored().map((row) => row.seq)).toEqual([2, 4, 5, 8, 10])
    expect(head(roomId)).toBe(10)
  })

  test("any mix of acts in two rooms leaves seqs 1, 2, 3 … in each, told in that order", async () => {
    const cleo = await house.person("cleo")
    const people = [ann, bob, cleo]
    const act = fc.record({
      kind: fc.constantFrom("send", "send", "send", "join", "leave", "rename", "turn"),
      who: fc.nat(2),
      where: fc.nat(1),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const rooms = [await house.room(ann), await house.room(bob)]
        house.told.length = 0
        let tasks: Promise<unknown>[] = []
        for (const [index, { kind, who, where }] of acts.entries()) {
          const actor = people[who] ?? ann
          const roomId = rooms[where] ?? noRoom
          if (kind === "send") tasks.push(send(actor, roomId))
          if (kind === "join") tasks.push(house.chat.members.joinRoom(actor, roomId))
          if (kind === "leave") tasks.push(house.chat.members.leaveRoom(actor, roomId))
          if (kind === "rename") {
            tasks.push(house.chat.rooms.updateRoom(actor, roomId, { name: `n${index}` }))
          }
          if (kind === "turn") {
            await Promise.allSettled(tasks)
            tasks = []
          }
        }
        await Promise.allSettled(tasks)

        for (const roomId of rooms) {
          const seqs = house.told.flatMap((it: BusMessage) =>
            "seq" in it && it.room.id === roomId ? [it.seq] : [],
          )
          // The making of the room was the first.
          expect([1, ...seqs]).toEqual(Array.from({ length: seqs.length + 1 }, (_, i) => i + 1))
          expect(head(roomId)).toBe(seqs.length + 1)
        }
      }),
      { numRuns: 25 },
    )
  })

  test("given the sender is removed earlier in the same batch, the send is refused", async () => {
    const roomId = await house.room(ann, [bob], "private")

    const [before, , after] = await Promise.allSettled([
      send(bob, roomId, { content: "still here" }),
      house.chat.members.removeMember(ann, roomId, bob.user.id),
      send(bob, roomId, { content: "no longer" }),
    ])

    expect(house.batches).toEqual([3])
    expect(before?.status).toBe("fulfilled")
    expect(after).toMatchObject({ status: "rejected", reason: { code: "room_not_found" } })
    expect(stored().map((row) => row.content)).toEqual(["still here"])
  })

  test("given the room is deleted earlier in the same batch, the send is refused", async () => {
    const roomId = await house.room(ann, [bob])

    const [, after] = await Promise.allSettled([
      house.chat.rooms.deleteRoom(ann, roomId),
      send(bob, roomId),
    ])

    expect(after).toMatchObject({ status: "rejected", reason: { code: "room_not_found" } })
    expect(inShort(house.told)).toEqual(["room.deleted 3"])
    expect(stored()).toEqual([])
  })

  test("given one of many messages breaks the batch that they are in, the others are stored all the same, without a gap", async () => {
    const roomId = await house.room(ann)
    // Something that only this one message runs into, as a damaged page would be.
    changeRows(
      path,
      `create trigger broken before insert on messages when new.content = 'poison'
       begin select raise(abort, 'broken'); end`,
    )

    const outcomes = await Promise.allSettled([
      send(ann, roomId, { content: "2" }),
      send(ann, roomId, { content: "3" }),
      send(ann, roomId, { content: "poison" }),
      send(ann, roomId, { content: "4" }),
    ])

    expect(outcomes.map((it) => it.status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ])
    expect(stored().map((row) => [row.seq, row.content])).toEqual([
      [2, "2"],
      [3, "3"],
      [4, "4"],
    ])
    expect(head(roomId)).toBe(4)
  })

  test("given a muted member, the send is refused until the mute ends", async () => {
    const roomId = await house.room(ann, [bob])
    const until = house.now() + 60_000
    await house.chat.moderation.muteUser(ann, roomId, bob.user.id, { until, reason: null })
    house.told.length = 0

    expect(await codeOf(send(bob, roomId))).toBe("muted")
    expect(stored()).toEqual([])
    expect(house.told).toEqual([])

    house.advance(60_000)
    expect(await send(bob, roomId)).toMatchObject({ message: { seq: 4 } })
  })

  test("given a stranger to a public room, sending makes a member, once, before the message", async () => {
    const roomId = await house.room(ann)

    const [first, second] = await Promise.all([send(bob, roomId), send(bob, roomId)])

    expect([first.message.seq, second.message.seq]).toEqual([3, 4])
    expect(inShort(house.told)).toEqual([
      "room.added",
      "member.joined 2",
      "message.created 3",
      "message.created 4",
    ])
    expect(await house.chat.rooms.getRoom(ann, roomId)).toMatchObject({ room: { memberCount: 2 } })
  })

  test("given a stranger to a private room, the send is refused as if there were no room", async () => {
    const roomId = await house.room(ann, [], "private")

    expect(await codeOf(send(bob, roomId))).toBe("room_not_found")
    expect(await codeOf(send(bob, noRoom))).toBe("room_not_found")
    expect(house.told).toEqual([])
  })

  test("given a plain member, a system message is refused, and a newcomer's makes no member either", async () => {
    const roomId = await house.room(ann, [bob])
    const eve = await house.person("eve")

    expect(await codeOf(send(bob, roomId, { type: "system" }))).toBe("forbidden")
    expect(await codeOf(send(eve, roomId, { type: "system" }))).toBe("forbidden")

    expect(house.told).toEqual([])
    expect(head(roomId)).toBe(2)
    expect(await send(ann, roomId, { type: "system" })).toMatchObject({ message: { seq: 3 } })
  })

  describe("sending the same client_id again", () => {
    test.each(["in one batch", "in two batches"] as const)(
      "%s answers the first message, and tells nothing",
      async (when) => {
        const roomId = await house.room(ann)
        const again = () => send(ann, roomId, { clientId: "same", metadata: { a: 1 } })

        const first = again()
        if (when === "in two batches") await first
        const [one, two] = await Promise.all([first, again()])

        expect(one.duplicate).toBe(false)
        expect(two).toMatchObject(sameAs(one))
        expect(inShort(house.told)).toEqual(["message.created 2"])
        expect(stored()).toHaveLength(1)
        expect(head(roomId)).toBe(2)
      },
    )

    test("does so after a restart too", async () => {
      const roomId = await house.room(ann)
      const first = await send(ann, roomId, { clientId: "same" })
      await house.close()
      house = await openChat({ path, startAt: 9_000_000 })

      const second = await send(ann, roomId, { clientId: "same" })

      expect(second).toMatchObject(sameAs(first))
      expect(await send(ann, roomId)).toMatchObject({ message: { seq: 3 } })
    })

    test.each([
      ["content", { content: "other" }],
      ["type", { type: "system" }],
      ["metadata", { metadata: { b: 2 } }],
    ] as const)("with another %s is a conflict", async (_field, change) => {
      const roomId = await house.room(ann)
      await send(ann, roomId, { clientId: "same" })

      expect(await codeOf(send(ann, roomId, { clientId: "same", ...change }))).toBe("conflict")

      expect(stored()).toHaveLength(1)
      expect(head(roomId)).toBe(2)
    })

    test("by another sender, or in another room, is another message", async () => {
      const [here, there] = [await house.room(ann, [bob]), await house.room(ann)]
      const receipts = await Promise.all([
        send(ann, here, { clientId: "same" }),
        send(bob, here, { clientId: "same" }),
        send(ann, there, { clientId: "same" }),
      ])

      expect(receipts.map((it) => it.duplicate)).toEqual([false, false, false])
      expect(new Set(receipts.map((it) => it.message.id)).size).toBe(3)
    })

    test("after the message was edited or deleted is still a duplicate", async () => {
      const roomId = await house.room(ann)
      const first = await send(ann, roomId, { clientId: "same" })
      changeRows(path, "update messages set content = '', deleted_at = 5")

      expect(await send(ann, roomId, { clientId: "same" })).toMatchObject({
        message: { id: first.message.id },
        duplicate: true,
      })
    })

    test("while muted answers the first message all the same: an answer may have been lost", async () => {
      const roomId = await house.room(ann, [bob])
      const first = await send(bob, roomId, { clientId: "same" })
      await house.chat.moderation.muteUser(ann, roomId, bob.user.id, { until: null, reason: null })

      expect(await send(bob, roomId, { clientId: "same" })).toMatchObject(sameAs(first))
    })
  })
})

/** The first message again, as it is stored. */
const sameAs = ({ message }: SendReceipt) => {
  const { id, numericId, seq, content, createdAt } = message
  return { message: { id, numericId, seq, content, createdAt }, duplicate: true }
}
