import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type GatewayClient, openGatewayClient } from "../support/gateway-client"
import { shakeHands } from "../support/handshake"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"
import { waitUntil } from "../support/wait"

const KEY = "a gateway's own secret"
const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const NOT_JOINED = "Forbidden: you have not joined this room"

let house: House
let ann: Person
let bob: Person
let eve: Person
const open: GatewayClient[] = []

/** Each test has a room of its own. */
let room = ""
let count = 0

beforeAll(async () => {
  house = await openHouse({
    env: {
      INTERNAL_API_KEY: KEY,
      FRONTEND_URL: "https://chat.example",
      CHAT_MAX_TYPING_PER_MIN: "0",
    },
  })
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
  eve = await person(house.url, "eve")
})
afterAll(() => house.stop())
beforeEach(() => {
  room = `room${++count}`
})
afterEach(async () => {
  for (const it of open.splice(0)) {
    it.close()
    await it.closed
  }
})

async function connect(headers: Readonly<Record<string, string>>, path = "/chat/ws") {
  const client = await openGatewayClient(house.url + path, headers)
  open.push(client)
  return client
}
const arrive = ({ token }: Person) => connect({ authorization: `Bearer ${token}` })

/** Those in the room, on a socket each, who have heard each other come. */
async function inRoom(...people: readonly Person[]): Promise<GatewayClient[]> {
  const clients: GatewayClient[] = []
  for (const it of people) {
    const client = await arrive(it)
    await client.join(room)
    for (const other of clients) await other.next()
    clients.push(client)
  }
  return clients
}

const errorOf = (message: string, code: string, roomId?: string) => ({
  event: "error",
  data: { message, code, ...(roomId === undefined ? {} : { roomId }) },
})

describe("a handshake with gateway-events", () => {
  test("of wscat with the cookie opens: no page is behind it, so there is no Origin", async () => {
    const client = await connect({ Cookie: `access_token=${ann.token}` })

    client.say("chat.join", { roomId: room })
    expect(await client.next()).toEqual({ event: "chat.joined", data: { roomId: room } })
    client.say("chat.message", { roomId: room, message: "Hello!", username: "TestUser" })
    expect((await client.next()).data).toMatchObject({ username: "ann", message: "Hello!" })
  })

  const key = { "x-internal-api-key": KEY }
  const scenarios: readonly (readonly [
    name: string,
    path: string,
    headers: () => Record<string, string>,
    status: number,
  ])[] = [
    ["a cookie from an allowed page", "/chat/ws", () => page("https://chat.example"), 101],
    ["a cookie from another page", "/chat/ws", () => page("https://evil.example"), 403],
    ["a token in the header", "/chat/ws", () => ({ authorization: `Bearer ${ann.token}` }), 101],
    ["a token in the URL", "/chat/ws?token=<ann>", () => ({}), 101],
    ["a wrong token", "/chat/ws", () => ({ authorization: "Bearer a.b.c" }), 401],
    ["no credentials", "/chat/ws", () => ({}), 401],
    ["a gateway's key and a user", "/chat/ws", () => ({ ...key, "x-user-id": ann.id }), 101],
    ["a gateway's key and a user", "/ws", () => ({ ...key, "x-user-id": ann.id }), 101],
    ["a gateway's key and a username", "/ws", () => ({ ...key, "x-user-id": "ann" }), 101],
    ["a gateway's key and no user", "/ws", () => key, 401],
    ["a gateway's key and nobody known", "/ws", () => ({ ...key, "x-user-id": "nobody" }), 401],
    ["the server's own name", "/ws", () => ({ ...key, "x-user-id": "system" }), 401],
    [
      "a wrong gateway's key",
      "/ws",
      () => ({ "x-internal-api-key": "wrong", "x-user-id": ann.id }),
      401,
    ],
    ["a user's token", "/ws", () => ({ authorization: `Bearer ${ann.token}` }), 401],
    ["a user's cookie", "/ws", () => ({ cookie: `access_token=${ann.token}` }), 401],
    ["no credentials", "/ws", () => ({}), 401],
  ]
  const page = (origin: string) => ({ cookie: `access_token=${ann.token}`, origin })

  test.each([...scenarios])("with %s at %s is answered %4$i", async (_, path, headers, status) => {
    const address = house.url + path.replace("<ann>", ann.token)

    const handshake = await shakeHands(address, headers())

    handshake.cut()
    expect(handshake.status).toBe(status)
  })
})

