import { afterEach, describe, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import type { RateLimitName } from "../../src/core/rate-limit"
import { refusalOf } from "../support/chat-client"
import { type Handshake, shakeHands } from "../support/handshake"
import { createLinkHub, type HubLink } from "../support/link-hub"
import {
  type Answer,
  asPerson,
  call,
  PASSWORD,
  type Person,
  person,
  roomOf,
} from "../support/people"
import { createScratch } from "../support/scratch"
import { startServer, type TestServer } from "../support/server"
import { openSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const NO_LIMITS = {
  CHAT_HTTP_MAX_PER_MIN: "0",
  CHAT_AUTH_MAX_PER_MIN: "0",
  CHAT_MAX_MESSAGES_PER_MIN: "0",
  CHAT_MAX_JOINS_PER_MIN: "0",
  CHAT_MAX_TYPING_PER_MIN: "0",
  CHAT_MAX_ROOMS_PER_USER: "0",
  CHAT_MAX_CONNECTIONS_PER_USER: "0",
  CHAT_MAX_CONNECTIONS_PER_ADDRESS: "0",
  CHAT_TRUST_PROXY: "1",
}

/** What nodes have told of one topic: a node that only listens adds it up. */
function listenTo(link: HubLink, topic: string) {
  const counts = new Map<string, number>()
  link.hear(topic, (word, from) => {
    const { entries = [] } = word as { readonly entries?: readonly [unknown, number][] }
    for (const [key, count] of entries) counts.set(JSON.stringify([key, from]), count)
  })
  return {
    /** Of one key, on all nodes together. */
    most(): number {
      const sums = new Map<string, number>()
      for (const [text, count] of counts) {
        const key = JSON.stringify(JSON.parse(text)[0])
        sums.set(key, (sums.get(key) ?? 0) + count)
      }
      return Math.max(0, ...sums.values())
    },
  }
}

/** Two servers of one database. */
async function openCluster(env: Readonly<Record<string, string>>) {
  const scratch = createScratch()
  closing.push(scratch.remove)
  const hub = createLinkHub()
  const tokenSecret = randomBytes(32)
  async function openNode(): Promise<TestServer & { readonly link: HubLink }> {
    const link = hub.join()
    const options = { path: scratch.path("parley.db"), tokenSecret, link }
    const server = await startServer({ ...options, env: { ...NO_LIMITS, ...env } })
    closing.push(server.stop)
    return { ...server, link }
  }
  return { hub, first: await openNode(), second: await openNode() }
}

/** The same person, at another node. */
const at = ({ url }: TestServer, { id, name, token }: Person): Person =>
  asPerson(url, {
    status: 200,
    headers: new Headers(),
    body: { access_token: token, refresh_token: "", user: { id, username: name } },
  })

interface Case {
  readonly name: RateLimitName
  readonly env: Readonly<Record<string, string>>
  readonly max: number
  readonly act: (person: Person, url: string, roomId: string) => Promise<{ readonly code: unknown }>
}

const answered = async (answer: Promise<Answer>) => {
  const { status, body } = await answer
  return { code: status < 300 ? null : body.code }
}

async function asked(person: Person, type: string, data: unknown) {
  const socket = await person.connect()
  const frame = await socket.ask(type, data)
  socket.close()
  await socket.closed
  return { code: frame.type === "ok" ? null : frame.data.code }
}

const login = { method: "POST", path: "/auth/login", body: { username: "ann", password: PASSWORD } }

const CASES: readonly Case[] = [
  {
    name: "messages",
    env: { CHAT_MAX_MESSAGES_PER_MIN: "4" },
    max: 4,
    act: (ann, _, room) => answered(ann.post(`/rooms/${room}/messages`, { content: "hello" })),
  },
  {
    name: "joins",
    env: { CHAT_MAX_JOINS_PER_MIN: "4" },
    max: 4,
    async act(ann, _, room) {
      const { code } = await answered(ann.post(`/rooms/${room}/join`))
      if (code === null) await ann.post(`/rooms/${room}/leave`)
      return { code }
    },
  },
  {
    name: "typing",
    env: { CHAT_MAX_TYPING_PER_MIN: "4" },
    max: 4,
    act: (ann, _, room) => asked(ann, "typing", { room_id: room, is_typing: true }),
  },
  {
    name: "profile-changes",
    env: {},
    max: 10,
    act: (ann) => answered(ann.patch("/users/me", { display_name: Bun.randomUUIDv7() })),
  },
  {
    name: "http-requests",
    env: { CHAT_HTTP_MAX_PER_MIN: "12" },
    max: 12,
    act: (ann) => answered(ann.get("/rooms")),
  },
  {
    name: "auth-attempts",
    env: { CHAT_AUTH_MAX_PER_MIN: "6" },
    max: 6,
    act: (_, url) => answered(call(url, login)),
  },
]

describe("limits of so many a minute, over two nodes", () => {
  test.each([...CASES])("of $name are used up once for both", async ({ name, env, max, act }) => {
    const { hub, first, second } = await openCluster(env)
    const told = listenTo(hub.join(), `rate:${name}`)
    const bob = await person(first.url, "bob")
    const { id: room } = await roomOf(bob)
    const ann = await person(first.url, "ann")
    const annAtSecond = at(second, ann)
    expect((await act(ann, first.url, room)).code).toBeNull()
    expect((await act(annAtSecond, second.url, room)).code).toBeNull()

    for (let turn = 0; turn < max; turn++) {
      if ((await act(ann, first.url, room)).code !== null) break
    }
    await waitUntil("all nodes have told all that they counted", () => told.most() >= max)

    expect((await act(annAtSecond, second.url, room)).code).toBe("rate_limited")
    first.clock.advance(60_000)
    second.clock.advance(60_000)
    expect((await act(annAtSecond, second.url, room)).code).toBeNull()
  })

  test("have the names that other versions know them by", async () => {
    const topics: string[] = []
    const link = createLinkHub().join()
    const server = await startServer({
      env: { CHAT_AUTH_MAX_PER_MIN: "1", CHAT_HTTP_MAX_PER_MIN: "1" },
      link: {
        ...link,
        hear(topic, heard) {
          topics.push(topic)
          link.hear(topic, heard)
        },
      },
    })
    closing.push(server.stop)

    expect(topics.sort()).toEqual([
      "connections:address",
      "connections:guests",
      "connections:user",
      "rate:auth-attempts",
      "rate:claimed-users",
      "rate:http-files",
      "rate:http-requests",
      "rate:joins",
      "rate:link-previews",
      "rate:message-changes",
      "rate:messages",
      "rate:new-names",
      "rate:profile-changes",
      "rate:searches",
      "rate:statuses",
      "rate:typing",
      "rate:uploads",
      "totals:socket-io",
    ])
  })

  test("tell no other node what somebody typed to log in", async () => {
    const { hub, first } = await openCluster({ CHAT_AUTH_MAX_PER_MIN: "10" })
    const words: string[] = []
    hub.join().hear("rate:auth-attempts", (word) => words.push(JSON.stringify(word)))

    await call(first.url, {
      ...login,
      body: { username: "my-secret-by-mistake", password: PASSWORD },
    })

    await waitUntil("it is counted", () => words.length > 0)
    expect(words.join()).not.toContain("by-mistake")
    expect(words.join()).toContain("127.0.0.1")
  })
})

const FROM = { "x-forwarded-for": "203.0.113.7" }

describe("connections, over two nodes", () => {
  const untilTold = (told: { readonly most: () => number }, count: number) =>
    waitUntil(`${count} are told`, () => told.most() === count)

  const open = async (url: string, { token }: Person): Promise<Handshake> => {
    const answer = await shakeHands(`${url}/api/v1/ws?token=${token}`, FROM)
    closing.push(answer.cut)
    return answer
  }

  test("of a user beyond 2 are refused wherever they come, and taken when one has gone", async () => {
    const { hub, first, second } = await openCluster({ CHAT_MAX_CONNECTIONS_PER_USER: "2" })
    const ann = await person(first.url, "ann")
    const bob = await person(first.url, "bob")
    const told = listenTo(hub.join(), "connections:user")
    const one = await open(first.url, ann)
    await open(second.url, ann)
    await untilTold(told, 2)

    expect((await open(first.url, ann)).status).toBe(429)
    expect((await open(second.url, ann)).status).toBe(429)
    const late = await openSocket(`${second.url}/api/v1/ws`)
    expect(await late.ask("auth", { token: ann.token })).toMatchObject({
      data: { code: "rate_limited" },
    })
    expect((await late.closed).code).toBe(4202)
    expect((await refusalOf(second.url, { auth: { token: ann.token } })).data).toEqual({
      statusCode: 429,
    })
    expect((await open(second.url, bob)).status).toBe(101)
    one.cut()
    await untilTold(told, 1)
    expect((await open(second.url, ann)).status).toBe(101)
  })

  test("of an address beyond 1 are refused wherever they come", async () => {
    const { hub, first, second } = await openCluster({ CHAT_MAX_CONNECTIONS_PER_ADDRESS: "1" })
    const ann = await person(first.url, "ann")
    const bob = await person(first.url, "bob")
    const told = listenTo(hub.join(), "connections:address")
    await open(first.url, ann)
    await untilTold(told, 1)

    expect((await open(second.url, bob)).status).toBe(429)
    const options = { auth: { token: bob.token }, extraHeaders: FROM }
    expect((await refusalOf(second.url, options)).data).toEqual({ statusCode: 429 })
    const other = { "x-forwarded-for": "203.0.113.8" }
    const elsewhere = await shakeHands(`${second.url}/api/v1/ws?token=${bob.token}`, other)
    expect(elsewhere.status).toBe(101)
    elsewhere.cut()
  })

  test("of Socket.IO that join nothing are counted together, too", async () => {
    const { hub, first, second } = await openCluster({ CHAT_MAX_CONNECTIONS_PER_ADDRESS: "1" })
    const begin = async ({ url }: TestServer) =>
      (await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: FROM })).status

    const told = listenTo(hub.join(), "connections:guests")
    await begin(first)
    await untilTold(told, 1)

    expect(await begin(second)).toBe(429)
  })

  test("from this very machine do not count in development", async () => {
    const { hub, first, second } = await openCluster({ CHAT_MAX_CONNECTIONS_PER_ADDRESS: "1" })
    const ann = await person(first.url, "ann")
    const told = listenTo(hub.join(), "connections:address")
    await ann.connect()
    await untilTold(told, 1)

    const socket = await at(second, ann).connect()

    expect((await socket.ask("ping")).type).toBe("ok")
  })

  test("of a node that is lost are nobody's any more", async () => {
    const { hub, first, second } = await openCluster({ CHAT_MAX_CONNECTIONS_PER_USER: "1" })
    const ann = await person(first.url, "ann")
    const told = listenTo(hub.join(), "connections:user")
    await open(first.url, ann)
    await untilTold(told, 1)
    expect((await open(second.url, ann)).status).toBe(429)

    first.link.leave()

    expect((await open(second.url, ann)).status).toBe(101)
  })

  test("of a node that has stopped are nobody's any more", async () => {
    const { hub, first, second } = await openCluster({ CHAT_MAX_CONNECTIONS_PER_USER: "1" })
    const ann = await person(first.url, "ann")
    const told = listenTo(hub.join(), "connections:user")
    await ann.connect()
    await untilTold(told, 1)
    expect((await open(second.url, ann)).status).toBe(429)

    await first.stop()

    expect((await open(second.url, ann)).status).toBe(101)
  })
})
