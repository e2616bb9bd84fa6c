import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type Cast, type CastRoom, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import type { Person } from "../support/people"
import { expectProblem } from "../support/scenarios"

describe("a ban ends live delivery", () => {
  let cast: Cast
  let room: CastRoom

  beforeAll(async () => {
    cast = await openCast()
  })
  afterAll(() => cast.stop())
  beforeEach(async () => {
    room = await cast.room()
  })

  const banPath = (of: Person) => `/rooms/${room.id}/bans/${of.id}`
  const ban = (of: Person) => cast.ann.put(banPath(of))

  test("who listens to a public room without being a member hears no more at once, and no seq is taken", async () => {
    const { ann, eve } = cast
    const witness = await listening(ann, room)
    const listener = await listening(eve, room)

    expect((await ban(eve)).status).toBe(200)
    await ann.post(`/rooms/${room.id}/messages`, { content: "psst" })

    expect(await toldInShort(witness)).toEqual(["message.created 7"])
    expect(await toldInShort(listener)).toEqual([])
    expect((await ann.get(`/rooms/${room.id}`)).body).toMatchObject({ user_count: 1 })
  })

  test("a connection that follows all of its rooms hears no more either, not even once it asks again", async () => {
    const { ann, bob } = cast
    const device = await bob.connect()
    await device.ask("subscribe", { all: true })

    await ban(bob)
    const answer = await device.ask("subscribe", { all: true })
    await ann.post(`/rooms/${room.id}/messages`, { content: "psst" })

    expect(answer.data.rooms.map((it: { room_id: string }) => it.room_id)).not.toContain(room.id)
    expect(await toldInShort(device)).toEqual(["member.left 7", "room.removed"])
    // Or it would be present in the rooms of all tests to come.
    device.close()
    await device.closed
  })

  test("given somebody joins, leaves, sends and is banned all at once, then they are out in the end", async () => {
    const { ann, eve } = cast
    const witness = await listening(ann, room)

    await Promise.all([
      eve.post(`/rooms/${room.id}/join`),
      eve.post(`/rooms/${room.id}/messages`, { content: "1" }),
      eve.post(`/rooms/${room.id}/leave`),
      eve.post(`/rooms/${room.id}/messages`, { content: "2" }),
      ban(eve),
      eve.post(`/rooms/${room.id}/messages`, { content: "3" }),
      eve.post(`/rooms/${room.id}/join`),
    ])

    expectProblem(await eve.post(`/rooms/${room.id}/join`), "banned")
    expect((await ann.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 4 })
    const seqs = (await toldInShort(witness)).map((it) => Number(it.split(" ")[1]))
    expect(seqs).toEqual(seqs.map((_, index) => 7 + index))
  })

  test("given eve subscribes again and again while she is banned, then she hears nothing after it", async () => {
    const { ann, eve } = cast
    const rooms = [{ room_id: room.id }]
    for (let round = 0; round < 10; round++) {
      await ann.delete(banPath(eve))
      const device = await eve.connect()

      const asked = Array.from({ length: 5 }, () => device.ask("subscribe", { rooms }))
      await ban(eve)
      await ann.post(`/rooms/${room.id}/messages`, { content: "psst" })

      await Promise.all(asked)
      expect(await toldInShort(device)).toEqual([])
      device.close()
    }
    expect((await ann.get(`/rooms/${room.id}`)).body.user_count).toBe(0)
  })

  test("given bob's frames are on their way when he is banned, then none is stored after it", async () => {
    const { ann, bob } = cast
    const device = await listening(bob, room)
    const witness = await listening(ann, room)

    const banned = ban(bob)
    for (let index = 0; index < 200; index++) {
      const data = { room_id: room.id, content: `${index}` }
      device.sendRaw(JSON.stringify({ type: "message.send", id: `s${index}`, data }))
    }
    await banned
    await device.next(({ id }) => id === "s199")

    const told = await toldInShort(witness)
    expect(told.at(-1)).toBe(`member.left ${cast.headOf(room)}`)
    expect(told.map((it) => Number(it.split(" ")[1]))).toEqual(told.map((_, index) => 7 + index))
  })
})