describe("in rooms of gateway-events", () => {
  test("joining one that does not exist makes it, public, with that id and name", async () => {
    const [client] = await inRoom(ann)

    expect(await client?.rest()).toEqual([])
    expect((await bob.get(`/rooms/${room}`)).body).toMatchObject({
      id: room,
      name: room,
      type: "public",
      created_by: null,
      user_count: 1,
      member_count: 1,
    })
  })

  test("chat.joined goes to the joiner, chat.userJoined to the others", async () => {
    const [first] = await inRoom(ann)
    const second = await arrive(bob)

    second.say("chat.join", { roomId: room })

    expect(await second.next()).toEqual({ event: "chat.joined", data: { roomId: room } })
    const told = { event: "chat.userJoined", data: { userId: bob.id, roomId: room } }
    expect(await first?.rest()).toEqual([told])
    expect(await second.rest()).toEqual([])
  })

  test("joining again answers chat.joined and tells nobody", async () => {
    const [first, second] = await inRoom(ann, bob)

    await second?.join(room)

    expect(await first?.rest()).toEqual([])
    expect(await second?.rest()).toEqual([])
  })

  test("a second device is answered, and nobody hears of it until the last one has gone", async () => {
    const [first, phone] = await inRoom(ann, bob)
    const laptop = await arrive(bob)

    await laptop.join(room)
    phone?.say("chat.leave", { roomId: room })
    await phone?.rest()
    expect(await first?.rest()).toEqual([])
    expect(await laptop.rest()).toEqual([])
    laptop.say("chat.leave", { roomId: room })

    const told = { event: "chat.userLeft", data: { userId: bob.id, roomId: room } }
    expect(await first?.next()).toEqual(told)
  })

  test("leaving tells the others, has no answer, and ends what one hears", async () => {
    const [first, second] = await inRoom(ann, bob)

    second?.say("chat.leave", { roomId: room })

    expect(await second?.rest()).toEqual([])
    const told = { event: "chat.userLeft", data: { userId: bob.id, roomId: room } }
    expect(await first?.next()).toEqual(told)
    first?.say("chat.message", { roomId: room, message: "gone?" })
    expect((await first?.next())?.event).toBe("chat.message")
    expect(await second?.rest()).toEqual([])
    expect((await ann.get(`/rooms/${room}`)).body).toMatchObject({ user_count: 1, member_count: 2 })
  })

  test("the others are told of a disconnect, too", async () => {
    const [first, second] = await inRoom(ann, bob)

    second?.close()

    const told = { event: "chat.userLeft", data: { userId: bob.id, roomId: room } }
    expect(await first?.next()).toEqual(told)
    expect(await first?.rest()).toEqual([])
  })

  test("a message reaches all with its sender, under the true name, and nobody else", async () => {
    const [first, second] = await inRoom(ann, bob)
    const stranger = await arrive(eve)
    await stranger.join(`${room}.other`)

    first?.say("chat.message", { roomId: room, message: "Hello <world>!", username: "Bob" })

    const told = {
      event: "chat.message",
      data: {
        roomId: room,
        userId: ann.id,
        username: "ann",
        message: "Hello <world>!",
        timestamp: ISO_TIME,
      },
    }
    expect(await first?.next()).toEqual(told)
    expect(await second?.next()).toEqual(told)
    for (const it of [first, second, stranger]) expect(await it?.rest()).toEqual([])
  })

  test("a user is in many rooms on one socket, and hears each by its name", async () => {
    const client = await arrive(ann)
    for (const name of ["a", "b", "c"]) await client.join(`${room}.${name}`)

    for (const name of ["c", "a"]) {
      client.say("chat.message", { roomId: `${room}.${name}`, message: name })
    }
    client.say("chat.leave", { roomId: `${room}.a` })
    client.say("chat.message", { roomId: `${room}.b`, message: "b" })

    const heard = [await client.next(), await client.next(), await client.next()]
    expect(heard.map(({ data }) => [data.roomId, data.message])).toEqual([
      [`${room}.c`, "c"],
      [`${room}.a`, "a"],
      [`${room}.b`, "b"],
    ])
    expect(await client.rest()).toEqual([])
  })

  test("typing is told to all but the typist, whatever device they are on", async () => {
    const [first, second] = await inRoom(ann, bob)
    const [other] = await inRoom(ann)

    first?.say("chat.typing", { roomId: room, username: "John", isTyping: true })

    const data = { userId: ann.id, username: "ann", isTyping: true, roomId: room }
    expect(await second?.next()).toEqual({ event: "chat.typing", data })
    first?.say("chat.typing", { roomId: room, username: "John", isTyping: false })
    const ended = { event: "chat.typing", data: { ...data, isTyping: false } }
    expect(await second?.next()).toEqual(ended)
    expect(await first?.rest()).toEqual([])
    expect(await other?.rest()).toEqual([])
  })

  test("who disconnects is typing no more", async () => {
    const [first, second] = await inRoom(ann, bob)
    first?.say("chat.typing", { roomId: room, isTyping: true })
    await second?.next()

    first?.close()

    const heard = [await second?.next(), await second?.next()]
    expect(heard.map((it) => it?.event).sort()).toEqual(["chat.typing", "chat.userLeft"])
  })

  test("images and files are told by their address, system messages by chat.system", async () => {
    const { body: mine } = await ann.post("/rooms", { name: "mine" })
    const client = await arrive(bob)
    await client.join(mine.id)

    for (const type of ["image", "file"]) {
      await ann.post(`/rooms/${mine.id}/messages`, { type, content: `/files/${type}` })
    }
    await ann.post(`/rooms/${mine.id}/messages`, { type: "system", content: "Be kind" })

    const common = { roomId: mine.id, userId: ann.id, username: "ann", timestamp: ISO_TIME }
    expect([await client.next(), await client.next(), await client.next()]).toEqual([
      { event: "chat.message", data: { ...common, message: "/files/image" } },
      { event: "chat.message", data: { ...common, message: "/files/file" } },
      {
        event: "chat.system",
        data: { roomId: mine.id, message: "Be kind", timestamp: ISO_TIME },
      },
    ])
  })

  test("a room that all have left is the same room, with its history, when somebody comes again", async () => {
    const [client] = await inRoom(ann)
    client?.say("chat.message", { roomId: room, message: "is anybody there?" })
    await client?.next()
    client?.close()
    await client?.closed
    await waitUntil("nobody is in the room", async () => {
      return (await bob.get(`/rooms/${room}`)).body.user_count === 0
    })
    const before = house.rows(`select numeric_id, epoch from rooms where id = '${room}'`)

    const [again] = await inRoom(bob)

    expect(house.rows(`select numeric_id, epoch from rooms where id = '${room}'`)).toEqual(before)
    const { body: history } = await bob.get(`/rooms/${room}/messages`)
    expect(history).toMatchObject([{ content: "is anybody there?", user: { username: "ann" } }])
    expect(await again?.rest()).toEqual([])
  })
})

