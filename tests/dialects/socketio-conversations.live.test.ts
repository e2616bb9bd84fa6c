import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { io, type Socket } from "socket.io-client"
import { type ChatClient, chatOf, openChat, refusalOf } from "../support/chat-client"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { waitUntil } from "../support/wait"

const CONVERSATIONS = "/api/chats/conversations"

/** What came on a socket that belongs to this protocol, in short. */
const eventsOf = (heard: ChatClient["heard"], ...names: readonly string[]) =>
  heard.filter(({ event }) => names.includes(event))

/** The failure as every `error` of the namespace tells it. */
const failure = (text: string, statusCode: number) => ({
  success: false,
  error: text,
  message: text,
  statusCode,
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
})

describe("socketio-conversations over the official client", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let clients: ChatClient[]
  let count = 0

  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    count++
    clients = []
    ann = await person(house.url, `ann-${count}`)
    bob = await person(house.url, `bob-${count}`)
    eve = await person(house.url, `eve-${count}`)
  })
  afterEach(() => {
    for (const client of clients) client.close()
  })

  const numberOf = ({ id }: { readonly id: string }, table = "users") =>
    Number(house.rows(`select numeric_id from ${table} where id = '${id}'`)[0]?.numeric_id)
  const open = async (of: Person, userId?: number) => {
    const query = userId === undefined ? {} : { query: { userId } }
    const client = await chatOf(house.url, of, query)
    clients.push(client)
    return client
  }
  /** The number of the two's conversation, begun by ann. */
  async function converse(): Promise<number> {
    const { body } = await ann.post("/conversations", { user_ids: [bob.id] })
    return numberOf(body, "rooms")
  }
  const roomIdOf = (id: number) =>
    String(house.rows(`select id from rooms where numeric_id = ${id}`)[0]?.id)
  const draftOf = (by: Person, conversation_id: number, more: object = {}) => ({
    sender_id: numberOf(by),
    conversation_id,
    message_type: "text",
    content: "Hello!",
    ...more,
  })
  const messageCount = () => house.rows("select count(*) as n from messages")[0]?.n

  test("join-conversation is answered by joined-conversation, and acknowledged where asked for", async () => {
    const id = await converse()
    const client = await open(ann)

    client.emit("join-conversation", { conversationId: id, userId: numberOf(ann) })
    const told = await client.next("joined-conversation")
    const acknowledged = await client.ask("join-conversation", { conversationId: id })

    expect(told).toEqual({ success: true, conversationId: id })
    expect(acknowledged).toEqual({ success: true, conversationId: id })
    expect(await client.next("joined-conversation")).toEqual(told)
  })

  test("what is no conversation of two is 'Conversation not found', to who is in it too", async () => {
    const client = await open(ann)
    const { body: room } = await ann.post("/rooms", { name: "general" })
    const { body: trio } = await ann.post("/conversations", { user_ids: [bob.id, eve.id] })

    for (const id of [999_999, -1, 0, numberOf(room, "rooms"), numberOf(trio, "rooms")]) {
      const acknowledged = await client.ask("join-conversation", { conversationId: id })

      expect(acknowledged).toEqual({
        success: false,
        conversationId: id,
        error: "Conversation not found",
      })
      expect(await client.next("error")).toEqual(failure("Conversation not found", 404))
    }
  })

  test("somebody else's is 'Unauthorized to join this conversation', and nothing of it is heard", async () => {
    const id = await converse()
    const client = await open(eve)

    const acknowledged = await client.ask("join-conversation", { conversationId: id })
    await ann.post(`/rooms/${roomIdOf(id)}/messages`, { content: "psst" })

    expect(acknowledged).toEqual({
      success: false,
      conversationId: id,
      error: "Unauthorized to join this conversation",
    })
    expect(await client.next("error")).toEqual(
      failure("Unauthorized to join this conversation", 403),
    )
    expect(eventsOf(await client.untilQuiet(), "receive-message")).toEqual([])
  })

  test("send-message needs no join: message-sent to the sending socket, receive-message to all that joined", async () => {
    const id = await converse()
    const [sender, joined, outside, bobs, eves] = [
      await open(ann),
      await open(ann),
      await open(ann),
      await open(bob),
      await open(eve),
    ]
    for (const client of [joined, bobs])
      await client.ask("join-conversation", { conversationId: id })

    const acknowledged = await sender.ask("send-message", draftOf(ann, id))
    const sent = await sender.next("message-sent")

    expect(sent).toEqual({
      id: expect.any(Number),
      sender_id: numberOf(ann),
      conversation_id: id,
      timestamp: expect.stringMatching(/Z$/),
      message_type: "text",
      content: "Hello!",
      conversation: { id, sender_id: numberOf(ann), receiver_id: numberOf(bob) },
    })
    expect(acknowledged).toEqual(sent)
    for (const client of [joined, bobs]) expect(await client.next("receive-message")).toEqual(sent)
    for (const client of [sender, joined, outside, bobs, eves]) {
      await client.untilQuiet()
      const isJoined = client === joined || client === bobs
      expect(eventsOf(client.heard, "receive-message")).toHaveLength(isJoined ? 1 : 0)
      expect(eventsOf(client.heard, "message-sent")).toHaveLength(client === sender ? 1 : 0)
    }
  })

  test("a sender who joined hears their own message, in whichever type", async () => {
    const id = await converse()
    const client = await open(bob)
    await client.ask("join-conversation", { conversationId: id })

    for (const message_type of ["text", "image", "file"]) {
      const content = "https://example.org/it.png"
      client.emit("send-message", draftOf(bob, id, { message_type, content }))
      expect(await client.next("receive-message")).toMatchObject({
        sender_id: numberOf(bob),
        message_type,
        content,
        conversation: { sender_id: numberOf(ann), receiver_id: numberOf(bob) },
      })
    }
  })

  test("a malformed message is told field by field, and the connection stays", async () => {
    const id = await converse()
    const client = await open(ann)
    const before = messageCount()

    client.emit("send-message", draftOf(ann, id, { sender_id: undefined }))
    expect(await client.next("message-error")).toEqual({
      error: "sender_id should not be empty, sender_id must be an integer number",
    })
    expect(await client.ask("send-message", draftOf(ann, id, { message_type: "video" }))).toEqual({
      success: false,
      error: "message_type must be one of the following values: text, image, file",
    })
    const long = draftOf(ann, id, { content: "x".repeat(4_001) })
    expect(await client.ask("send-message", long)).toMatchObject({
      error: "content must have at most 4000 characters",
    })
    const script = draftOf(ann, id, { message_type: "image", content: "javascript:alert(1)" })
    expect(await client.ask("send-message", script)).toMatchObject({ success: false })
    expect(messageCount()).toBe(before)
    expect(await client.ask("send-message", draftOf(ann, id))).toMatchObject({ content: "Hello!" })
  })

  test("a message to nobody's or others' conversation is a message-error", async () => {
    const id = await converse()
    const client = await open(eve)
    const before = messageCount()

    client.emit("send-message", draftOf(eve, 999_999))
    expect(await client.next("message-error")).toEqual({ error: "Conversation not found" })
    client.emit("send-message", draftOf(eve, id))
    expect(await client.next("message-error")).toEqual({
      error: "Unauthorized to join this conversation",
    })
    expect(eventsOf(await client.untilQuiet(), "error")).toEqual([])
    expect(messageCount()).toBe(before)
  })

  test("another user's id in a payload is an error, never obeyed", async () => {
    const id = await converse()
    const client = await open(ann)
    await client.ask("join-conversation", { conversationId: id })
    const bobs = await open(bob)
    await bobs.ask("join-conversation", { conversationId: id })
    const before = messageCount()
    const userId = numberOf(bob)

    client.emit("send-message", draftOf(bob, id))
    expect(await client.next("message-error")).toEqual({ error: "this is another user's id" })
    for (const event of ["join-conversation", "typing"]) {
      const payload = { conversationId: id, userId, isTyping: true }
      expect(await client.ask(event, payload)).toMatchObject({ success: false, conversationId: id })
      expect(await client.next("error")).toEqual(failure("this is another user's id", 403))
    }
    expect(messageCount()).toBe(before)
    expect(eventsOf(await bobs.untilQuiet(), "receive-message", "user-typing")).toEqual([])
  })

  test("leave-conversation is answered by its acknowledgement alone, and no more is heard", async () => {
    const id = await converse()
    const client = await open(ann)
    await client.ask("join-conversation", { conversationId: id })
    const from = client.heard.length

    expect(await client.ask("leave-conversation", { conversationId: id })).toEqual({
      success: true,
      conversationId: id,
    })
    await bob.post(`/rooms/${roomIdOf(id)}/messages`, { content: "still there?" })

    await client.untilQuiet()
    // Whoever was here for the tests before may be told gone only now; ann and bob are not.
    const isOfOthers = ({ event, payload }: ChatClient["heard"][number]) =>
      event === "userOffline" && ![ann.id, bob.id].includes(payload.userId)
    expect(client.heard.slice(from).filter((it) => !isOfOthers(it))).toEqual([])
    expect(await client.ask("leave-conversation", { conversationId: id })).toMatchObject({
      success: true,
    })
    expect(await client.ask("leave-conversation")).toMatchObject({
      success: false,
      error: "conversationId should not be empty, conversationId must be an integer number",
    })
  })

  test("typing is told to the others who joined, by numeric id, and not to the typist's own sockets", async () => {
    const id = await converse()
    const [client, second, bobs, outside] = [
      await open(ann),
      await open(ann),
      await open(bob),
      await open(bob),
    ]
    for (const it of [client, second, bobs]) {
      await it.ask("join-conversation", { conversationId: id })
    }

    client.emit("typing", { conversationId: id, userId: numberOf(ann), isTyping: true })
    const started = await bobs.next("user-typing")
    const acknowledged = await client.ask("typing", { conversationId: id, isTyping: false })
    const stopped = await bobs.next("user-typing")

    const typist = { conversationId: id, userId: numberOf(ann) }
    expect([started, stopped]).toEqual([
      { ...typist, isTyping: true },
      { ...typist, isTyping: false },
    ])
    expect(acknowledged).toEqual({ success: true, conversationId: id })
    for (const it of [client, second, outside]) {
      await it.untilQuiet()
      expect(eventsOf(it.heard, "user-typing")).toEqual([])
    }
  })

  test("typing needs the join, also of who takes part", async () => {
    const id = await converse()
    const client = await open(ann)

    client.emit("typing", { conversationId: id, isTyping: true })

    expect(await client.next("error")).toEqual(failure("you have not joined this room", 403))
  })

  test("a message ends its sender's typing", async () => {
    const id = await converse()
    const [client, bobs] = [await open(ann), await open(bob)]
    for (const it of [client, bobs]) await it.ask("join-conversation", { conversationId: id })

    client.emit("typing", { conversationId: id, isTyping: true })
    client.emit("send-message", draftOf(ann, id))
    await bobs.next("receive-message")

    const notices = () => eventsOf(bobs.heard, "user-typing").map(({ payload }) => payload.isTyping)
    await waitUntil("both notices came", () => notices().length >= 2)
    expect(notices()).toEqual([true, false])
  })

  test("events decide: who joined the room by joinRoom hears receiveMessage, by join-conversation receive-message", async () => {
    const id = await converse()
    const [byNumber, byRoom, both] = [await open(bob), await open(bob), await open(bob)]
    for (const it of [byNumber, both]) await it.ask("join-conversation", { conversationId: id })
    for (const it of [byRoom, both]) await it.ask("joinRoom", { roomId: roomIdOf(id) })

    const sender = await open(ann)
    await sender.ask("send-message", draftOf(ann, id))

    const expectTold = async (client: ChatClient, ...expected: readonly string[]) => {
      const told = () => eventsOf(client.heard, "receive-message", "receiveMessage")
      await waitUntil("it is told", () => told().length >= expected.length)
      await client.untilQuiet()
      expect(
        told()
          .map(({ event }) => event)
          .sort(),
      ).toEqual([...expected].sort())
    }
    await expectTold(byNumber, "receive-message")
    await expectTold(byRoom, "receiveMessage")
    await expectTold(both, "receive-message", "receiveMessage")
  })

  test("what the server says in a conversation, and who comes and goes there, has no word", async () => {
    const root = await person(house.url, `root-${count}`)
    changeRows(house.path, `update users set role = 'admin' where id = '${root.id}'`)
    house.clock.advance(1_000)
    const { body: room } = await root.post("/conversations", { user_ids: [bob.id] })
    const bobs = await open(bob)
    await bobs.ask("join-conversation", { conversationId: numberOf(room, "rooms") })
    const from = bobs.heard.length

    const roots = await open(root)
    await roots.ask("join-conversation", { conversationId: numberOf(room, "rooms") })
    await roots.ask("leave-conversation", { conversationId: numberOf(room, "rooms") })
    const said = await root.post(`/rooms/${room.id}/messages`, { content: "news", type: "system" })
    await root.post(`/rooms/${room.id}/messages`, { content: "by the way" })

    expect(said.status).toBe(200)
    expect(await bobs.next("receive-message")).toMatchObject({ content: "by the way" })
    const others = bobs.heard.slice(from).map(({ event }) => event)
    expect(others.filter((event) => !/[oO]nline|[oO]ffline/.test(event))).toEqual([
      "receive-message",
    ])
  })

  test("given one has blocked the other, then neither can write", async () => {
    const id = await converse()
    await bob.put(`/users/${ann.id}/block`)
    const [client, bobs] = [await open(ann), await open(bob)]
    const before = messageCount()

    for (const [it, by] of [
      [client, ann],
      [bobs, bob],
    ] as const) {
      expect(await it.ask("send-message", draftOf(by, id))).toMatchObject({ success: false })
    }
    expect(messageCount()).toBe(before)
  })

  test("a socket that connected with userId hears user:online and user:offline, every other userOnline and userOffline", async () => {
    const [plain, numbered] = [await open(bob), await open(eve, numberOf(eve))]

    const annsClient = await open(ann, numberOf(ann))
    const tells = (client: ChatClient, event: string, userId: unknown) =>
      waitUntil(`${event} comes`, () =>
        eventsOf(client.heard, event).some(({ payload }) => payload.userId === userId),
      )
    await tells(numbered, "user:online", numberOf(ann))
    await tells(plain, "userOnline", ann.id)
    annsClient.close()
    await tells(numbered, "user:offline", numberOf(ann))
    await tells(plain, "userOffline", ann.id)

    for (const { payload } of eventsOf(numbered.heard, "user:online", "user:offline")) {
      expect(payload).toEqual({ userId: expect.any(Number) })
    }
    expect(eventsOf(numbered.heard, "userOnline", "userOffline")).toEqual([])
    expect(eventsOf(plain.heard, "user:online", "user:offline")).toEqual([])
    expect(
      eventsOf(annsClient.heard, "user:online").map(({ payload }) => payload),
    ).not.toContainEqual({ userId: numberOf(ann) })
  }, 10_000)

  test("userId must name the user of the credentials, and is no credential itself", async () => {
    const auth = { token: ann.token }
    for (const userId of [String(numberOf(ann)), ann.id, ann.name]) {
      clients.push(await openChat(house.url, { auth, query: { userId } }))
    }
    const foreign = await refusalOf(house.url, { auth, query: { userId: numberOf(bob) } })
    const nobody = await refusalOf(house.url, { query: { userId: numberOf(ann) } })

    expect(foreign.data).toEqual({ statusCode: 403 })
    expect([nobody.message, nobody.data]).toEqual(["Unauthorized", { statusCode: 401 }])
  })

  test("given the account ends while connected, then error says so before the end", async () => {
    const client = await open(ann, numberOf(ann))

    await ann.delete("/users/me")

    expect(await client.next("error")).toMatchObject({ success: false, statusCode: 404 })
    await client.disconnected
  })
})

