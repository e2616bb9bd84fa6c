import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type ChatClient, chatOf, openChat } from "../support/chat-client"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"
import { waitUntil } from "../support/wait"

describe("socketio-rooms, with the official client", () => {
  let house: House
  let people: Record<"ann" | "bob" | "eve", Person>
  let ann: ChatClient
  let bob: ChatClient
  let rooms = 0

  beforeAll(async () => {
    house = await openHouse()
    people = {
      ann: await person(house.url, "ann"),
      bob: await person(house.url, "bob"),
      eve: await person(house.url, "eve"),
    }
    ann = await chatOf(house.url, people.ann)
    bob = await chatOf(house.url, people.bob)
  })
  beforeEach(async () => {
    await Promise.all([ann.untilQuiet(20), bob.untilQuiet(20)])
  })
  afterAll(async () => {
    ann.close()
    bob.close()
    await house.stop()
  })

  const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  const refusal = (statusCode: number, error: unknown = expect.any(String)) => ({
    success: false,
    error,
    message: error,
    statusCode,
    timestamp: TIME,
  })

  /** A room of their own for each test, which ann and bob have joined. */
  async function shareRoom(): Promise<string> {
    const roomId = `room-${++rooms}`
    await ann.ask("joinRoom", { roomId })
    await bob.ask("joinRoom", { roomId })
    await ann.next("userJoined")
    await bob.next("roomUsers")
    await ann.untilQuiet(20)
    await bob.untilQuiet(20)
    return roomId
  }

  test("joining is answered by acknowledgement and event, and by who is there; others hear userJoined", async () => {
    const roomId = `room-${++rooms}`
    await ann.ask("joinRoom", { roomId })
    await ann.next("roomUsers")

    const answer = await bob.ask("joinRoom", { roomId })

    expect(answer).toEqual({ event: "joinedRoom", roomId, success: true })
    expect(await bob.next("joinedRoom")).toEqual(answer)
    expect(await bob.next("roomUsers")).toEqual({
      roomId,
      users: [
        { userId: people.ann.id, username: "ann" },
        { userId: people.bob.id, username: "bob" },
      ],
    })
    expect(await ann.next("userJoined")).toEqual({
      userId: people.bob.id,
      username: "bob",
      roomId,
      timestamp: TIME,
    })
    expect((await bob.untilQuiet()).map(({ event }) => event)).toEqual([])
  })

  test("joining again succeeds and tells nobody; so does a second device, to whom alone it is told", async () => {
    const roomId = await shareRoom()
    const tablet = await chatOf(house.url, people.bob)

    expect(await bob.ask("joinRoom", { roomId })).toMatchObject({ success: true })
    expect(await tablet.ask("joinRoom", { roomId })).toMatchObject({ success: true })
    expect((await tablet.next("roomUsers")).users).toHaveLength(2)
    expect(await ann.untilQuiet()).toEqual([])

    tablet.close()
    expect(await ann.untilQuiet()).toEqual([])
    await bob.ask("leaveRoom", { roomId })
    expect(await ann.next("userLeft")).toMatchObject({ userId: people.bob.id, roomId })
  })

  test("a message goes to everyone in the room, the sender too, and is answered with itself", async () => {
    const roomId = await shareRoom()

    const answer = await ann.ask("sendMessage", { roomId, content: "Hello, world!" })

    const message = {
      id: expect.any(String),
      content: "Hello, world!",
      author: { id: people.ann.id, username: "ann" },
      roomId,
      messageType: "TEXT",
      timestamp: TIME,
      createdAt: TIME,
      updatedAt: TIME,
    }
    expect(answer).toEqual({ event: "messageSent", message, success: true })
    expect(await ann.next("receiveMessage")).toEqual(answer.message)
    expect(await bob.next("receiveMessage")).toEqual(answer.message)
    expect(ann.heard.filter(({ event }) => event === "messageSent").at(-1)?.payload).toEqual(answer)
  })

  test("who asks for no acknowledgement is answered by the event alone", async () => {
    const roomId = await shareRoom()

    ann.emit("sendMessage", { roomId, content: "silently" })
    ann.emit("sendMessage", { roomId })

    expect((await ann.next("messageSent")).message.content).toBe("silently")
    expect(await ann.next("error")).toEqual(refusal(400))
  })

  test("sends 2,000 characters, and not 2,001", async () => {
    const roomId = await shareRoom()
    const content = "é".repeat(2_000)

    expect(await ann.ask("sendMessage", { roomId, content })).toMatchObject({
      message: { content },
    })
    expect(await ann.ask("sendMessage", { roomId, content: `${content}x` })).toEqual(refusal(400))
    expect(await ann.next("error")).toEqual(refusal(400))
  })

  test("what is told is escaped, what is stored is not", async () => {
    const roomId = await shareRoom()
    const content = `<b onclick="x">Tom & Jerry's</b>`

    await ann.ask("sendMessage", { roomId, content })

    const escaped = "&lt;b onclick=&quot;x&quot;&gt;Tom &amp; Jerry&#39;s&lt;/b&gt;"
    expect((await bob.next("receiveMessage")).content).toBe(escaped)
    const { body: stored } = await people.bob.get(`/rooms/${roomId}/messages`)
    expect(stored.at(-1).content).toBe(content)
  })

  test("the content of an image or a file is a URL, told as it is; anything else is 400", async () => {
    const roomId = await shareRoom()
    for (const [messageType, content] of [
      ["IMAGE", "https://a.example/?a=1&b=2"],
      ["FILE", "/files/a'b"],
    ] as const) {
      await ann.ask("sendMessage", { roomId, content, messageType })
      expect(await bob.next("receiveMessage")).toMatchObject({ content, messageType })
    }

    for (const content of ["javascript:alert(1)", "//evil.example/x", "no address"]) {
      expect(await ann.ask("sendMessage", { roomId, content, messageType: "IMAGE" })).toEqual(
        refusal(400),
      )
    }
  })

  test("a system message comes as SYSTEM", async () => {
    const { body: room } = await people.ann.post("/rooms", { name: "hall" })
    await bob.ask("joinRoom", { roomId: room.id })

    await people.ann.post(`/rooms/${room.id}/messages`, { content: "<hush>", type: "system" })

    expect(await bob.next("receiveMessage")).toMatchObject({
      messageType: "SYSTEM",
      content: "&lt;hush&gt;",
    })
  })

  test("typing is told to all but the typist, and ends by itself", async () => {
    const roomId = await shareRoom()

    expect(await ann.ask("typing", { roomId, isTyping: true })).toEqual({
      event: "typingUpdated",
      success: true,
    })

    const told = { userId: people.ann.id, username: "ann", roomId, timestamp: TIME }
    expect(await bob.next("userTyping")).toEqual({ ...told, isTyping: true })
    await ann.ask("typing", { roomId, isTyping: false })
    expect(await bob.next("userTyping")).toEqual({ ...told, isTyping: false })
    expect(ann.heard.filter(({ event }) => event === "userTyping")).toEqual([])
  })

  test("getRoomStats tells who is there and who is typing, to who may read the room", async () => {
    const roomId = await shareRoom()
    await bob.ask("typing", { roomId, isTyping: true })
    const eve = await chatOf(house.url, people.eve)

    expect(await eve.ask("getRoomStats", { roomId })).toEqual({
      event: "roomStatsRetrieved",
      success: true,
    })
    expect(await eve.next("roomStats")).toEqual({
      roomId,
      userCount: 2,
      users: [
        { userId: people.ann.id, username: "ann" },
        { userId: people.bob.id, username: "bob" },
      ],
      typingUsers: [people.bob.id],
      timestamp: TIME,
    })
    await bob.ask("typing", { roomId, isTyping: false })
    eve.close()
  })

  test("a private room is 404 to who asks for its stats, and Forbidden to who would join it", async () => {
    const { body: room } = await people.ann.post("/rooms", { name: "den", type: "private" })

    expect(await bob.ask("getRoomStats", { roomId: room.id })).toEqual(refusal(404))
    expect(await bob.ask("getRoomStats", { roomId: "nowhere" })).toEqual(refusal(404))
    expect(await bob.ask("joinRoom", { roomId: room.id })).toEqual(refusal(403, "Forbidden"))
  })

  test.each([
    ["sendMessage", { content: "hello" }],
    ["typing", { isTyping: true }],
    ["leaveRoom", {}],
  ])("%s without having joined is 403", async (event, payload) => {
    const roomId = `room-${++rooms}`
    await ann.ask("joinRoom", { roomId })

    expect(await bob.ask(event, { roomId, ...payload })).toEqual(refusal(403))
    expect(await bob.next("error")).toEqual(refusal(403))
    expect((await ann.untilQuiet()).map((it) => it.event)).not.toContain("receiveMessage")
  })

  test("leaving is answered, and told to those who stay", async () => {
    const roomId = await shareRoom()

    expect(await bob.ask("leaveRoom", { roomId })).toEqual({
      event: "leftRoom",
      roomId,
      success: true,
    })

    expect(await ann.next("userLeft")).toEqual({
      userId: people.bob.id,
      username: "bob",
      roomId,
      timestamp: TIME,
    })
    await ann.ask("sendMessage", { roomId, content: "alone" })
    expect((await bob.untilQuiet()).map(({ event }) => event)).not.toContain("receiveMessage")
  })

  test("a full room is 403, room is full", async () => {
    const { body: room } = await people.ann.post("/rooms", { name: "narrow", max_users: 1 })
    await ann.ask("joinRoom", { roomId: room.id })

    expect(await bob.ask("joinRoom", { roomId: room.id })).toEqual(refusal(403, "room is full"))
  })

  test("who is banned is told so by an error, and is in the room no longer", async () => {
    const { body: room } = await people.ann.post("/rooms", { name: "strict" })
    await bob.ask("joinRoom", { roomId: room.id })
    await bob.untilQuiet(20)

    await people.ann.put(`/rooms/${room.id}/bans/${people.bob.id}`, {})

    expect(await bob.next("error")).toEqual(refusal(403))
    await ann.ask("joinRoom", { roomId: room.id })
    await ann.ask("sendMessage", { roomId: room.id, content: "he is gone" })
    expect((await bob.untilQuiet()).map(({ event }) => event)).not.toContain("receiveMessage")
    expect(await bob.ask("sendMessage", { roomId: room.id, content: "x" })).toEqual(refusal(403))
  })

  test("another user's id in a payload is 403, one's own and any username are not", async () => {
    const roomId = await shareRoom()
    const message = { roomId, content: "mine" }

    expect(await ann.ask("sendMessage", { ...message, userId: people.bob.id })).toEqual(
      refusal(403),
    )
    const sent = await ann.ask("sendMessage", {
      ...message,
      userId: people.ann.id,
      username: "bob",
    })
    expect(sent.message.author.username).toBe("ann")
  })

  test.each(["user:1", "conversation:1", "socketio-rooms:room:1", "socketio-rooms:online"])(
    "%s is the name of no room, and reaches nothing",
    async (roomId) => {
      expect(await ann.ask("joinRoom", { roomId })).toEqual(refusal(400))
    },
  )

  test("heartbeat is answered with the time; an event that is none with 400, and bytes too", async () => {
    expect(await ann.ask("heartbeat")).toEqual({
      event: "heartbeatResponse",
      timestamp: TIME,
      success: true,
    })
    expect(await ann.ask("shout", { roomId: "a" })).toEqual(refusal(400))
    expect(await ann.ask("joinRoom", { roomId: new Uint8Array([1]) })).toEqual(refusal(400))
    expect(await ann.ask("joinRoom")).toEqual(refusal(400))
    expect(await ann.ask("heartbeat", 1, 2, { three: 3 })).toMatchObject({ success: true })
  })
})

