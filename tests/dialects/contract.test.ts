/** What holds for all protocols, and is no story of one room: the rest is in `conformance/`. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { io } from "socket.io-client"
import { keepLog } from "../support/log"
import { ONE_OF_EACH, PROTOCOLS } from "../support/protocols"
import { Refused } from "../support/protocols/speaker"
import { openStage, type Stage } from "../support/protocols/stage"
import { waitUntil } from "../support/wait"

const KEY = "the internal key"
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const { log, text: logged } = keepLog("trace")
let stage: Stage
beforeAll(async () => {
  stage = await openStage({ log, env: { INTERNAL_API_KEY: KEY, LOG_LEVEL: "trace" } })
})
afterEach(() => stage.clear())
afterAll(() => stage.stop())

const direct = async () => {
  const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
  return { ann, bob, place: await stage.direct(ann, bob) }
}

test("a URL with ?token= is logged without it, whatever the protocol, good or bad", async () => {
  const { ann, place } = await direct()
  for (const protocol of PROTOCOLS) {
    await stage.arrive(protocol, ann, place, { query: { token: ann.token } })
    const bad = stage.arrive(protocol, ann, place, { query: { token: "a-wrong-secret" } })
    await expect(bad).rejects.toBeInstanceOf(Refused)
  }

  expect(logged()).toContain("/chat/ws")
  expect(logged()).not.toContain(ann.token)
  expect(logged()).not.toContain("a-wrong-secret")
})

test("what is said is in no log, whatever the protocol", async () => {
  const { ann, place } = await direct()
  for (const protocol of PROTOCOLS) {
    const hers = await stage.arrive(protocol, ann, place)
    hers.say("a most private word")
    expect(await hers.next()).toBe("ann: a most private word")
  }

  expect(logged()).not.toContain("most private")
})

test("GET /stats counts each user once, over all protocols", async () => {
  const count = async (): Promise<unknown> => {
    const headers = { "x-internal-api-key": KEY }
    return (await fetch(`${stage.house.url}/stats`, { headers })).json()
  }
  await waitUntil("those before have gone", async () => {
    return JSON.stringify(await count()) === JSON.stringify({ connectedUsers: 0 })
  })
  const { ann, bob, place } = await direct()

  for (const protocol of PROTOCOLS) await stage.arrive(protocol, ann, place)
  await stage.settle()
  expect(await count()).toEqual({ connectedUsers: 1 })
  await stage.arrive(ONE_OF_EACH[0] ?? fail(), bob, place)
  await stage.settle()
  expect(await count()).toEqual({ connectedUsers: 2 })
})

test("user_count of a room counts each user once, over all protocols, and members stay", async () => {
  const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
  const place = await stage.room(ann)
  const devices = []
  for (const protocol of PROTOCOLS.filter(({ hasRooms }) => hasRooms)) {
    devices.push(await stage.arrive(protocol, bob, place))
  }
  const counts = async () => (await ann.get(`/rooms/${place.id}`)).body

  expect(await counts()).toMatchObject({ user_count: 1, member_count: 2 })
  for (const it of devices) await it.leave()
  await waitUntil("he has gone", async () => (await counts()).user_count === 0)
  expect(await counts()).toMatchObject({ user_count: 0, member_count: 2 })
})

describe("room ids", () => {
  test("of rooms made through an API are UUIDs", async () => {
    const ann = await stage.guest("ann")
    const commands = await stage.connect(
      ONE_OF_EACH.find(({ name }) => name === "room-commands") ?? fail(),
      ann,
      { id: "", numericId: 0 },
    )
    commands.line.send({ type: "create_room", data: { name: "mine", type: "public" } })
    await commands.line.moreThan(0)

    expect(commands.line.frames[0].data.id).toMatch(UUID)
    expect((await ann.post("/rooms", { name: "mine" })).body.id).toMatch(UUID)
    expect((await direct()).place.id).toMatch(UUID)
  })

  const NAMING = PROTOCOLS.filter(({ name }) => /^(socketio-rooms|gateway-events)$/.test(name))

  test.each([...NAMING])(
    "of the client's choosing have 1 to 100 characters of a few: $title",
    async (protocol) => {
      const ann = await stage.guest("ann")
      const come = (id: string) => stage.arrive(protocol, ann, { id, numericId: 0 })
      const end = PROTOCOLS.indexOf(protocol)

      for (const id of [`Room_${end}`, `a-b.c${end}`, `..${end}`, "x".repeat(99) + end]) {
        await come(id)
        const { body } = await ann.get(`/rooms/${id}`)
        expect(body).toMatchObject({ id, name: id, type: "public", created_by: null })
      }
      for (const id of ["", ".", "..", "x".repeat(101), "a b", "a/b", "ä", "a:b", "a\0b", "*"]) {
        await expect(come(id)).rejects.toBeInstanceOf(Refused)
      }
    },
  )

  test.each([...NAMING])(
    "of the client's choosing name rooms that nobody turns private: $title",
    async (protocol) => {
      const ann = await stage.guest("ann")
      const id = `nobodys-${PROTOCOLS.indexOf(protocol)}`
      await stage.arrive(protocol, ann, { id, numericId: 0 })

      expect((await ann.patch(`/rooms/${id}`, { type: "private" })).status).toBe(403)
      expect((await ann.get(`/rooms/${id}`)).body.type).toBe("public")
    },
  )
})

test("raw sockets are pinged every CHAT_PING_PERIOD; who answers stays, who does not is closed", async () => {
  const own = await openStage({ env: { CHAT_PING_PERIOD: "10s", CHAT_PONG_WAIT: "30s" } })
  // The look once a second is real, so a quarter of a minute goes by between two.
  const clock = setInterval(() => own.house.clock.advance(1_500), 100)
  try {
    const [ann, bob] = [await own.guest("ann"), await own.guest("bob")]
    const place = await own.direct(ann, bob)
    const raw = ONE_OF_EACH.filter(({ name }) => !name.startsWith("socketio"))
    const listeners = []
    const gone = []
    for (const protocol of raw) {
      listeners.push(await own.arrive(protocol, ann, place))
      gone.push(await own.arrive(protocol, bob, place, { answersPings: false }))
    }

    for (const { line } of gone) expect(await line.closed).toBe(4009)

    for (const it of listeners) {
      it.say("still here")
      while ((await it.next()) !== "ann: still here");
    }
  } finally {
    clearInterval(clock)
    await own.stop()
  }
}, 20_000)

test("WS_NAMESPACE says where Socket.IO is joined, and it is joined nowhere else", async () => {
  const own = await openStage({ env: { WS_NAMESPACE: "/talk" } })
  const ann = await own.guest("ann")
  const join = (namespace: string) => {
    const socket = io(`${own.house.url}${namespace}`, {
      auth: { token: ann.token },
      forceNew: true,
      reconnection: false,
    })
    const settled = new Promise<string>((resolve) => {
      socket.on("connect", () => resolve("in"))
      socket.on("connect_error", ({ message }) => resolve(message))
    })
    return { socket, settled }
  }
  const [there, elsewhere] = [join("/talk"), join("/chat")]

  expect(await there.settled).toBe("in")
  expect(await elsewhere.settled).toBe("Invalid namespace")
  there.socket.emit("joinRoom", { roomId: "general" })
  const users = await new Promise((resolve) => there.socket.on("roomUsers", resolve))
  expect(users).toMatchObject({ roomId: "general" })

  there.socket.disconnect()
  elsewhere.socket.disconnect()
  await own.stop()
})

function fail(): never {
  throw new Error("there is none")
}