describe("socketio-conversations within limits", () => {
  test("over the rate a message is a message-error, and what was refused is not stored", async () => {
    const house = await openHouse({ env: { CHAT_MAX_MESSAGES_PER_MIN: "1" } })
    const [ann, bob] = [await person(house.url, "ann"), await person(house.url, "bob")]
    await ann.post("/conversations", { user_ids: [bob.id] })
    const client = await chatOf(house.url, ann)
    const draft = { sender_id: 1, conversation_id: 1, message_type: "text", content: "hi" }

    expect(await client.ask("send-message", draft)).toMatchObject({ content: "hi" })
    client.emit("send-message", draft)

    expect(Object.keys(await client.next("message-error"))).toEqual(["error"])
    expect(house.rows("select 1 from messages")).toHaveLength(1)
    client.close()
    await house.stop()
  })

  test("a socket that began with userId is pinged by the event as well", async () => {
    const house = await openHouse({ env: { WS_HEARTBEAT_INTERVAL: "5000" }, sweepMs: 20 })
    const ann = await person(house.url, "ann")
    const client = await chatOf(house.url, ann, { query: { userId: 1 } })

    const pinged = client.next("ping")
    const ticks = setInterval(() => house.clock.advance(5_000), 100)

    expect(await pinged).toEqual({ timestamp: expect.stringMatching(/Z$/) })
    clearInterval(ticks)
    client.close()
    await house.stop()
  })
})