describe("what gateway-events refuses, and goes on", () => {
  test("a malformed frame or payload: Invalid message format", async () => {
    const [client] = await inRoom(ann)
    const malformed = errorOf("Invalid message format", "invalid_request")

    const frames = ["hello", "", "[]", '{"event":"chat.join"}', '{"event":"chat.join","data":{}}']
    for (const it of frames) {
      client?.sendRaw(it)
      expect(await client?.next()).toEqual(malformed)
    }
    client?.sendRaw(Buffer.from('{"event":"chat.leave","data":{}}'))
    expect(await client?.next()).toEqual(malformed)

    client?.say("chat.message", { roomId: room, message: "still here" })
    expect((await client?.next())?.data.message).toBe("still here")
  })

  test("an unknown event, with its name", async () => {
    const client = await arrive(ann)

    client.say("chat.shout", { roomId: room, message: "HELLO" })

    expect(await client.next()).toEqual(errorOf("Unknown event: chat.shout", "invalid_request"))
  })

  test.each([
    ["chat.message", { message: "hello" }],
    ["chat.typing", { isTyping: true }],
    ["chat.leave", {}],
  ])("%s in a room not joined, also one that is there", async (event, more) => {
    const [inside] = await inRoom(bob)
    const client = await arrive(ann)

    client.say(event, { roomId: room, ...more })
    client.say(event, { roomId: "nowhere", ...more })

    expect(await client.next()).toEqual(errorOf(NOT_JOINED, "forbidden", room))
    expect(await client.next()).toEqual(errorOf(NOT_JOINED, "forbidden", "nowhere"))
    expect(await inside?.rest()).toEqual([])
    expect((await ann.get("/rooms/nowhere")).status).toBe(404)
  })

  test("a private room and a conversation: Forbidden, as their names are not free", async () => {
    const { body: secret } = await bob.post("/rooms", { name: "secret", type: "private" })
    const { body: direct } = await bob.post("/conversations", { user_ids: [ann.id] })
    const client = await arrive(eve)

    for (const { id } of [secret, direct]) {
      client.say("chat.join", { roomId: id })
      expect(await client.next()).toEqual(errorOf("Forbidden", "forbidden", id))
    }
  })

  test("a room that one is banned from", async () => {
    const { body: mine } = await bob.post("/rooms", { name: "mine" })
    await bob.put(`/rooms/${mine.id}/bans/${eve.id}`, { reason: "spam" })
    const client = await arrive(eve)

    client.say("chat.join", { roomId: mine.id })

    const text = "Banned: you are banned from this room: spam"
    expect(await client.next()).toEqual(errorOf(text, "banned", mine.id))
  })

  test("a full room", async () => {
    const { body: small } = await bob.post("/rooms", { name: "small", max_users: 1 })
    const [first, second] = [await arrive(bob), await arrive(ann)]
    await first.join(small.id)

    second.say("chat.join", { roomId: small.id })

    expect(await second.next()).toEqual(errorOf("Room is full", "room_full", small.id))
    expect(await first.rest()).toEqual([])
  })

  test("a name like a topic of ours, which reaches nothing", async () => {
    const client = await arrive(ann)

    for (const roomId of ["user:1", "conversation:1", "gateway-events:room:1"]) {
      client.say("chat.join", { roomId })
      expect(await client.next()).toEqual(errorOf("Invalid message format", "invalid_request"))
    }
    expect(house.rows("select id from rooms where id like '%:%'")).toEqual([])
  })

  test("another user's id in the payload; one's own is fine", async () => {
    const [client] = await inRoom(ann)

    client?.say("chat.message", { roomId: room, message: "as bob", userId: bob.id })
    const text = "Forbidden: this is another user's id"
    expect(await client?.next()).toEqual(errorOf(text, "forbidden", room))

    client?.say("chat.message", { roomId: room, message: "as ann", userId: ann.id })
    expect((await client?.next())?.data).toMatchObject({ userId: ann.id, message: "as ann" })
  })

  test("who is removed from a room is told, hears no more of it, and keeps the connection", async () => {
    const { body: mine } = await bob.post("/rooms", { name: "mine" })
    const [owner, client] = [await arrive(bob), await arrive(eve)]
    await owner.join(mine.id)
    await client.join(mine.id)
    await owner.next()

    await bob.put(`/rooms/${mine.id}/bans/${eve.id}`)

    const text = "Forbidden: you are no longer in this room"
    expect(await client.next()).toEqual(errorOf(text, "forbidden", mine.id))
    const left = { event: "chat.userLeft", data: { userId: eve.id, roomId: mine.id } }
    expect(await owner.next()).toEqual(left)
    owner.say("chat.message", { roomId: mine.id, message: "gone" })
    await owner.next()
    client.say("chat.message", { roomId: mine.id, message: "not yet" })
    expect(await client.next()).toEqual(errorOf(NOT_JOINED, "forbidden", mine.id))
  })

  test("those in a room that is deleted are told", async () => {
    const { body: mine } = await bob.post("/rooms", { name: "mine" })
    const client = await arrive(ann)
    await client.join(mine.id)

    await bob.delete(`/rooms/${mine.id}`)

    expect(await client.next()).toEqual(errorOf("Room not found", "room_not_found", mine.id))
  })

  test("whose session ends is told why, and closed with 4102", async () => {
    const dan = await person(house.url, `dan${++count}`)
    const client = await arrive(dan)

    await dan.post("/auth/logout")

    expect(await client.next()).toEqual(errorOf("Unauthorized", "unauthorized"))
    expect(await client.closed).toBe(4102)
  })

  test("whose account ends is told that there is no such user, and closed with 4201", async () => {
    const dan = await person(house.url, `dan${++count}`)
    const client = await arrive(dan)

    await dan.delete("/users/me")

    expect(await client.next()).toEqual(errorOf("User not found", "user_not_found"))
    expect(await client.closed).toBe(4201)
  })
})