describe("who is online, told to the namespace", () => {
  test("a first connection and 2 s after the last, to every socket but the user's own", async () => {
    const house = await openHouse()
    const [ann, bob] = [await person(house.url, "ann"), await person(house.url, "bob")]
    const watcher = await chatOf(house.url, ann)
    const poller = await openChat(house.url, {
      auth: { token: ann.token },
      transports: ["polling"],
    })

    const phone = await chatOf(house.url, bob)
    const tablet = await chatOf(house.url, bob)

    const told = { userId: bob.id, username: "bob", timestamp: expect.any(String) }
    expect(await watcher.next("userOnline")).toEqual(told)
    expect(await poller.next("userOnline")).toEqual(told)
    phone.close()
    expect(await watcher.untilQuiet()).toEqual([])
    tablet.close()
    expect(await watcher.next("userOffline")).toEqual(told)
    expect(await poller.next("userOffline")).toEqual(told)
    const online = watcher.heard.filter(({ event }) => event === "userOnline")
    expect([online.length, phone.heard, tablet.heard]).toEqual([1, [], []])
    watcher.close()
    poller.close()
    await house.stop()
  }, 20_000)
})

describe("the event ping", () => {
  test("comes every WS_HEARTBEAT_INTERVAL, and an unanswered one has no consequence", async () => {
    const house = await openHouse({ env: { WS_HEARTBEAT_INTERVAL: "5000" }, sweepMs: 20 })
    const client = await chatOf(house.url, await person(house.url, "ann"))

    await waitUntil("it is pinged twice", () => {
      house.clock.advance(100)
      return client.heard.length === 2
    })

    const times = client.heard.map(({ payload }) => Date.parse(payload.timestamp))
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5_000)
    expect(client.heard.map(({ event }) => event)).toEqual(["ping", "ping"])
    expect(client.socket.connected).toBe(true)
    client.close()
    await house.stop()
  })

  test("comes never where WS_ENABLE_HEARTBEAT is false", async () => {
    const house = await openHouse({ env: { WS_ENABLE_HEARTBEAT: "false" }, sweepMs: 20 })
    const client = await chatOf(house.url, await person(house.url, "ann"))

    await client.untilQuiet()
    house.clock.advance(120_000)

    expect(await client.untilQuiet(200)).toEqual([])
    client.close()
    await house.stop()
  })
})

describe("rooms that names make", () => {
  test("are not made where CHAT_AUTO_CREATE_ROOMS is false: 404", async () => {
    const house = await openHouse({ env: { CHAT_AUTO_CREATE_ROOMS: "false" } })
    const client = await chatOf(house.url, await person(house.url, "ann"))

    expect(await client.ask("joinRoom", { roomId: "general" })).toMatchObject({ statusCode: 404 })
    client.close()
    await house.stop()
  })

  test("the rates of production hold: the 11th join of a minute is 429", async () => {
    const house = await openHouse({ env: { CHAT_MAX_JOINS_PER_MIN: "10" } })
    const client = await chatOf(house.url, await person(house.url, "ann"))
    for (let count = 0; count < 10; count++) {
      expect(await client.ask("joinRoom", { roomId: "general" })).toMatchObject({ success: true })
    }

    expect(await client.ask("joinRoom", { roomId: "general" })).toMatchObject({ statusCode: 429 })
    await waitUntil("it is told as an event", () =>
      client.heard.some(({ event, payload }) => event === "error" && payload.statusCode === 429),
    )
    client.close()
    await house.stop()
  })
})
