import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { call, person, roomOf } from "../support/people"
import {
  type AnyFrame,
  openPlainSocket,
  plainWebSocket,
  type RefusedUpgrade,
} from "../support/plain-socket"
import { pythonWith, runPython } from "../support/python"
import { waitUntil } from "../support/wait"

/** As the protocol's document has it. */
const DOCUMENTED = "localhost:8000"

const PYTHON_CLIENT = `
import asyncio
import websockets
import json

async def chat_client():
    uri = "ws://localhost:8000/api/v1/ws/room123/user123"
    async with websockets.connect(uri) as websocket:
        # Receive history
        history = await websocket.recv()
        print(f"History: {history}")
        
        # Send message
        message = {
            "type": "text",
            "content": "Hello!",
            "user_id": "user123"
        }
        await websocket.send(json.dumps(message))
        
        # Receive messages
        while True:
            response = await websocket.recv()
            print(f"Received: {response}")

asyncio.run(chat_client())
`

const JAVASCRIPT_CLIENT = `
const ws = new WebSocket('ws://localhost:8000/api/v1/ws/room123/user123');

ws.onmessage = (event) => {
    const data = JSON.parse(event.data);
    console.log('Received:', data);
};

ws.onopen = () => {
    ws.send(JSON.stringify({
        type: 'text',
        content: 'Hello!',
        user_id: 'user123'
    }));
};
return ws;
`

const PYTHON = pythonWith("websockets")

const SAID = {
  type: "text",
  content: "Hello!",
  room_id: "room123",
  user_id: "user123",
  user: { username: "user123" },
}

