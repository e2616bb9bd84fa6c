import { describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import {
  type Answer,
  asPerson,
  call,
  PASSWORD,
  type Person,
  person,
  roomOf,
} from "../support/people"
import { expectProblem } from "../support/scenarios"
import { startServer, type TestServerOptions } from "../support/server"

/** A house that is as an operator would have it, but for what the test says. */
async function withHouse(
  env: NonNullable<TestServerOptions["env"]>,
  story: (house: House, ann: Person) => Promise<void>,
): Promise<void> {
  const house = await openHouse({ env })
  try {
    await story(house, await person(house.url, "ann"))
  } finally {
    await house.stop()
  }
}

async function expectAccepted(count: number, act: (index: number) => Promise<Answer>) {
  for (let index = 0; index < count; index++) {
    const { status, body } = await act(index)
    if (status >= 300) throw new Error(`number ${index + 1} was refused: ${JSON.stringify(body)}`)
  }
}

/** Refused, and told when to come back: within the minute. */
function expectRateLimited(answer: Answer): void {
  expectProblem(answer, "rate_limited")
  const seconds = Number(answer.headers.get("retry-after"))
  expect(seconds).toBeGreaterThanOrEqual(1)
  expect(seconds).toBeLessThanOrEqual(60)
}

/** An empty setting is an unset one: the default of the environment counts. */
const DEFAULT = ""

describe("messages", () => {
  test.each([
    ["refuses the 61st message of a minute in development", "development", 60],
    ["refuses the 31st message of a minute in production", "production", 30],
  ])("%s, and accepts one again when it is over", async (_name, NODE_ENV, max) => {
    await withHouse({ NODE_ENV, CHAT_MAX_MESSAGES_PER_MIN: DEFAULT }, async (house, ann) => {
      const rooms = [await roomOf(ann), await roomOf(ann)]
      const say = (index: number) =>
        ann.post(`/rooms/${rooms[index % 2].id}/messages`, { content: "x" })
      await expectAccepted(max, say)

      expectRateLimited(await say(0))

      expect(house.rows("select count(*) as count from messages")).toEqual([{ count: max }])
      house.clock.advance(60_000)
      expect((await say(0)).status).toBe(200)
    })
  })

  test("those that are refused do not count", async () => {
    await withHouse({ CHAT_MAX_MESSAGES_PER_MIN: "2" }, async (house, ann) => {
      const room = await roomOf(ann)
      const bob = await person(house.url, "bob")
      const say = (by: Person, body: object, id = room.id) => by.post(`/rooms/${id}/messages`, body)
      for (let index = 0; index < 5; index++) {
        expectProblem(await say(ann, { content: "x" }, "no-such-room"), "room_not_found")
        expectProblem(await say(ann, { content: "" }), "invalid_request")
        expectProblem(await say(bob, { content: "x", type: "system" }), "forbidden")
      }

      await expectAccepted(2, () => say(ann, { content: "x" }))
      expectRateLimited(await say(ann, { content: "x" }))
      await expectAccepted(2, () => say(bob, { content: "x" }))
    })
  })

  test("those that had been sent before do not count again", async () => {
    await withHouse({ CHAT_MAX_MESSAGES_PER_MIN: "2" }, async (_house, ann) => {
      const room = await roomOf(ann)
      const say = (clientId: string) =>
        ann.post(`/rooms/${room.id}/messages`, { content: "x", client_id: clientId })
      await expectAccepted(5, () => say("first"))

      expect((await say("second")).status).toBe(200)
      expectRateLimited(await say("third"))
    })
  })

  test("those of one user count over all edges together", async () => {
    await withHouse({ CHAT_MAX_MESSAGES_PER_MIN: "2" }, async (_house, ann) => {
      const room = await roomOf(ann)
      const socket = await ann.connect()
      await ann.post(`/rooms/${room.id}/messages`, { content: "by REST" })
      const heard = await socket.ask("message.send", { room_id: room.id, content: "by socket" })
      expect(heard.type).toBe("ok")

      expectRateLimited(await ann.post(`/rooms/${room.id}/messages`, { content: "x" }))
      const refused = await socket.ask("message.send", { room_id: room.id, content: "x" })
      expect(refused.data).toMatchObject({ code: "rate_limited", retryable: true })
    })
  })

  test("0 is no limit", async () => {
    await withHouse({ CHAT_MAX_MESSAGES_PER_MIN: "0" }, async (_house, ann) => {
      const room = await roomOf(ann)
      await expectAccepted(100, () => ann.post(`/rooms/${room.id}/messages`, { content: "x" }))
    })
  })
})

describe("joins", () => {
  test.each([
    ["refuses the 21st join of a minute in development", "development", 20],
    ["refuses the 11th join of a minute in production", "production", 10],
  ])("%s", async (_name, NODE_ENV, max) => {
    await withHouse({ NODE_ENV, CHAT_MAX_JOINS_PER_MIN: DEFAULT }, async (house, ann) => {
      const bob = await person(house.url, "bob")
      const room = await roomOf(ann)
      for (let index = 0; index < 5; index++) {
        expectProblem(await bob.post("/rooms/no-such-room/join"), "room_not_found")
      }
      await expectAccepted(max, () => bob.post(`/rooms/${room.id}/join`))

      expectRateLimited(await bob.post(`/rooms/${room.id}/join`))
      house.clock.advance(60_000)
      expect((await bob.post(`/rooms/${room.id}/join`)).status).toBe(200)
    })
  })
})

describe("rooms", () => {
  test("refuses the 11th room of one owner with room_limit", async () => {
    await withHouse({ CHAT_MAX_ROOMS_PER_USER: DEFAULT }, async (house, ann) => {
      const make = (by: Person) => by.post("/rooms", { name: "x" })
      const bob = await person(house.url, "bob")
      const theirs = await make(bob)
      await ann.post(`/rooms/${theirs.body.id}/join`)
      await expectAccepted(10, () => make(ann))
      const before = house.everything()

      expectProblem(await make(ann), "room_limit")
      expect(house.everything()).toEqual(before)

      const [first, second] = (await ann.get("/rooms?mine=true")).body
      await ann.delete(`/rooms/${first.id}`)
      await expectAccepted(1, () => make(ann))
      await ann.post(`/rooms/${second.id}/leave`)
      await expectAccepted(1, () => make(ann))
      expectProblem(await make(ann), "room_limit")
    })
  })

  test("given many are made at the same moment, no more than 10 are", async () => {
    await withHouse({ CHAT_MAX_ROOMS_PER_USER: DEFAULT }, async (house, ann) => {
      const answers = await Promise.all(
        Array.from({ length: 15 }, () => ann.post("/rooms", { name: "x" })),
      )

      expect(answers.filter((it) => it.status === 200)).toHaveLength(10)
      expect(house.rows("select * from rooms")).toHaveLength(10)
    })
  })
})

describe("requests", () => {
  test("refuses the 301st REST request of a minute, before asking who it is from", async () => {
    await withHouse({ CHAT_HTTP_MAX_PER_MIN: DEFAULT }, async (house, ann) => {
      // Registering was the first.
      await expectAccepted(298, () => ann.get("/users/me"))
      expectProblem(await call(house.url, { method: "GET", path: "/users/me" }), "unauthorized")

      expectRateLimited(await ann.get("/users/me"))
      expectRateLimited(await call(house.url, { method: "GET", path: "/nothing" }))
      house.clock.advance(60_000)
      expect((await ann.get("/users/me")).status).toBe(200)
    })
  })

  test("reads of files are counted apart, 5 times as many: refuses the 1,501st of a minute", async () => {
    await withHouse({ CHAT_HTTP_MAX_PER_MIN: DEFAULT }, async (house, ann) => {
      const paths = ["/uploads/x", "/uploads/x/thumbnail", "/uploads/x?y"]
      const read = (index: number) =>
        call(house.url, { method: "GET", path: paths[index % 3] ?? "" })
      for (let index = 0; index < 1_500; index++) expect((await read(index)).status).toBe(401)

      expectRateLimited(await read(0))
      expectRateLimited(await read(1))
      // Registering was the first.
      await expectAccepted(298, () => ann.get("/users/me"))
      expect((await ann.delete("/uploads/x")).body.code).toBe("upload_not_found")
      expectRateLimited(await ann.delete("/uploads/x"))
      expectRateLimited(await ann.get("/uploads/x/thumbnail/y"))
      house.clock.advance(60_000)
      expect((await read(0)).status).toBe(401)
    })
  })

  test("the pages of the web client, and what they load, are not counted", async () => {
    await withHouse({ CHAT_HTTP_MAX_PER_MIN: "2" }, async (house, ann) => {
      const paths = ["/", "/playground", "/favicon.svg", "/manifest.webmanifest", "/assets/x.js"]
      for (const path of [...paths, ...paths]) {
        expect((await fetch(house.url + path)).status).toBe(path === "/assets/x.js" ? 404 : 200)
      }

      await expectAccepted(1, () => ann.get("/users/me"))
      expectRateLimited(await ann.get("/users/me"))
    })
  }, 20_000)

  test("those about health, and opening sockets, are not counted; calling oneself an upgrade does not help", async () => {
    await withHouse({ CHAT_HTTP_MAX_PER_MIN: "3" }, async (house, ann) => {
      for (let index = 0; index < 10; index++) {
        expect((await fetch(`${house.url}/health`)).status).toBe(200)
        expect((await fetch(`${house.url}/ready`)).status).toBe(200)
      }
      const sockets = await Promise.all([1, 2, 3, 4].map(() => ann.connect()))
      expect(sockets).toHaveLength(4)

      const upgrade = { authorization: `Bearer ${ann.token}`, upgrade: "websocket" }
      const ask = () => call(house.url, { method: "GET", path: "/users/me", headers: upgrade })
      await expectAccepted(2, ask)
      expectRateLimited(await ask())
    })
  })

  test.each([
    ["0", "is not believed: all are one address", false],
    ["1", "is believed: each address counts by itself", true],
  ])(
    "with CHAT_TRUST_PROXY=%s, X-Forwarded-For %s",
    async (CHAT_TRUST_PROXY, _name, isBelieved) => {
      const env = { CHAT_TRUST_PROXY, CHAT_HTTP_MAX_PER_MIN: "1" }
      const server = await startServer({ env })
      const from = (address: string) =>
        call(server.url, {
          method: "GET",
          path: "/users/me",
          headers: { "x-forwarded-for": address },
        })
      try {
        expectProblem(await from("1.1.1.1"), "unauthorized")
        const other = await from("2.2.2.2")
        const forged = await from("3.3.3.3, 1.1.1.1")

        expectProblem(other, isBelieved ? "unauthorized" : "rate_limited")
        expectRateLimited(forged)
      } finally {
        await server.stop()
      }
    },
  )
})

describe("log-ins", () => {
  const login = (house: House, username: string, headers = {}) =>
    call(house.url, {
      method: "POST",
      path: "/auth/login",
      body: { username, password: "wrong password" },
      headers,
    })
  const fromEverywhere = (index: number) => ({ "x-forwarded-for": `10.1.1.${index}` })

  test("refuses the 11th attempt of a minute from one address in production, whatever the account", async () => {
    await withHouse(
      { NODE_ENV: "production", CHAT_AUTH_MAX_PER_MIN: DEFAULT },
      async (house, ann) => {
        // Registering ann was the first.
        for (let index = 0; index < 9; index++) {
          expectProblem(await login(house, `nobody${index}`), "unauthorized")
        }

        expectRateLimited(await login(house, "nobody"))
        const register = await call(house.url, {
          method: "POST",
          path: "/auth/register",
          body: { username: "late", password: PASSWORD },
        })
        expectRateLimited(register)
        expect((await ann.get("/users/me")).status).toBe(200)
        house.clock.advance(60_000)
        expectProblem(await login(house, "nobody"), "unauthorized")
      },
    )
  })

  test("refuses the 11th attempt of a minute at one account in production, wherever it comes from", async () => {
    await withHouse(
      { NODE_ENV: "production", CHAT_AUTH_MAX_PER_MIN: DEFAULT, CHAT_TRUST_PROXY: "1" },
      async (house) => {
        for (let index = 0; index < 9; index++) {
          const name = index % 2 === 0 ? "ann" : "ANN"
          expectProblem(await login(house, name, fromEverywhere(index)), "unauthorized")
        }

        expectRateLimited(await login(house, "ann", fromEverywhere(100)))
        expectProblem(await login(house, "bob", fromEverywhere(101)), "unauthorized")
      },
    )
  })

  /** With an address, by which she can be meant too. */
  async function annWithEmail(house: House): Promise<Person> {
    const body = { username: "ann2", password: PASSWORD, email: "ann2@example.org" }
    const headers = fromEverywhere(200)
    const request = { method: "POST", path: "/auth/register", body, headers }
    return asPerson(house.url, await call(house.url, request))
  }

  const PROXIED = { NODE_ENV: "production", CHAT_AUTH_MAX_PER_MIN: DEFAULT, CHAT_TRUST_PROXY: "1" }

  test("refuses the 11th attempt of a minute at one account, meant by its address, and the 11th guess in a session", async () => {
    await withHouse(PROXIED, async (house) => {
      const own = await annWithEmail(house)
      const byAddress = (index: number, password = "wrong password") => {
        const body = { email: index % 2 === 0 ? "ann2@example.org" : "ann2@EXAMPLE.org", password }
        const headers = fromEverywhere(index)
        return call(house.url, { method: "POST", path: "/auth/login", body, headers })
      }
      const inSession = (index: number, password = "wrong password") => {
        const body = { current_password: password, new_password: PASSWORD }
        const headers = { ...fromEverywhere(index), authorization: `Bearer ${own.token}` }
        return call(house.url, { method: "POST", path: "/auth/password", body, headers })
      }
      for (let index = 1; index <= 10; index++) {
        expectProblem(await byAddress(index), "unauthorized")
        expectProblem(await inSession(100 + index), "forbidden")
      }
      const before = house.everything()

      expectRateLimited(await byAddress(11, PASSWORD))
      expectRateLimited(await inSession(111, PASSWORD))

      expect(house.everything()).toEqual(before)
      house.clock.advance(60_000)
      expect((await byAddress(12, PASSWORD)).status).toBe(200)
      expect((await inSession(112, PASSWORD)).status).toBe(204)
    })
  })

  test("a name that nobody has is refused like any other, so the limit tells nobody which names exist", async () => {
    await withHouse(PROXIED, async (house) => {
      const answers: unknown[] = []
      const names = [{ username: "nobody" }, { email: "nobody@example.org" }, { username: "ann3" }]
      await annWithEmail(house)
      await call(house.url, {
        method: "POST",
        path: "/auth/register",
        body: { username: "ann3", password: PASSWORD },
        headers: fromEverywhere(201),
      })
      house.clock.advance(60_000)
      for (const [place, name] of names.entries()) {
        const codes = []
        for (let index = 0; index < 12; index++) {
          const body = { ...name, password: "wrong password" }
          const headers = { "x-forwarded-for": `10.2.${place}.${index}` }
          const request = { method: "POST", path: "/auth/login", body, headers }
          codes.push((await call(house.url, request)).body.code)
        }
        answers.push(codes)
      }

      const same = [...Array(10).fill("unauthorized"), "rate_limited", "rate_limited"]
      expect(answers).toEqual([same, same, same])
    })
  })

  test("refuses the 601st attempt of a minute in development", async () => {
    await withHouse({ CHAT_AUTH_MAX_PER_MIN: DEFAULT }, async (house) => {
      for (let index = 0; index < 599; index++) {
        const { status } = await login(house, `nobody${index}`)
        if (status !== 401) throw new Error(`number ${index + 1} was answered ${status}`)
      }

      expectRateLimited(await login(house, "nobody"))
    })
  })
})
