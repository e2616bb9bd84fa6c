import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { asPerson, call, PASSWORD, type Person, roomOf } from "../support/people"
import { ChatClient, type ChatFrame, chatClient } from "../support/room-commands-client"
import { changeRows } from "../support/rows"
import { waitUntil } from "../support/wait"

let house: House
let ann: Person
let bob: Person
let eve: Person
let people = 0

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())
beforeEach(async () => {
  people++
  ann = await registered(`ann${people}`)
  bob = await registered(`bob${people}`)
  eve = await registered(`eve${people}`)
})

const emailOf = ({ name }: Person) => `${name}@mail.example`

async function registered(username: string, url = house.url): Promise<Person> {
  const email = `${username}@mail.example`
  const body = { username, password: PASSWORD, email }
  return asPerson(url, await call(url, { method: "POST", path: "/auth/register", body }))
}

/** The person in the room, with the join that tells so already read. */
async function inside(somebody: Person, room: { id: string }, url = house.url) {
  const client = await chatClient(url, somebody)
  client.joinRoom(room.id)
  expect(await client.next()).toMatchObject({ type: "join", user_uuid: somebody.id })
  return client
}

/** The texts of errors, and the types of other frames. */
const inShort = (frames: readonly ChatFrame[]) =>
  frames.map(({ type, data }) => (type === "error" ? data.message : type))

/** These came, and nothing else. */
async function expectTold(client: ChatClient, expected: readonly string[]): Promise<void> {
  expect(inShort(await client.rest(expected.length))).toEqual([...expected])
}

const noRoom = "0199c2f0-0000-7000-8000-000000000000"

describe("connecting to room-commands", () => {
  const address = () => `${house.url.replace("http", "ws")}/ws/chat`

  test("takes a token in Authorization, a key in x-api-key, or a token in the address", async () => {
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const ways: [string, Record<string, string>][] = [
      [address(), { Authorization: `Bearer ${ann.token}` }],
      [address(), { "x-api-key": key }],
      [`${address()}?token=${ann.token}`, {}],
    ]

    for (const [url, headers] of ways) {
      const client = new ChatClient(url, headers)
      await client.connect()
      client.listRooms()
      expect((await client.next()).type).toBe("rooms_list")
      client.close()
    }
  })

  test("is refused with 401, before there is a socket, without valid credentials", async () => {
    for (const headers of [{}, { Authorization: "Bearer nonsense" }, { "x-api-key": "nonsense" }]) {
      const client = new ChatClient(address(), headers)

      await expect(client.connect()).rejects.toThrow("Unexpected server response: 401")
    }
  })

  test("greets nobody: the first frame is an answer", async () => {
    const client = await chatClient(house.url, ann)

    await expectTold(client, [])
  })
})

describe("create_room", () => {
  test("answers room_created with the whole room, empty, and does not join it", async () => {
    const client = await chatClient(house.url, ann)

    client.createRoom("My Room", "private", 50)
    const { type, data } = await client.next()

    expect(type).toBe("room_created")
    expect(data).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "My Room",
      type: "private",
      max_users: 50,
      user_count: 0,
      users: {},
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: data.created_at,
    })
    client.send("send_message", { type: "text", content: "hello", room_id: data.id })
    await expectTold(client, ["unauthorized"])
    expect((await ann.get(`/rooms/${data.id}`)).body).toMatchObject({
      max_users: 50,
      user_count: 0,
    })
  })

  test("is empty also where its maker follows all rooms on another device", async () => {
    const device = await ann.connect()
    await device.ask("subscribe", { all: true })
    const client = await chatClient(house.url, ann)

    client.createRoom("My Room")

    expect((await client.next()).data).toMatchObject({ user_count: 0, users: {} })
  })

  test("a room whose maker names no max_users has 100, or CHAT_DEFAULT_MAX_USERS", async () => {
    const other = await openHouse({ env: { CHAT_DEFAULT_MAX_USERS: "7" } })
    const cleo = await registered("cleo", other.url)
    const clients = [await chatClient(house.url, ann), await chatClient(other.url, cleo)]

    for (const client of clients) client.send("create_room", { name: "n", type: "public" })
    const sizes = await Promise.all(clients.map(async (it) => (await it.next()).data.max_users))

    expect(sizes).toEqual([100, 7])
    await other.stop()
  })

  test("is refused with room limit exceeded for the 11th room of one owner", async () => {
    const other = await openHouse({ env: { CHAT_MAX_ROOMS_PER_USER: "10" } })
    const client = await chatClient(other.url, await registered("cleo", other.url))

    for (let n = 0; n < 11; n++) client.createRoom(`room ${n}`)

    await expectTold(client, [
      ...Array.from({ length: 10 }, () => "room_created"),
      "room limit exceeded",
    ])
    await other.stop()
  })
})

