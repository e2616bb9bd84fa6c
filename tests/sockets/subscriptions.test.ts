import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { listening, typesUntilQuiet } from "../support/listening"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"

describe("who hears a room", () => {
  let server: TestServer
  let ann: Person
  let bob: Person
  let eve: Person

  beforeAll(async () => {
    server = await startServer({
      env: {
        CHAT_MAX_ROOMS_PER_USER: "0",
        CHAT_MAX_JOINS_PER_MIN: "0",
        CHAT_MAX_MESSAGES_PER_MIN: "0",
      },
    })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    eve = await person(server.url, "eve")
  })
  afterAll(() => server.stop())

  test("given bob is connected and not subscribed, then he hears nothing of his room", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await bob.connect()
    const witness = await listening(ann, room)

    await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })

    await witness.next("message.created")
    expect(await socket.framesUntilQuiet()).toEqual([])
  })

  test("given eve is no member of a public room, when she subscribes, then she hears it", async () => {
    const room = await roomOf(ann)
    const socket = await listening(eve, room)

    await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })

    expect((await socket.next("message.created")).data.content).toBe("hello")
    expect((await ann.get(`/rooms/${room.id}`)).body).toMatchObject({
      user_count: 1,
      member_count: 1,
    })
  })

  test("given all: true, then every room of mine is answered and heard, and no other", async () => {
    const dan = await person(server.url, "dan")
    const mine = [await roomOf(ann, [dan]), await roomOf(ann, [dan])]
    const other = await roomOf(ann)
    const socket = await dan.connect()

    const answer = await socket.ask("subscribe", { all: true })
    for (const { id } of [...mine, other]) {
      await ann.post(`/rooms/${id}/messages`, { content: "hello" })
    }

    const ids = mine.map(({ id }) => id).sort()
    const answered = answer.data.rooms.map((it: { room_id: string }) => it.room_id)
    expect(answered.sort()).toEqual(ids)
    await socket.framesUntilQuiet()
    const heard = socket.frames.filter(({ type }) => type === "message.created")
    expect(heard.map(({ room_id }) => room_id as string).sort()).toEqual(ids)
  })

  test("given all: true and positions, then those rooms are resumed and the others start afresh", async () => {
    const fay = await person(server.url, "fay")
    const known = await roomOf(ann, [fay])
    const fresh = await roomOf(ann, [fay])
    const socket = await fay.connect()

    const rooms = [{ room_id: known.id, epoch: known.epoch, since: known.head }]
    const answer = await socket.ask("subscribe", { all: true, rooms })

    const byId = Object.fromEntries(
      answer.data.rooms.map((it: { room_id: string; recovered: boolean }) => [
        it.room_id,
        it.recovered,
      ]),
    )
    expect(byId).toEqual({ [known.id]: true, [fresh.id]: false })
  })

  test("given all: true, when I join by REST later, then room.added comes, then the room's events", async () => {
    const room = await roomOf(ann)
    const socket = await bob.connect()
    await socket.ask("subscribe", { all: true })

    await bob.post(`/rooms/${room.id}/join`)
    await ann.post(`/rooms/${room.id}/messages`, { content: "welcome" })

    const added = await socket.next("room.added")
    const joined = await socket.next("member.joined")
    const message = await socket.next("message.created")
    expect(added).toMatchObject({ room_id: room.id, data: { id: room.id, member_count: 2 } })
    expect(joined).toMatchObject({ room_id: room.id, seq: 2, data: { user_id: bob.id } })
    expect(message).toMatchObject({ seq: 3, data: { content: "welcome" } })
  })

  test("given all: true, when I make a room, am added to a private one, or send to a public one, then it is followed", async () => {
    const gil = await person(server.url, "gil")
    const publicRoom = await roomOf(ann)
    const hidden = (await ann.post("/rooms", { name: "hidden", type: "private" })).body
    const socket = await gil.connect()
    await socket.ask("subscribe", { all: true })

    const own = (await gil.post("/rooms", { name: "own" })).body
    await ann.put(`/rooms/${hidden.id}/members/${gil.id}`, {})
    await gil.post(`/rooms/${publicRoom.id}/messages`, { content: "may I?" })
    await ann.post(`/rooms/${hidden.id}/messages`, { content: "psst" })
    await gil.post(`/rooms/${own.id}/messages`, { content: "alone" })

    await socket.next(({ data }) => data.content === "alone")
    // Where a database answers later, one may still hear of oneself being online: no event of a room.
    const told = socket.frames
      .filter(({ type, room_id }) => room_id !== undefined && type !== "presence")
      .map(({ type, room_id }) => `${type} ${room_id}`)
    expect(told).toEqual([
      `room.added ${own.id}`,
      `room.added ${hidden.id}`,
      `member.joined ${hidden.id}`,
      `room.added ${publicRoom.id}`,
      `member.joined ${publicRoom.id}`,
      `message.created ${publicRoom.id}`,
      `message.created ${hidden.id}`,
      `message.created ${own.id}`,
    ])
  })

  test("given no all: true, when I join by REST, then room.added comes and nothing of the room", async () => {
    const room = await roomOf(ann)
    const socket = await bob.connect()

    await bob.post(`/rooms/${room.id}/join`)
    await ann.post(`/rooms/${room.id}/messages`, { content: "welcome" })

    await socket.next("room.added")
    expect(await typesUntilQuiet(socket)).toEqual([])
  })

  test("given I unsubscribe, then I hear no more, my other device does, and I am no longer present", async () => {
    const hal = await person(server.url, "hal")
    const room = await roomOf(ann, [hal])
    const device = await listening(hal, room)
    const otherDevice = await listening(hal, room)

    const done = await device.ask("unsubscribe", { room_ids: [room.id, "nowhere"] })
    await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })

    expect(done).toMatchObject({ type: "ok", data: {} })
    await otherDevice.next("message.created")
    expect(await device.framesUntilQuiet()).toEqual([])
    expect((await ann.get(`/rooms/${room.id}`)).body.user_count).toBe(1)
    await otherDevice.ask("unsubscribe", { room_ids: [room.id] })
    expect((await ann.get(`/rooms/${room.id}`)).body.user_count).toBe(0)
  })

  test("given a room of two present users, when a third subscribes, then it is room_full, and a device of the two is not", async () => {
    const room = (await ann.post("/rooms", { name: "small", max_users: 2 })).body
    await listening(ann, room)
    const bobSocket = await listening(bob, room)
    const eveSocket = await eve.connect()
    const rooms = [{ room_id: room.id }]

    const refused = await eveSocket.ask("subscribe", { rooms })
    await listening(bob, room)
    const answers = await (await bob.connect()).ask("subscribe", { rooms })

    expect(refused.data.rooms).toMatchObject([{ error: { code: "room_full" } }])
    expect(answers.data.rooms).toMatchObject([{ recovered: false }])
    expect(bobSocket.frames.filter(({ type }) => type === "error")).toEqual([])
  })
})