describe("the limits that gateway-events meets", () => {
  let strict: House
  afterEach(() => strict.stop())

  async function strictClient(env: Readonly<Record<string, string>>) {
    strict = await openHouse({ env })
    const { token } = await person(strict.url, "ann")
    const client = await openGatewayClient(`${strict.url}/chat/ws`, {
      authorization: `Bearer ${token}`,
    })
    open.push(client)
    return client
  }

  test("messages over the rate are told so", async () => {
    const client = await strictClient({ CHAT_MAX_MESSAGES_PER_MIN: "1" })
    await client.join(room)

    for (const message of ["one", "two"]) client.say("chat.message", { roomId: room, message })

    const heard = [await client.next(), await client.next()]
    expect(heard.map(({ event }) => event).sort()).toEqual(["chat.message", "error"])
    const text = "Rate limit exceeded: more than 1 a minute"
    expect(heard).toContainEqual(errorOf(text, "rate_limited", room))
  })

  test("joins count, those of a room that one is in already as well", async () => {
    const client = await strictClient({ CHAT_MAX_JOINS_PER_MIN: "2" })

    for (let nth = 1; nth <= 3; nth++) client.say("chat.join", { roomId: room })

    const joined = { event: "chat.joined", data: { roomId: room } }
    expect([await client.next(), await client.next()]).toEqual([joined, joined])
    const text = "Rate limit exceeded: more than 2 a minute"
    expect(await client.next()).toEqual(errorOf(text, "rate_limited", room))
  })

  test("messages that are too long are told so", async () => {
    const client = await strictClient({ CHAT_MAX_MESSAGE_LENGTH: "5" })
    await client.join(room)

    client.say("chat.message", { roomId: room, message: "123456" })

    const text = "Invalid message: must have at most 5 characters"
    expect(await client.next()).toEqual(errorOf(text, "invalid_request", room))
    client.say("chat.message", { roomId: room, message: "👍👍👍👍👍" })
    expect((await client.next()).event).toBe("chat.message")
  })

  test("without CHAT_AUTO_CREATE_ROOMS there is no room of a name that is none", async () => {
    const client = await strictClient({ CHAT_AUTO_CREATE_ROOMS: "false" })

    client.say("chat.join", { roomId: room })

    expect(await client.next()).toEqual(errorOf("Room not found", "room_not_found", room))
  })

  test("20 new names a minute, and no matter how many known ones", async () => {
    const client = await strictClient({})
    for (let nth = 1; nth <= 20; nth++) await client.join(`${room}.${nth}`)

    client.say("chat.join", { roomId: `${room}.21` })

    const text = "Rate limit exceeded: more than 20 a minute"
    expect(await client.next()).toEqual(errorOf(text, "rate_limited", `${room}.21`))
    await client.join(`${room}.20`)
  })
})