describe("list_rooms", () => {
  const idsOf = (frame: ChatFrame): string[] => frame.data.map(({ id }: { id: string }) => id)

  test("shows public rooms and one's own private ones, the newest first, and filters by type", async () => {
    const open = await roomOf(ann)
    const own = (await bob.post("/rooms", { name: "own", type: "private" })).body
    const hidden = (await ann.post("/rooms", { name: "hidden", type: "private" })).body
    await bob.post("/conversations", { user_ids: [ann.id] })
    const client = await chatClient(house.url, bob)
    const ask = async (data?: unknown) => {
      client.send("list_rooms", data)
      return idsOf(await client.next())
    }

    const all = await ask({ type: null })

    expect(all.slice(0, 2)).toEqual([own.id, open.id])
    expect(all).not.toContain(hidden.id)
    expect(await ask()).toEqual(all)
    expect(await ask({})).toEqual(all)
    expect(await ask({ type: "private" })).toEqual([own.id])
    expect(await ask({ type: "public" })).toEqual(all.filter((id) => id !== own.id))
    expect((await bob.get("/conversations")).body).toHaveLength(1)
  })

  test("shows who is there by public id, with the address to those in the room and the username to others", async () => {
    const room = await roomOf(ann, [bob])
    const insider = await inside(ann, room)
    await inside(bob, room)
    const outsider = await chatClient(house.url, eve)
    const shown = async (client: ChatClient) => {
      client.listRooms()
      const { data } = await client.nextOf("rooms_list")
      return data.find(({ id }: { id: string }) => id === room.id)
    }
    const numberOf = async ({ id }: Person) => (await eve.get(`/users/${id}`)).body.numeric_id
    const users = async (name: (somebody: Person) => string) => ({
      [ann.id]: { user_id: await numberOf(ann), user_uuid: ann.id, user_email: name(ann) },
      [bob.id]: { user_id: await numberOf(bob), user_uuid: bob.id, user_email: name(bob) },
    })

    expect(await shown(insider)).toMatchObject({ user_count: 2, users: await users(emailOf) })
    expect(await shown(outsider)).toMatchObject({
      user_count: 2,
      users: await users(({ name }) => name),
    })
  })

  test("shows no address at all with CHAT_SHOW_EMAILS=false, nor do messages and notices", async () => {
    const other = await openHouse({ env: { CHAT_SHOW_EMAILS: "false" } })
    const cleo = await registered("cleo", other.url)
    const client = await inside(cleo, await roomOf(cleo), other.url)

    client.sendMessage("hello")
    client.listRooms()
    await client.rest(2)

    expect(client.frames.map(({ type }) => type)).toEqual(["join", "text", "rooms_list"])
    expect(JSON.stringify(client.frames)).not.toContain("@")
    expect(client.frames[0]?.content).toBe("cleo joined the room")
    await other.stop()
  })
})

