import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { SYSTEM_USER_ID } from "../../src/protocol/ids"
import { type GatewayClient, openGatewayClient } from "../support/gateway-client"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import type { Answer } from "../support/people"
import { type Person, person } from "../support/people"
import { expectProblem } from "../support/scenarios"
import { waitUntil } from "../support/wait"

const KEY = "a gateway's own secret"

type Headers = Readonly<Record<string, string>>

interface Asking {
  readonly headers?: Headers
  readonly house?: House
}

let house: House
let ann: Person
let bob: Person

beforeAll(async () => {
  house = await openHouse({ env: { INTERNAL_API_KEY: KEY } })
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
})
afterAll(() => house.stop())

const open: GatewayClient[] = []
afterEach(async () => {
  for (const it of open.splice(0)) {
    it.close()
    await it.closed
  }
})

async function arrive({ token }: Person): Promise<GatewayClient> {
  const client = await openGatewayClient(`${house.url}/chat/ws`, {
    authorization: `Bearer ${token}`,
  })
  open.push(client)
  return client
}

const withKey: Headers = { "x-internal-api-key": KEY }

async function ask(
  method: string,
  path: string,
  body: string | undefined,
  options: Asking = {},
): Promise<Answer> {
  const { headers = withKey, house: at = house } = options
  const response = await fetch(at.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body }),
  })
  const { status } = response
  return { status, headers: response.headers, body: await response.json() }
}

/** Who was online is stored at any time; what was said, only when it is. */
const written = () => [
  house.rows("select numeric_id, content from messages"),
  house.rows("select id, head from rooms"),
]

const announce = (body: unknown, options?: Asking) =>
  ask("POST", "/send-system-message", JSON.stringify(body), options)
const stats = (options?: Asking) => ask("GET", "/stats", undefined, options)

