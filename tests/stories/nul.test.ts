import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { call, PASSWORD, type Person, person } from "../support/people"
import { canRunPostgres, freshDatabase, type TestDatabase } from "../support/postgres"
import { createScratch, type Scratch } from "../support/scratch"
import { type ServerProcess, startServerProcess, UNLIMITED } from "../support/server-process"

type Asked = readonly [method: string, path: string, status: number, body: object | null]

const ASKED: readonly Asked[] = [
  ["GET", "/users/%00", 404, null],
  ["GET", "/users/a%00b", 404, null],
  ["GET", "/rooms/%00", 400, null],
  ["GET", "/rooms?query=a%00b", 200, null],
  ["GET", "/users?query=a%00b", 200, null],
  ["DELETE", "/auth/keys/%00", 404, null],
  ["DELETE", "/users/%00/block", 404, null],
  ["DELETE", "/rooms/ROOM/members/%00", 404, null],
  ["DELETE", "/rooms/ROOM/bans/%00", 404, null],
  ["PUT", "/rooms/ROOM/bans/%00", 404, null],
  ["PUT", "/rooms/ROOM/members/a%00b", 404, null],
  ["POST", "/invites/%00", 404, null],
  ["POST", "/auth/login", 401, { username: "a\0b", password: PASSWORD }],
  ["POST", "/auth/login", 401, { email: "a\0b", password: PASSWORD }],
  ["POST", "/auth/register", 404, { username: "bob", password: PASSWORD, invite_code: "a\0b" }],
  ["POST", "/conversations", 404, { user_ids: ["a\0b"] }],
  ["POST", "/rooms/ROOM/messages", 400, { content: "a\0b" }],
  ["POST", "/rooms/ROOM/messages", 400, { content: "a", client_id: "a\0b" }],
]

/** SQLite compares with it and finds nothing; PostgreSQL refuses to take it as text at all. */
describe.each(["SQLite", "Postgres"])("U+0000 in what is looked for, on %s", (name) => {
  const canRun = name === "SQLite" || canRunPostgres()
  let scratch: Scratch
  let database: TestDatabase | undefined
  let server: ServerProcess
  let ann: Person
  let room: string

  beforeAll(async () => {
    scratch = createScratch()
    if (!canRun) return
    if (name === "Postgres") database = await freshDatabase()
    server = await startServerProcess({
      dataDir: scratch.folder,
      env: {
        ...UNLIMITED,
        CHAT_AUTH_MAX_PER_MIN: "0",
        ...(database && { DATABASE_URL: database.url }),
      },
    })
    ann = await person(server.url, "ann")
    room = (await ann.post("/rooms", { name: "tea" })).body.id
  })
  afterAll(async () => {
    await server?.kill()
    await database?.drop()
    scratch.remove()
  })

  test.skipIf(!canRun).each(ASKED)("%s %s is answered %i", async (method, path, status, body) => {
    const answer = await call(server.url, {
      method,
      path: path.replace("ROOM", room),
      body: body ?? (method === "PUT" ? { role: "member" } : undefined),
      headers: { authorization: `Bearer ${ann.token}` },
    })

    expect(answer.status).toBe(status)
  })

  test.skipIf(!canRun)("metadata may hold it: that is JSON, and given back as it was", async () => {
    const metadata = { "\0": "\0", half: "\ud800" }

    const { body } = await ann.post(`/rooms/${room}/messages`, { content: "hello", metadata })
    const { body: messages } = await ann.get(`/rooms/${room}/messages`)

    expect(body.metadata).toEqual(metadata)
    expect(messages.at(-1).metadata).toEqual(metadata)
  })
})