describe("join_room", () => {
  test("is answered by the join notice, which those who are there receive too", async () => {
    const room = await roomOf(ann)
    const host = await inside(ann, room)
    const guest = await chatClient(house.url, bob)

    guest.joinRoom(room.id)
    const [notice, told] = [await guest.next(), await host.next()]

    expect(notice).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: "join",
      content: `${emailOf(bob)} joined the room`,
      user_id: (await bob.get("/users/me")).body.numeric_id,
      user_uuid: bob.id,
      user_email: emailOf(bob),
      room_id: room.id,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })
    expect(told).toEqual(notice)
    await expectTold(guest, [])
    await expectTold(host, [])
  })

  test("given others talk all the time, then the join notice is the first frame from the room", async () => {
    const room = await roomOf(ann, [bob])
    const talker = await listening(ann, room)
    const talk = setInterval(() => {
      talker.sendRaw(
        JSON.stringify({ type: "message.send", data: { room_id: room.id, content: "x" } }),
      )
    }, 0)

    const client = await chatClient(house.url, bob)
    client.joinRoom(room.id)
    await waitUntil("it hears the talk", () => client.frames.length > 20)
    clearInterval(talk)

    expect(client.frames[0]).toMatchObject({ type: "join", user_uuid: bob.id })
    expect(client.frames.slice(1).every(({ type }) => type === "text")).toBe(true)
  })

  test("of the room one is in is refused with user already in room, and one stays", async () => {
    const room = await roomOf(ann)
    const client = await inside(ann, room)

    client.joinRoom(room.id)
    client.sendMessage("still here")

    await expectTold(client, ["user already in room", "text"])
  })

  test("of a room that is none is refused with room not found, also where its name could be one", async () => {
    const client = await chatClient(house.url, ann)

    for (const id of [noRoom, "general"]) client.joinRoom(id)

    await expectTold(client, ["room not found", "room not found"])
    expect((await ann.get("/rooms/general")).status).toBe(404)
  })

  test("of a private or direct room of others is unauthorized, of a deleted one room not found", async () => {
    const hidden = (await ann.post("/rooms", { name: "hidden", type: "private" })).body
    const direct = (await ann.post("/conversations", { user_ids: [bob.id] })).body
    const deleted = await roomOf(ann)
    await ann.delete(`/rooms/${deleted.id}`)
    const stranger = await chatClient(house.url, eve)

    for (const { id } of [hidden, direct, deleted]) stranger.joinRoom(id)
    await expectTold(stranger, ["unauthorized", "unauthorized", "room not found"])

    for (const room of [hidden, direct]) (await inside(ann, room)).close()
  })

  test("of a room with max_users people in it is refused with room is full, until one goes", async () => {
    const host = await chatClient(house.url, ann)
    host.createRoom("duo", "public", 2)
    const { id } = (await host.next()).data
    host.joinRoom(id)
    const guest = await inside(bob, { id })
    const third = await chatClient(house.url, eve)

    third.joinRoom(id)
    await expectTold(third, ["room is full"])
    guest.leaveRoom()
    await waitUntil("bob has gone", () => inShort(host.frames).includes("leave"))
    third.joinRoom(id)

    expect(await third.next()).toMatchObject({ type: "join", user_uuid: eve.id })
  })

  test("of somebody who is banned is unauthorized", async () => {
    const room = await roomOf(ann)
    await ann.put(`/rooms/${room.id}/bans/${bob.id}`, {})
    const client = await chatClient(house.url, bob)

    client.joinRoom(room.id)

    await expectTold(client, ["unauthorized"])
  })

  test("of another room leaves the first: those in it see leave, who leaves does not", async () => {
    const [first, second] = [await roomOf(ann), await roomOf(ann)]
    const stays = await inside(ann, first)
    const moves = await inside(bob, first)
    expect((await stays.next()).type).toBe("join")

    moves.joinRoom(second.id)
    const notice = await stays.next()
    stays.sendMessage("are you there?")

    expect(notice).toMatchObject({
      type: "leave",
      content: `${emailOf(bob)} left the room`,
      user_uuid: bob.id,
      room_id: first.id,
    })
    await expectTold(moves, ["join"])
    moves.send("send_message", { type: "text", content: "back", room_id: first.id })
    await expectTold(moves, ["unauthorized"])
  })

  test("of another room that is refused leaves one where one is", async () => {
    const room = await roomOf(ann)
    const client = await inside(ann, room)

    client.send("join_room", { room_id: noRoom })
    client.sendMessage("still here")

    await expectTold(client, ["room not found", "text"])
  })

  test("counts: refuses the 21st join of a minute with rate limit exceeded, also in one's own rooms", async () => {
    const other = await openHouse({ env: { CHAT_MAX_JOINS_PER_MIN: "20" } })
    const cleo = await registered("cleo", other.url)
    const rooms = [await roomOf(cleo), await roomOf(cleo)]
    const client = await chatClient(other.url, cleo)

    for (let n = 0; n < 21; n++) client.joinRoom(rooms[n % 2].id)

    await expectTold(client, [...Array.from({ length: 20 }, () => "join"), "rate limit exceeded"])
    await other.stop()
  })

  test("on a second device succeeds, and it alone hears of it; others hear one leave after the last", async () => {
    const room = await roomOf(ann)
    const witness = await inside(ann, room)
    const phone = await inside(bob, room)
    expect((await witness.next()).type).toBe("join")

    const tablet = await inside(bob, room)
    for (const client of [witness, phone]) await expectTold(client, [])
    phone.leaveRoom()
    for (const client of [witness, phone, tablet]) await expectTold(client, [])
    tablet.close()

    await expectTold(witness, ["leave"])
  })
})

