import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { openPostgres } from "../../src/store/postgres"
import { listening } from "../support/listening"
import { type LosingWay, startLosingWay } from "../support/lost-answers"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import {
  canRunPostgres,
  freshDatabase,
  sharedPostgres,
  type TestDatabase,
} from "../support/postgres"
import { openNode } from "../support/postgres-node"
import { createScratch, type Scratch } from "../support/scratch"
import { type ServerProcess, startServerProcess, UNLIMITED } from "../support/server-process"

// A right that ended in a commit whose answer was lost went on for as long as its socket was open.
describe.skipIf(!canRunPostgres())("given the answer to a commit is lost", () => {
  let database: TestDatabase
  let way: LosingWay

  beforeEach(async () => {
    database = await freshDatabase()
    way = await startLosingWay((await sharedPostgres()).port)
  }, 30_000)
  afterEach(async () => {
    await way.close()
    await database.drop()
  })

  test("every node is told that something may have changed, at once and after 5 s", async () => {
    const open = (url: string) => openNode({ open: (options) => openPostgres({ ...options, url }) })
    const here = await open(way.through(database.url))
    const there = await open(database.url)
    const room = await here.room("hall", [await here.person("ann")])

    way.loseNextAnswer()
    const refusal = await here.touch(room).catch((error) => error)

    expect(refusal).toMatchObject({ code: "overloaded" })
    expect(await there.store.changedElsewhere()).toBe(false)
    expect(await here.store.changedElsewhere()).toBe(true)
    expect(await there.store.changedElsewhere()).toBe(true)
    expect(await here.store.changedElsewhere()).toBe(false)
    // What was committed late is looked for, too.
    await here.store.close()
    expect(await there.store.changedElsewhere()).toBe(true)
    await there.store.close()
  }, 30_000)

  describe("on one node without Redis", () => {
    let scratch: Scratch
    let server: ServerProcess
    let ann: Person

    beforeEach(async () => {
      scratch = createScratch()
      server = await startServerProcess({
        dataDir: scratch.path("data"),
        env: { ...UNLIMITED, DATABASE_URL: way.through(database.url) },
      })
      ann = await person(server.url, "ann")
    }, 30_000)
    afterEach(async () => {
      await server.kill()
      scratch.remove()
    })

    test("the sockets of a session that it ended close within 3 s", async () => {
      const body = { username: "ann", password: PASSWORD }
      const login = await call(server.url, { method: "POST", path: "/auth/login", body })
      const socket = await asPerson(server.url, login).connect()
      const sessions = (await ann.get("/auth/sessions")).body
      const other = sessions.find((it: { current: boolean }) => !it.current)

      way.loseNextAnswer()
      const startedAt = performance.now()
      expect((await ann.delete(`/auth/sessions/${other.id}`)).status).toBe(503)
      expect(await socket.closed).toMatchObject({ code: 4102 })
      expect(performance.now() - startedAt).toBeLessThan(3_000)
    }, 30_000)

    test("a refresh that it stored may be tried again, once; the token used a third time ends the session", async () => {
      const refresh = async (refresh_token: string) =>
        await call(server.url, { method: "POST", path: "/auth/refresh", body: { refresh_token } })

      way.loseNextAnswer()
      expect((await refresh(ann.refreshToken)).status).toBe(503)
      const again = await refresh(ann.refreshToken)
      expect(again.status).toBe(200)
      const next = await refresh(again.body.refresh_token)
      expect(next.status).toBe(200)

      expect((await refresh(ann.refreshToken)).status).toBe(401)
      expect((await refresh(next.body.refresh_token)).status).toBe(401)
    }, 30_000)

    test("strangers hear nothing more of a room that it made private, within 3 s", async () => {
      const room = await roomOf(ann)
      const stranger = await listening(await person(server.url, "bob"), room)

      way.loseNextAnswer()
      expect((await ann.patch(`/rooms/${room.id}`, { type: "private" })).status).toBe(503)
      await Bun.sleep(3_000)
      const startedAt = performance.now()
      const hears = async () => {
        const before = stranger.frames.length
        await ann.post(`/rooms/${room.id}/messages`, { content: "in private" })
        await stranger.framesUntilQuiet()
        return stranger.frames.length > before
      }
      while (await hears()) expect(performance.now() - startedAt).toBeLessThan(3_000)

      expect(await hears()).toBe(false)
    }, 30_000)
  })
})
