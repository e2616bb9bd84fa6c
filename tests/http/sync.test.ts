import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import type { ApiRoom } from "../../src/protocol/answers"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem, refusals } from "../support/scenarios"

describe("catching up", () => {
  let house: House
  let ann: Person
  let bob: Person
  let room: ApiRoom

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
  })
  afterAll(() => house.stop())
  /** Seq 1: ann made it, seq 2: bob joined. */
  beforeEach(async () => {
    room = await roomOf(ann, [bob])
  })

  const say = (by: Person, content: string) => by.post(`/rooms/${room.id}/messages`, { content })
  const changes = async (query: string) => {
    const { status, body } = await ann.get(`/rooms/${room.id}/changes?${query}`)
    expect(status).toBe(200)
    return body
  }
  const since = (seq: number, more = "") => changes(`epoch=${room.epoch}&since=${seq}${more}`)
  const seqsOf = (changed: readonly { changed_seq: number }[]) =>
    changed.map((it) => it.changed_seq)

  describe("changes", () => {
    test("given nothing has happened, there is nothing to tell", async () => {
      expect(await since(2)).toEqual({
        epoch: room.epoch,
        head: 2,
        until: 2,
        recovered: true,
        messages: [],
        members: [],
        more: false,
      })
    })

    test("given messages, a departure and a new name, all of it is told, and what was before is not", async () => {
      await say(bob, "three")
      await bob.post(`/rooms/${room.id}/leave`)
      await ann.patch(`/rooms/${room.id}`, { name: "renamed" })
      await say(ann, "six")

      const told = await since(2)

      expect(told).toMatchObject({ head: 6, until: 6, recovered: true, more: false })
      expect(told.messages.map((it: { content: string }) => it.content)).toEqual(["three", "six"])
      expect(told.members).toMatchObject([
        { user_id: bob.id, changed_seq: 4, left_at: expect.stringMatching(/Z$/) },
      ])
      expect(told.room).toMatchObject({ name: "renamed", head: 6, member_count: 1 })
      expect(await since(5)).not.toHaveProperty("room")
      expect((await since(4)).room).toMatchObject({ name: "renamed" })
    })

    test("a message that was changed is told once, in its last state, at its last change", async () => {
      await say(ann, "three")
      await say(ann, "four")
      changeRows(
        house.path,
        `update messages set content = 'edited', changed_seq = 5, edited_at = 5 where seq = 3 and
         room_numeric_id = (select numeric_id from rooms where id = '${room.id}')`,
      )
      changeRows(house.path, `update rooms set head = 5 where id = '${room.id}'`)

      const { messages } = await since(2)

      expect(messages.map((it: { content: string }) => it.content)).toEqual(["four", "edited"])
      expect(seqsOf(messages)).toEqual([4, 5])
    })

    test("given more than fits, until and more say where to go on, and no change is told twice or left out", async () => {
      await say(ann, "three")
      await bob.post(`/rooms/${room.id}/leave`)
      await say(ann, "five")
      await bob.post(`/rooms/${room.id}/join`)
      await ann.patch(`/rooms/${room.id}`, { topic: "seven" })
      await say(ann, "eight")

      const seen: number[] = []
      let roomTold = 0
      let at = 0
      for (let pages = 0; ; pages++) {
        if (pages > 10) throw new Error("there is no end to it")
        const page = await since(at, "&limit=2")
        expect(page.messages.length + page.members.length).toBeLessThanOrEqual(2)
        seen.push(...seqsOf(page.messages), ...seqsOf(page.members))
        if (page.room !== undefined) roomTold++
        at = page.until
        if (!page.more) break
      }

      // Ann's membership is of seq 1 and bob's of seq 6; seq 7 is the room's.
      expect(seen.sort()).toEqual([1, 3, 5, 6, 8])
      expect(roomTold).toBe(1)
      expect(at).toBe(8)
    })

    test.each([
      ["without a position", () => ""],
      ["with another epoch", () => "epoch=other&since=1"],
      ["with an epoch only", () => `epoch=${room.epoch}`],
      ["with a number only", () => "since=1"],
      ["from beyond the head", () => `epoch=${room.epoch}&since=999`],
    ])("%s: starts afresh, with the newest messages and the room", async (_how, query) => {
      await say(ann, "three")

      const told = await changes(query())

      expect(told).toMatchObject({
        epoch: room.epoch,
        head: 3,
        until: 3,
        recovered: false,
        more: false,
        members: [],
      })
      expect(told.messages).toMatchObject([{ content: "three" }])
      expect(told.room).toMatchObject({ id: room.id, head: 3 })
    })

    test("starting afresh tells 50 messages, the newest", async () => {
      for (let index = 0; index < 52; index++) await say(ann, `${index}`)

      const { messages, until } = await changes("")

      expect(messages).toHaveLength(50)
      expect(messages[0].content).toBe("2")
      expect(until).toBe(54)
    })

    test("tell 200 at a time where nothing is said", async () => {
      for (let index = 0; index < 201; index++) await say(ann, `${index}`)

      const page = await since(2)

      expect(page.messages).toHaveLength(200)
      expect(page).toMatchObject({ until: 202, head: 203, more: true })
    })
  })

  describe("read marks", () => {
    const unread = async (by: Person) =>
      (await by.get("/unread")).body.find((it: { room_id: string }) => it.room_id === room.id)
    const read = (by: Person, seq: unknown) => by.put(`/rooms/${room.id}/read`, { seq })

    test("what was said before one came counts as read; own messages are never unread", async () => {
      await say(ann, "three")
      await say(bob, "four")
      await say(ann, "five")

      expect(await unread(ann)).toEqual({
        room_id: room.id,
        unread: 1,
        mentions: 0,
        last_read_seq: 1,
        head: 5,
      })
      expect(await unread(bob)).toMatchObject({ unread: 2, last_read_seq: 2 })
    })

    test("joins and changes of the room are no unread messages", async () => {
      const cleo = await person(house.url, `cleo${room.id.slice(-8)}`)
      await cleo.post(`/rooms/${room.id}/join`)
      await ann.patch(`/rooms/${room.id}`, { name: "renamed" })

      expect(await unread(bob)).toMatchObject({ unread: 0, head: 4 })
    })

    test("move forwards, and never backwards", async () => {
      await say(ann, "three")
      await say(ann, "four")

      expect((await read(bob, 4)).status).toBe(204)
      expect((await read(bob, 3)).status).toBe(204)
      expect((await read(bob, 0)).status).toBe(204)

      expect(await unread(bob)).toMatchObject({ unread: 0, last_read_seq: 4 })
    })

    test("are told to the room when they move, and only then", async () => {
      await say(ann, "three")
      const socket = await ann.connect()
      await socket.ask("subscribe", { rooms: [{ room_id: room.id }] })

      await read(bob, 3)
      await read(bob, 3)
      await read(bob, 2)

      expect(await socket.next("read")).toMatchObject({ data: { user_id: bob.id, seq: 3 } })
      expect(await socket.framesUntilQuiet()).toEqual([])
      expect(socket.frames.filter((it) => it.type === "read")).toHaveLength(1)
    })

    test("of several devices never go backwards, and each hears what another has read", async () => {
      await say(ann, "three")
      await say(ann, "four")
      const devices = [await bob.connect(), await bob.connect()]
      const [phone, laptop] = devices
      for (const device of devices) await device.ask("subscribe", { all: true })

      await phone?.ask("read", { room_id: room.id, seq: 4 })
      expect(await laptop?.next("read")).toMatchObject({
        room_id: room.id,
        data: { user_id: bob.id, seq: 4 },
      })
      await laptop?.ask("read", { room_id: room.id, seq: 3 })

      expect(await unread(bob)).toMatchObject({ unread: 0, last_read_seq: 4 })
      expect(await phone?.framesUntilQuiet()).toEqual([])
      for (const device of devices) {
        expect(device.frames.filter(({ type }) => type === "read")).toHaveLength(1)
        device.close()
      }
    })

    test("of all members are told to members, and to nobody else", async () => {
      const cleo = await person(house.url, `cleo${room.id.slice(-8)}`)
      await say(ann, "three")
      await read(bob, 3)
      const seen = (by: Person) => by.get(`/rooms/${room.id}/reads`)

      expect((await seen(ann)).body).toEqual([
        { user_id: ann.id, seq: 1 },
        { user_id: bob.id, seq: 3 },
      ])
      expectProblem(await seen(cleo), "room_not_found")

      await cleo.post(`/rooms/${room.id}/join`)
      await bob.post(`/rooms/${room.id}/leave`)
      expect((await seen(cleo)).body).toEqual([
        { user_id: ann.id, seq: 1 },
        { user_id: cleo.id, seq: 4 },
      ])
      expectProblem(await seen(bob), "room_not_found")
    })

    test("of 100 members are told, and in a room of 101 members they are a conflict", async () => {
      const count = (members: number) =>
        changeRows(house.path, `update rooms set member_count = ${members} where id = '${room.id}'`)
      const seen = () => ann.get(`/rooms/${room.id}/reads`)

      count(100)
      expect((await seen()).status).toBe(200)
      count(101)
      const answer = await seen()

      expectProblem(answer, "conflict")
      expect(answer.body.detail).toContain("at most 100 members")
    })

    test("do not go beyond the head, which the answer names", async () => {
      const before = house.everything()

      const answer = await read(bob, 3)

      expectProblem(answer, "invalid_request", ["seq"])
      expect(answer.body.detail).toContain("the room's head, 2")
      expect(house.everything()).toEqual(before)
    })

    test("take no seq of the room", async () => {
      await say(ann, "three")
      await read(bob, 3)

      expect((await bob.get(`/rooms/${room.id}`)).body.head).toBe(3)
    })

    test("are for members: a stranger to a public room has none", async () => {
      const eve = await person(house.url, `eve${room.id.slice(-8)}`)

      expectProblem(await eve.put(`/rooms/${room.id}/read`, { seq: 1 }), "room_not_found")
      expect((await eve.get("/unread")).body).toEqual([])
    })
  })

  const mark = (seq: unknown) =>
    ({
      by: () => ann,
      method: "PUT",
      path: () => `/rooms/${room.id}/read`,
      body: { seq },
      code: "invalid_request",
      wrong: ["seq"],
    }) as const
  refusals(
    () => house,
    [
      { ...mark(-1), name: "a mark before the beginning" },
      { ...mark(1.5), name: "half a mark" },
      { ...mark("2"), name: "a mark in words" },
      { ...mark(undefined), name: "no mark" },
      {
        name: "a since that is no number",
        by: () => ann,
        method: "GET",
        path: () => `/rooms/${room.id}/changes?epoch=x&since=soon&limit=0`,
        code: "invalid_request",
        wrong: ["since", "limit"],
      },
      { name: "a stranger", method: "GET", path: "/unread", code: "unauthorized" },
    ],
  )
})