describe("leave_room", () => {
  test("tells those who stay, and the leaver nothing, then or later", async () => {
    const room = await roomOf(ann)
    const stays = await inside(ann, room)
    const goes = await inside(bob, room)
    await stays.next()

    goes.leaveRoom()
    const notice = await stays.next()
    stays.sendMessage("gone?")

    expect(notice).toMatchObject({ type: "leave", user_uuid: bob.id, room_id: room.id })
    await expectTold(goes, [])
    await expectTold(stays, ["text"])
  })

  test("outside a room is refused with room not found", async () => {
    const room = await roomOf(ann)
    const client = await inside(ann, room)

    client.leaveRoom()
    client.leaveRoom()

    await expectTold(client, ["room not found"])
  })

  test("is what a lost connection does, too", async () => {
    const room = await roomOf(ann)
    const stays = await inside(ann, room)
    const goes = await inside(bob, room)
    await stays.next()

    goes.ws?.terminate()

    expect(await stays.next()).toMatchObject({ type: "leave", user_uuid: bob.id })
  })
})

describe("send_message", () => {
  test("reaches everybody in the room, the sender too, as one flat object", async () => {
    const room = await roomOf(ann)
    const [sender, other] = [await inside(ann, room), await inside(bob, room)]
    await sender.next()

    sender.sendMessage("Hello, everyone!")
    const [own, heard] = [await sender.next(), await other.next()]

    expect(own).toEqual({
      id: expect.any(String),
      type: "text",
      content: "Hello, everyone!",
      user_id: (await ann.get("/users/me")).body.numeric_id,
      user_uuid: ann.id,
      user_email: emailOf(ann),
      room_id: room.id,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })
    expect(heard).toEqual(own)
    for (const client of [sender, other]) await expectTold(client, [])
    const { body } = await ann.get(`/rooms/${room.id}/messages`)
    expect(body.map(({ id }: { id: string }) => id)).toEqual([own.id])
  })

  test("to any room but the current one is unauthorized, and stores nothing", async () => {
    const [here, there] = [await roomOf(ann), await roomOf(ann)]
    const client = await inside(ann, here)

    for (const room_id of [there.id, noRoom]) {
      client.send("send_message", { type: "text", content: "hello", room_id })
    }

    await expectTold(client, ["unauthorized", "unauthorized"])
    expect((await ann.get(`/rooms/${there.id}/messages`)).body).toEqual([])
  })

  test("of type system is for moderators and up, and unauthorized for others", async () => {
    const room = await roomOf(ann)
    const [owner, member] = [await inside(ann, room), await inside(bob, room)]
    await owner.next()
    const speech = { type: "system", content: "Closing soon", room_id: room.id }

    member.send("send_message", speech)
    await expectTold(member, ["unauthorized"])
    owner.send("send_message", speech)

    expect(await member.next()).toMatchObject({ type: "system", content: "Closing soon" })
    await expectTold(owner, ["system"])
  })

  test("a message of 1,000 characters is taken, one of 1,001 not, and the connection stays", async () => {
    const client = await inside(ann, await roomOf(ann))

    client.sendMessage("😀".repeat(1000))
    client.sendMessage("x".repeat(1001))
    client.sendMessage("")
    client.sendMessage("and on")

    await expectTold(client, ["text", "invalid message", "invalid message", "text"])
  })

  test("is held to CHAT_MAX_MESSAGE_LENGTH where that is shorter", async () => {
    const other = await openHouse({ env: { CHAT_MAX_MESSAGE_LENGTH: "10" } })
    const cleo = await registered("cleo", other.url)
    const client = await inside(cleo, await roomOf(cleo), other.url)

    client.sendMessage("x".repeat(11))

    await expectTold(client, ["invalid message"])
    await other.stop()
  })

  test("over the rate is refused with rate limit exceeded: the 31st message of a minute", async () => {
    const other = await openHouse({ env: { CHAT_MAX_MESSAGES_PER_MIN: "30" } })
    const cleo = await registered("cleo", other.url)
    const client = await inside(cleo, await roomOf(cleo), other.url)

    for (let n = 0; n < 31; n++) client.sendMessage(`${n}`)

    const told = inShort(await client.rest(31))
    expect(told.filter((it) => it === "text")).toHaveLength(30)
    expect(told.filter((it) => it !== "text")).toEqual(["rate limit exceeded"])
    await other.stop()
  })

  test("of somebody who is muted is unauthorized", async () => {
    const room = await roomOf(ann, [bob])
    const client = await inside(bob, room)
    const muted = await ann.put(`/rooms/${room.id}/mutes/${bob.id}`, {})
    expect(muted.status).toBeLessThan(300)

    client.sendMessage("hello")

    await expectTold(client, ["unauthorized"])
  })

  test("with another user's id in it is unauthorized, with one's own it is sent, and a name is ignored", async () => {
    const room = await roomOf(ann)
    const client = await inside(ann, room)
    const say = (more: object) =>
      client.send("send_message", { type: "text", content: "x", room_id: room.id, ...more })
    const number = (await ann.get("/users/me")).body.numeric_id

    for (const id of [bob.id, bob.name, number + 1]) say({ user_id: id })
    await expectTold(client, ["unauthorized", "unauthorized", "unauthorized"])
    for (const id of [ann.id, ann.name, number]) say({ user_id: id })
    say({ username: bob.name, user_email: emailOf(bob) })

    const told = await client.rest(4)
    expect(inShort(told)).toEqual(["text", "text", "text", "text"])
    expect(told.map(({ user_email }) => user_email)).toEqual(told.map(() => emailOf(ann)))
  })
})

