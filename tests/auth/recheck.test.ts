import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createRecheck } from "../../src/auth/recheck"
import type { Actor } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { asKeyId, asSessionId } from "../../src/protocol/ids"
import { openChat, type TestChat } from "../support/chat"
import { isOnPostgres } from "../support/databases"
import { changeRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"

describe("looking again at who is connected", () => {
  let scratch: Scratch
  let path: string
  let house: TestChat
  let actors: Actor[]
  let told: BusMessage[]
  let recheck: () => Promise<void>

  beforeEach(async () => {
    scratch = createScratch()
    path = scratch.path("parley.db")
    house = await openChat({ path })
    actors = []
    told = []
    recheck = createRecheck({
      store: house.store,
      actors: () => actors,
      publish: (message) => told.push(message),
      changes: () => 0,
      now: house.now,
    })
  })
  afterEach(async () => {
    await house.close()
    scratch.remove()
  })

  /** Connected by a session of their own, twice. */
  async function connected(username: string): Promise<Actor> {
    const { user } = await house.person(username)
    const sessionId = asSessionId(`session of ${username}`)
    const expiresAt = house.now() + 1_000_000
    await house.store.write(function* () {
      yield* house.store.sessions.insert({
        id: sessionId,
        userNumericId: user.numericId,
        createdAt: 1,
        expiresAt,
        userAgent: null,
        address: null,
        refreshTokenHash: null,
      })
      return { result: undefined, events: [] }
    })
    const actor: Actor = { user, via: { type: "session", sessionId, expiresAt } }
    actors.push(actor, actor)
    return actor
  }

  /** Connected by an API key. */
  async function program(username: string): Promise<Actor> {
    const { user } = await house.person(username)
    const keyId = asKeyId(`key of ${username}`)
    await house.store.write(function* () {
      yield* house.store.apiKeys.insert({
        id: keyId,
        userNumericId: user.numericId,
        name: "a program",
        hash: `hash of ${username}`,
        scopes: [],
        createdAt: 1,
        expiresAt: null,
      })
      return { result: undefined, events: [] }
    })
    const actor: Actor = { user, via: { type: "key", keyId, scopes: [], expiresAt: null } }
    actors.push(actor)
    return actor
  }

  test("given nothing has ended or changed, nobody is told anything", async () => {
    await connected("ann")
    await program("bot")
    actors.push({ ...(await house.person("cleo")), via: { type: "gateway" } })
    changeRows(path, "update users set last_seen_at = 7")

    await recheck()

    expect(told).toEqual([])
  })

  test("given sessions and keys that have ended, each is told once", async () => {
    await connected("ann")
    await connected("bob")
    await program("bot")
    await program("other")
    changeRows(path, "update sessions set revoked_at = 1 where id like '%ann'")
    changeRows(path, "update api_keys set revoked_at = 1 where id like '%bot'")

    await recheck()

    expect(told).toEqual([
      { type: "session.revoked", sessionId: asSessionId("session of ann") },
      { type: "key.revoked", keyId: asKeyId("key of bot") },
    ])
  })

  test("given users who are disabled or deleted, that is told, and nothing else of them", async () => {
    const ann = await connected("ann")
    const bot = await program("bot")
    const cleo = { ...(await house.person("cleo")), via: { type: "gateway" } } as const
    actors.push(cleo)
    await connected("bob")
    changeRows(path, "update users set disabled_at = 1 where username in ('ann', 'bot')")
    changeRows(path, "update users set deleted_at = 1 where username = 'cleo'")
    changeRows(path, "update sessions set revoked_at = 1 where id like '%ann'")

    await recheck()

    const numbers = [ann, bot, cleo].map(({ user }) => user.numericId)
    expect(told).toEqual(numbers.map((user) => ({ type: "user.disabled", user })))
  })

  test("given a user has another role or name, the user as they are now is told", async () => {
    const ann = await connected("ann")
    await connected("bob")
    changeRows(path, "update users set role = 'admin', display_name = 'A' where username = 'ann'")

    await recheck()

    const user = { ...ann.user, role: "admin", displayName: "A" } as const
    expect(told).toEqual([{ type: "user.updated", user }])
  })

  test("given 1,000 users, others have their turn after each 200", async () => {
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => connected(`user${n}`)))
    let turns = 0
    const count = () => {
      turns++
      next = setImmediate(count)
    }
    let next = setImmediate(count)

    await recheck()

    clearImmediate(next)
    // Five for the users, five for their sessions; and a few more do no harm. Elsewhere each look
    // waits for an answer, in which others have as many turns as they want.
    expect(turns).toBeWithin(10, isOnPostgres ? Number.POSITIVE_INFINITY : 20)
    expect(told).toEqual([])
  })
})
