import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { type Person, person, roomOf } from "../support/people"
import { expectProblem } from "../support/scenarios"

describe("who of a room is online", () => {
  let house: House
  let ann: Person
  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  const onlineIn = async (room: { readonly id: string }, asked = ann) =>
    (await asked.get(`/rooms/${room.id}/presence`)).body
  const entry = ({ id, name }: Person, status: string) => ({
    user_id: id,
    username: name,
    status,
    last_seen_at: null,
  })

  test("given members here on two devices, busy elsewhere and not at all, then the first two are told, with their statuses, oldest account first", async () => {
    const [bob, cleo] = [await person(house.url, "bob"), await person(house.url, "cleo")]
    const [dan, eve] = [await person(house.url, "dan"), await person(house.url, "eve")]
    const room = await roomOf(ann, [dan, cleo, bob])
    expect(await onlineIn(room)).toEqual([])

    const elsewhere = await listening(cleo, await roomOf(cleo))
    await elsewhere.ask("presence", { status: "dnd" })
    const devices = [await listening(bob, room), await bob.connect()]
    await devices[1]?.ask("presence", { status: "away" })
    // Hears the room, and is a member no more.
    await eve.post(`/rooms/${room.id}/join`)
    await eve.post(`/rooms/${room.id}/leave`)
    await listening(eve, room)

    const { status, body } = await ann.get(`/rooms/${room.id}/presence`)
    expect(status).toBe(200)
    expect(body).toEqual([entry(bob, "away"), entry(cleo, "dnd")])
    // Fewer members than people online: the other way to look.
    expect(await onlineIn(await roomOf(ann, [cleo]), eve)).toEqual([entry(cleo, "dnd")])
  })

  test("given a device of two goes, nothing changes; given the other one does, it is told as long as nobody heard of it", async () => {
    const fay = await person(house.url, "fay")
    const room = await roomOf(ann, [fay])
    const watcher = await listening(ann, room)
    const devices = [await fay.connect(), await fay.connect()] as const
    await devices[0].ask("presence", { status: "away" })
    const here = [entry(ann, "online"), entry(fay, "away")]
    expect(await onlineIn(room)).toEqual(here)

    devices[0].close()
    await devices[0].closed
    expect(await onlineIn(room)).toEqual(here)
    devices[1].close()
    await devices[1].closed
    // Back within the grace, no event would have told of fay.
    expect(await onlineIn(room)).toEqual(here)

    await watcher.next(({ data }) => data.status === "offline")
    expect(await onlineIn(room)).toEqual([entry(ann, "online")])
  }, 20_000)

  test("given somebody online joins and leaves, then they are told from then and until then", async () => {
    const gil = await person(house.url, "gil")
    await gil.connect()
    const room = await roomOf(gil)
    const hal = await person(house.url, "hal")
    await hal.connect()
    expect(await onlineIn(room)).toEqual([entry(gil, "online")])

    await hal.post(`/rooms/${room.id}/join`)
    expect(await onlineIn(room)).toEqual([entry(gil, "online"), entry(hal, "online")])

    await gil.post(`/rooms/${room.id}/leave`)
    expect(await onlineIn(room)).toEqual([entry(hal, "online")])
  })

  test("a stranger of a private room is told of no such room, and who is banned that they are", async () => {
    const ivy = await person(house.url, "ivy")
    const { body: hidden } = await ann.post("/rooms", { name: "hidden", type: "private" })
    const room = await roomOf(ann, [ivy])
    await ann.put(`/rooms/${room.id}/bans/${ivy.id}`)

    expectProblem(await ivy.get(`/rooms/${hidden.id}/presence`), "room_not_found")
    expectProblem(await ivy.get("/rooms/none/presence"), "room_not_found")
    expectProblem(await ivy.get(`/rooms/${room.id}/presence`), "banned")
  })
})