describe("what other protocols do in the room", () => {
  test("pictures and files are told as text with their address; typing, edits and members are not told", async () => {
    const room = await roomOf(ann, [bob])
    const client = await inside(ann, room)
    const native = await bob.connect()
    const url = "https://files.example/cat.png"

    await native.ask("typing", { room_id: room.id, is_typing: true })
    await native.ask("read", { room_id: room.id, seq: 1 })
    await eve.post(`/rooms/${room.id}/join`)
    await ann.patch(`/rooms/${room.id}`, { topic: "cats" })
    for (const type of ["image", "file"]) {
      await bob.post(`/rooms/${room.id}/messages`, { type, content: url })
    }

    const told = await client.rest(2)
    expect(inShort(told)).toEqual(["text", "text"])
    for (const frame of told) expect(frame).toMatchObject({ content: url, user_uuid: bob.id })
  })

  test("who subscribes natively comes, and goes with their last connection", async () => {
    const room = await roomOf(ann, [bob])
    const client = await inside(ann, room)

    const native = await listening(bob, room)
    const second = await inside(bob, room)
    native.close()
    await expectTold(client, ["join"])
    second.close()

    await expectTold(client, ["leave"])
  })
})

describe("access that ends", () => {
  test("given bob is removed or banned, then he is told unauthorized and is in no room; others hear leave", async () => {
    for (const path of ["members", "bans"]) {
      const room = await roomOf(ann)
      const [host, guest] = [await inside(ann, room), await inside(bob, room)]
      await host.next()

      if (path === "members") await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
      else await ann.put(`/rooms/${room.id}/bans/${bob.id}`, {})
      host.sendMessage("is he gone?")

      await expectTold(guest, ["unauthorized"])
      await expectTold(host, ["leave", "text"])
      guest.leaveRoom()
      await expectTold(guest, ["room not found"])
      guest.close()
      host.close()
    }
  })

  test("given the room is deleted, then all in it are told room not found, and of nobody's leaving", async () => {
    const room = await roomOf(ann)
    const clients = [await inside(ann, room), await inside(bob, room), await inside(eve, room)]
    for (const [index, client] of clients.entries()) {
      await expectTold(
        client,
        Array.from({ length: 2 - index }, () => "join"),
      )
    }

    await ann.delete(`/rooms/${room.id}`)

    for (const client of clients) await expectTold(client, ["room not found"])
  })

  test("given the account is deleted, then its client is told user not found and closed", async () => {
    const room = await roomOf(ann)
    const [host, guest] = [await inside(ann, room), await inside(bob, room)]
    await host.next()

    await bob.delete("/users/me")

    expect(await guest.closed()).toBe(4201)
    await expectTold(guest, ["user not found"])
    await expectTold(host, ["leave"])
  })

  test("given the user is disabled, then their client is told user not found and closed", async () => {
    const guest = await inside(bob, await roomOf(ann))

    changeRows(house.path, `update users set disabled_at = 1 where username = '${bob.name}'`)

    expect(await guest.closed()).toBe(4201)
    await expectTold(guest, ["user not found"])
  })

  test("given the session is ended, then its client is told unauthorized and closed", async () => {
    const client = await chatClient(house.url, ann)

    await ann.post("/auth/logout", { refresh_token: ann.refreshToken })

    expect(await client.closed()).toBe(4102)
    await expectTold(client, ["unauthorized"])
  })
})