describe("POST /send-system-message", () => {
  test("is stored, its author system, and answered with its id", async () => {
    const { body: room } = await ann.post("/rooms", { name: "room" })

    const { status, body } = await announce({ roomId: room.id, message: "Back in 5 minutes" })

    expect([status, Object.keys(body)]).toEqual([200, ["id"]])
    const { body: stored } = await ann.get(`/messages/${body.id}`)
    expect(stored).toMatchObject({
      id: body.id,
      room_id: room.id,
      type: "system",
      content: "Back in 5 minutes",
      user_id: SYSTEM_USER_ID,
      user: { username: "system" },
      seq: room.head + 1,
    })
    expect((await ann.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 1 })
  })

  test("reaches the room on every protocol, in its own form, and no other room", async () => {
    const here = await arrive(ann)
    const elsewhere = await arrive(bob)
    await here.join("lobby")
    await elsewhere.join("attic")
    const native = await listening(bob, { id: "lobby" })
    await here.next()

    const { body } = await announce({ roomId: "lobby", message: "Hello & welcome" })

    const { data } = await native.next("message.created")
    expect(data).toMatchObject({ id: body.id, type: "system", content: "Hello & welcome" })
    expect(await here.next()).toEqual({
      event: "chat.system",
      data: { roomId: "lobby", message: "Hello & welcome", timestamp: data.created_at },
    })
    expect(await here.rest()).toEqual([])
    expect(await elsewhere.rest()).toEqual([])
    native.close()
  })

  test("reaches a private room, where nobody else may look in", async () => {
    const { body: room } = await ann.post("/rooms", { name: "secret", type: "private" })

    const { status, body } = await announce({ roomId: room.id, message: "Psst" })

    expect(status).toBe(200)
    expect((await ann.get(`/messages/${body.id}`)).status).toBe(200)
    expect((await bob.get(`/messages/${body.id}`)).status).toBe(404)
  })

  test("takes its place among what others say, without gaps", async () => {
    const { body: room } = await ann.post("/rooms", { name: "room" })
    const say = (content: string) => ann.post(`/rooms/${room.id}/messages`, { content })

    await Promise.all([
      ...[1, 2, 3].map((nth) => say(`${nth}`)),
      ...[4, 5, 6].map((nth) => announce({ roomId: room.id, message: `${nth}` })),
    ])

    const { body: messages } = await ann.get(`/rooms/${room.id}/messages`)
    expect(messages.map(({ seq }: { seq: number }) => seq - room.head)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test("may have 4000 characters as other messages do, not 4001", async () => {
    const { body: room } = await ann.post("/rooms", { name: "room" })

    expect((await announce({ roomId: room.id, message: "👍".repeat(4_000) })).status).toBe(200)
    const answer = await announce({ roomId: room.id, message: "👍".repeat(4_001) })
    expectProblem(answer, "invalid_request", ["message"])
  })

  test("counts towards nobody's rate of messages", async () => {
    const strict = await openHouse({
      env: { INTERNAL_API_KEY: KEY, CHAT_MAX_MESSAGES_PER_MIN: "1" },
    })
    const owner = await person(strict.url, "ann")
    const { body: room } = await owner.post("/rooms", { name: "room" })

    const answers = []
    for (let nth = 1; nth <= 5; nth++) {
      answers.push(await announce({ roomId: room.id, message: `${nth}` }, { house: strict }))
    }

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    await strict.stop()
  })

  test("there is no unknown room, no deleted one, and no conversation", async () => {
    const { body: deleted } = await ann.post("/rooms", { name: "room" })
    await ann.delete(`/rooms/${deleted.id}`)
    const { body: direct } = await ann.post("/conversations", { user_ids: [bob.id] })
    const before = written()

    for (const roomId of ["nowhere", deleted.id, direct.id]) {
      expectProblem(await announce({ roomId, message: "hello" }), "room_not_found")
    }
    expect(written()).toEqual(before)
  })

  test.each<[string, string, readonly string[] | undefined]>([
    ["no object", '"hello"', undefined],
    ["a list", "[]", undefined],
    ["no JSON", "{", undefined],
    ["no room", '{"message":"hello"}', ["roomId"]],
    ["a room that is a number", '{"roomId":1,"message":"hello"}', ["roomId"]],
    ["a topic of ours", '{"roomId":"user:1","message":"hello"}', ["roomId"]],
    ["no message", '{"roomId":"lobby"}', ["message"]],
    ["an empty message", '{"roomId":"lobby","message":""}', ["message"]],
    ["a message that is a number", '{"roomId":"lobby","message":1}', ["message"]],
    ["a NUL in the message", '{"roomId":"lobby","message":"a\\u0000"}', ["message"]],
    ["half a character", '{"roomId":"lobby","message":"\\ud800"}', ["message"]],
    ["fields in the prototype", '{"__proto__":{"roomId":"lobby","message":"hello"}}', undefined],
  ])("with %s is malformed, and nothing is stored", async (_, body, wrong) => {
    const before = written()

    const answer = await ask("POST", "/send-system-message", body)

    expectProblem(answer, "invalid_request", wrong)
    expect(written()).toEqual(before)
  })
})

describe("GET /stats", () => {
  test("counts users, not connections, over all protocols", async () => {
    const isCounted = (users: number) => async () => (await stats()).body.connectedUsers === users
    await waitUntil("nobody is connected", isCounted(0))

    const sockets = [await arrive(ann), await arrive(ann)]
    const native = await bob.connect()

    expect((await stats()).body).toEqual({ connectedUsers: 2 })
    native.close()
    await waitUntil("bob has gone", isCounted(1))
    sockets[0]?.close()
    await sockets[0]?.closed
    expect((await stats()).body).toEqual({ connectedUsers: 1 })
  })
})

describe("the internal key", () => {
  const asks = [
    ["POST /send-system-message", (it: Asking) => announce({ roomId: "lobby", message: "-" }, it)],
    ["POST /send-system-message with a body that is none", (it: Asking) => announce(1, it)],
    ["GET /stats", stats],
  ] as const

  describe.each([...asks])("of %s", (_, request) => {
    test.each<[string, () => Headers]>([
      ["missing", () => ({})],
      ["wrong", () => ({ "x-internal-api-key": "wrong" })],
      ["empty", () => ({ "x-internal-api-key": "" })],
      ["only the beginning of it", () => ({ "x-internal-api-key": KEY.slice(0, -1) })],
      ["of a user", () => ({ authorization: `Bearer ${ann.token}` })],
      ["of a user, as a cookie", () => ({ cookie: `access_token=${ann.token}` })],
      ["as another header", () => ({ "x-api-key": KEY })],
    ])("%s: 401", async (_case, headers) => {
      const before = written()

      expectProblem(await request({ headers: headers() }), "unauthorized")
      expect(written()).toEqual(before)
    })
  })

  test("is needed by nobody's leave where there is none: all are answered 401", async () => {
    const keyless = await openHouse()

    for (const [, request] of asks) {
      for (const headers of [withKey, {}, { "x-internal-api-key": "" }]) {
        expectProblem(await request({ headers, house: keyless }), "unauthorized")
      }
    }
    await keyless.stop()
  })

  test("may be guessed CHAT_HTTP_MAX_PER_MIN times a minute, as other REST is asked", async () => {
    const strict = await openHouse({
      env: { INTERNAL_API_KEY: KEY, CHAT_HTTP_MAX_PER_MIN: "3" },
    })
    const headers = { "x-internal-api-key": "guessed" }

    const answers = [
      await stats({ headers, house: strict }),
      await announce({}, { headers, house: strict }),
      await ask("GET", "/stats/", undefined, { headers, house: strict }),
      await stats({ house: strict }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429])
    expect((await fetch(`${strict.url}/health`)).status).toBe(200)
    await strict.stop()
  })
})