describe("the document's own code, where client ids are trusted", () => {
  let house: House
  const sockets: Socket[] = []
  beforeEach(async () => {
    house = await openHouse({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
  })
  afterEach(async () => {
    for (const socket of sockets) socket.disconnect()
    await house.stop()
  })

  const post = (path: string, body: object) =>
    fetch(house.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })

  test("the walk-through: create, connect, join, send, fetch, on an empty server", async () => {
    const created = await post(CONVERSATIONS, { sender_id: 1, receiver_id: 2 })
    expect(await created.json()).toMatchObject({ id: 1, sender_id: 1, receiver_id: 2 })

    const socket = io(`${house.url}/chat`, { query: { userId: 1 }, forceNew: true })
    sockets.push(socket)
    const received = new Promise((resolve) => socket.on("receive-message", resolve))
    socket.emit("join-conversation", { conversationId: 1, userId: 1 })
    socket.emit("send-message", {
      sender_id: 1,
      conversation_id: 1,
      message_type: "text",
      content: "Hello!",
    })
    const message = await received

    const page = await fetch(`${house.url}${CONVERSATIONS}/1/messages?page=1&limit=20`)
    expect(message).toMatchObject({ sender_id: 1, conversation_id: 1, content: "Hello!" })
    expect(await page.json()).toEqual({
      data: [message],
      page: 1,
      limit: 20,
      total: 1,
      totalPages: 1,
    })
  })

  test("the complete example runs as it stands, and the other one hears it", async () => {
    await post(CONVERSATIONS, { sender_id: 1, receiver_id: 2 })
    const bob = await openChat(house.url, { query: { userId: 2 } })
    sockets.push(bob.socket)
    await bob.ask("join-conversation", { conversationId: 1, userId: 2 })
    const seen: unknown[] = []
    const see =
      (what: string) =>
      (...it: readonly unknown[]) =>
        seen.push([what, ...it])

    const page = {
      io: (address: string, options: object) => {
        const url = address.replace("http://localhost:3000", house.url)
        const socket = io(url, { ...options, forceNew: true })
        sockets.push(socket)
        return socket
      },
      console: { log: see("log"), error: see("error") },
      addMessageToUI: see("message"),
      alert: see("alert"),
      showTypingIndicator: see("typing"),
      hideTypingIndicator: see("not typing"),
      updateUserStatus: see("status"),
    }
    new Function(...Object.keys(page), COMPLETE_EXAMPLE)(...Object.values(page))

    expect(await bob.next("user:online")).toEqual({ userId: 1 })
    expect(await bob.next("receive-message")).toMatchObject({
      sender_id: 1,
      content: "Hello, World!",
    })
    await waitUntil("it has joined", () => JSON.stringify(seen).includes("Joined conversation"))
    bob.emit("typing", { conversationId: 1, userId: 2, isTyping: true })
    await bob.ask("send-message", {
      sender_id: 2,
      conversation_id: 1,
      message_type: "text",
      content: "Hi!",
    })
    await waitUntil("it has all", () => JSON.stringify(seen).includes("Hi!"))

    expect(seen).toContainEqual(["log", "Connected to chat server"])
    expect(seen).toContainEqual([
      "log",
      "Message sent successfully:",
      expect.objectContaining({ content: "Hello, World!" }),
    ])
    expect(seen).toContainEqual(["typing", "User 2 is typing..."])
    expect(seen).toContainEqual(["message", expect.objectContaining({ content: "Hi!" })])
    expect(seen.filter((it) => JSON.stringify(it).startsWith('["alert"'))).toEqual([])
  })
})

/** As it is published, but for the signs before the texts. It types before it has joined. */
const COMPLETE_EXAMPLE = `
// Initialize connection
const socket = io('http://localhost:3000/chat', {
  query: { userId: 1 }
});

// Connection handlers
socket.on('connect', () => {
  console.log('Connected to chat server');

  // Join conversation
  socket.emit('join-conversation', {
    conversationId: 1,
    userId: 1
  });
});

socket.on('disconnect', () => {
  console.log('Disconnected from chat server');
});

// Join conversation confirmation
socket.on('joined-conversation', (data) => {
  console.log('Joined conversation:', data.conversationId);
});

// Receive messages
socket.on('receive-message', (data) => {
  console.log('New message:', data);
  addMessageToUI(data);
});

// Message sent confirmation
socket.on('message-sent', (data) => {
  console.log('Message sent successfully:', data);
});

// Error handling
socket.on('message-error', (data) => {
  console.error('Message error:', data.error);
  alert(data.error);
});

socket.on('error', (data) => {
  console.error('Error:', data.message);
});

// Typing indicators
socket.on('user-typing', (data) => {
  if (data.isTyping) {
    showTypingIndicator(\`User \${data.userId} is typing...\`);
  } else {
    hideTypingIndicator();
  }
});

// User presence
socket.on('user:online', (data) => {
  updateUserStatus(data.userId, 'online');
});

socket.on('user:offline', (data) => {
  updateUserStatus(data.userId, 'offline');
});

// Send a message
function sendMessage(content) {
  socket.emit('send-message', {
    sender_id: 1,
    conversation_id: 1,
    message_type: 'text',
    content: content
  });
}

// Send typing indicator
function setTyping(isTyping) {
  socket.emit('typing', {
    conversationId: 1,
    userId: 1,
    isTyping: isTyping
  });
}

// Usage
sendMessage('Hello, World!');
setTyping(true);  // Start typing
setTimeout(() => setTyping(false), 1000);  // Stop typing after 1s
`