describe("what is not understood", () => {
  test("gets invalid message, and the connection stays", async () => {
    const client = await inside(ann, await roomOf(ann))

    client.sendText("hello")
    client.sendText(new Uint8Array([1, 2, 3]))
    client.send("shout", {})
    client.send("join_room", { room_id: 7 })
    client.sendText(JSON.stringify({ type: "leave_room", data: { x: "x".repeat(65_536) } }))
    client.sendMessage("still here")

    await expectTold(client, [...Array.from({ length: 5 }, () => "invalid message"), "text"])
  })

  test("topics of the server are no rooms", async () => {
    const client = await chatClient(house.url, ann)

    for (const id of ["user:1", "room:1", `user:${ann.id}`]) client.joinRoom(id)

    await expectTold(client, ["invalid message", "invalid message", "invalid message"])
  })
})

test("CHAT_WEBSOCKET_PATH says where it is spoken, and it is spoken nowhere else", async () => {
  const other = await openHouse({ env: { CHAT_WEBSOCKET_PATH: "/realtime" } })
  const cleo = await registered("cleo", other.url)
  const headers = { Authorization: `Bearer ${cleo.token}` }
  const address = other.url.replace("http", "ws")

  const client = new ChatClient(`${address}/realtime`, headers)
  await client.connect()
  client.listRooms()

  expect((await client.next()).type).toBe("rooms_list")
  await expect(new ChatClient(`${address}/ws/chat`, headers).connect()).rejects.toThrow("404")
  await other.stop()
})