describe("given client ids are trusted and the server is empty", () => {
  let house: House

  beforeEach(async () => {
    house = await openHouse({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
  })
  afterEach(() => house.stop())

  const ask = (method: string, path: string, body?: object) =>
    call(house.url, { method, path, ...(body === undefined ? {} : { body }) })
  const addressOf = (room: string, user: string) => `${house.url}/api/v1/ws/${room}/${user}`
  const here = (program: string) => program.replace(DOCUMENTED, new URL(house.url).host)
  const refusalOf = (room: string, user: string, token?: string): Promise<RefusedUpgrade> =>
    openPlainSocket(addressOf(room, user), token === undefined ? {} : { token }).then(
      () => Promise.reject(new Error("it was let in")),
      (error) => error,
    )

  test("every REST request of the document is answered as it says", async () => {
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
    const room = await ask("POST", "/rooms", { name: "General Chat" })
    expect(room.status).toBe(200)
    expect(room.body.id).toBeString()
    expect(room.body.name).toBe("General Chat")
    expect(room.body.created_at).toMatch(time)
    expect((await ask("GET", "/rooms")).body).toEqual([room.body])
    expect((await ask("GET", `/rooms/${room.body.id}`)).body).toEqual(room.body)

    const user = await ask("POST", "/users", { username: "john_doe" })
    expect(user.status).toBe(200)
    expect(user.body.id).toBeString()
    expect(user.body.username).toBe("john_doe")
    expect(user.body.created_at).toMatch(time)
    const { email: _, ...shown } = user.body
    expect((await ask("GET", "/users")).body).toContainEqual(shown)
    expect((await ask("GET", `/users/${user.body.id}`)).body).toEqual(shown)

    const sent = { content: "Hello, World!", user_id: user.body.id, type: "text" }
    const message = await ask("POST", `/rooms/${room.body.id}/messages`, sent)
    expect(message.status).toBe(200)
    expect(message.body).toMatchObject({ ...sent, room_id: room.body.id })
    expect(message.body.id).toBeString()
    expect(message.body.created_at).toMatch(time)
    const history = await ask("GET", `/rooms/${room.body.id}/messages?limit=50`)
    expect([history.status, history.body]).toEqual([200, [message.body]])
  })

  test("the document's JavaScript client runs as it is, in `ws` and in a browser's WebSocket", async () => {
    for (const Client of [await plainWebSocket(), WebSocket]) {
      const received: AnyFrame[] = []
      const log = (_: string, data: AnyFrame) => received.push(data)
      const run = new Function("WebSocket", "console", here(JAVASCRIPT_CLIENT))

      const ws = run(Client, { log })

      await waitUntil("both frames came", () => received.length === 2)
      expect(received[0].type).toBe("history")
      expect(received[1]).toMatchObject(SAID)
      ws.close()
    }
    const { body } = await ask("GET", "/rooms/room123/messages?limit=50")
    expect(body).toMatchObject([SAID, SAID])
  })

  test.skipIf(PYTHON === null)(
    "the document's Python client runs as it is, and hears others come, speak and go",
    async () => {
      const client = runPython(PYTHON ?? "", here(PYTHON_CLIENT))

      expect(JSON.parse(await client.line("History: "))).toEqual({ type: "history", messages: [] })
      const hears = async () => JSON.parse(await client.line("Received: "))
      expect(await hears()).toMatchObject(SAID)
      const other = await openPlainSocket(addressOf("room123", "user456"))
      expect(await hears()).toMatchObject({ content: "User user456 joined the chat" })
      other.send({ type: "text", content: "Hi!", user_id: "user456" })
      expect(await hears()).toMatchObject({ content: "Hi!", user_id: "user456" })
      other.close()
      expect(await hears()).toMatchObject({ type: "system", content: "User user456 left the chat" })
      await client.end()
    },
  )

  test.skipIf(PYTHON === null)("Python's websockets sees a refusal with its status", async () => {
    const uri = addressOf("a%20b", "user123").replace("http", "ws")
    const program = `
import asyncio, websockets
async def main():
    try:
        async with websockets.connect("${uri}"):
            pass
    except Exception as error:
        print(f"Refused: {error}")
asyncio.run(main())
`
    const client = runPython(PYTHON ?? "", program)

    expect(await client.line("Refused: ")).toContain("400")
    await client.end()
  })

  test("a room that is joined is made, public and nobody's, with the name as its id", async () => {
    const socket = await openPlainSocket(addressOf("room123", "user123"))
    expect(await socket.next()).toEqual({ type: "history", messages: [] })

    const { body: rooms } = await ask("GET", "/rooms")
    expect(rooms).toMatchObject([
      { id: "room123", name: "room123", type: "public", created_by: null, user_count: 1 },
    ])
    socket.close()
  })

  test("a number in the address is the numeric id of a user who is made", async () => {
    const socket = await openPlainSocket(addressOf("room123", "4711"))
    await socket.next()

    socket.send({ type: "text", content: "hello", user_id: 4711 })

    expect(await socket.next()).toMatchObject({ user: { username: "user-4711" } })
    expect(house.rows("select username from users where numeric_id = 4711")).toHaveLength(1)
    socket.close()
  })

  test("a frame in the name of another is refused here too, and makes nobody", async () => {
    const socket = await openPlainSocket(addressOf("room123", "user123"))
    await socket.next()
    const before = house.everything()

    socket.send({ type: "text", content: "hello", user_id: "user456" })

    expect(await socket.next()).toMatchObject({ type: "error", code: "forbidden" })
    expect(house.everything()).toEqual(before)
    socket.close()
  })

  test("nobody with an account can be claimed, nor a name that is none", async () => {
    const ann = await person(house.url, "ann")
    const before = house.everything()

    for (const user of [ann.id, "ann", "1", "system", "0"]) {
      expect(await refusalOf("room123", user)).toMatchObject({ status: 403 })
    }
    for (const user of ["a%20b", "user:1", "x".repeat(101), "9999999999"]) {
      expect(await refusalOf("room123", user)).toMatchObject({ status: 400 })
    }
    expect(await refusalOf("room123", "user123", "not.a.token")).toMatchObject({ status: 401 })
    expect(house.everything()).toEqual(before)
  })

  test("a hidden room is 403, one that has ended 404, a full one 409, a banned one's 403", async () => {
    const ann = await person(house.url, "ann")
    const { body: hidden } = await ann.post("/rooms", { name: "hidden", type: "private" })
    const gone = await roomOf(ann)
    await ann.delete(`/rooms/${gone.id}`)
    const { body: full } = await ann.post("/rooms", { name: "solo", max_users: 1 })
    const inside = await openPlainSocket(addressOf(full.id, ann.id), { token: ann.token })
    const strict = await roomOf(ann)
    await ask("POST", `/rooms/${strict.id}/messages`, { content: "spam", user_id: "user123" })
    await ann.put(`/rooms/${strict.id}/bans/user123`)
    const members = house.rows("select * from members")

    const refusals = []
    for (const { id } of [hidden, gone, full, strict]) {
      const { status, body } = await refusalOf(id, "user123")
      refusals.push([status, body.code, body.detail === "Forbidden"])
    }

    expect(refusals).toEqual([
      [403, "forbidden", true],
      [404, "room_not_found", false],
      [409, "room_full", false],
      [403, "banned", false],
    ])
    expect(house.rows("select * from members")).toEqual(members)
    inside.close()
  })

  test("refuses the 21st room of a minute at the door, with 429, and lets known ones be joined", async () => {
    for (let i = 0; i < 20; i++) {
      const socket = await openPlainSocket(addressOf(`room-${i}`, "user123"))
      await socket.next()
      socket.close()
    }
    const rooms = house.rows("select id from rooms")

    expect(await refusalOf("room-20", "user123")).toMatchObject({
      status: 429,
      body: { code: "rate_limited" },
    })

    expect(house.rows("select id from rooms")).toEqual(rooms)
    const known = await openPlainSocket(addressOf("room-0", "user123"))
    expect(await known.next()).toMatchObject({ type: "history" })
    known.close()
  })
})

test("with CHAT_AUTO_CREATE_ROOMS=false no room is made by joining it: 404", async () => {
  const env = { CHAT_TRUST_CLIENT_IDS: "true", CHAT_AUTO_CREATE_ROOMS: "false" }
  const house = await openHouse({ env })

  const refusal = await openPlainSocket(`${house.url}/api/v1/ws/room123/user123`).catch((it) => it)

  expect(refusal).toMatchObject({ status: 404, body: { code: "room_not_found" } })
  expect(house.rows("select id from rooms")).toEqual([])
  await house.stop()
})
