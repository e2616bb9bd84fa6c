import { Database as SqliteFile } from "bun:sqlite"
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { openSync, writeSync } from "node:fs"
import { sql } from "drizzle-orm"
import { ChatError } from "../../src/protocol/errors"
import { asKeyId, asRoomId, asUserId } from "../../src/protocol/ids"
import {
  createStore,
  type Database,
  openSqlite,
  type Script,
  type Store,
  type Written,
} from "../../src/store"
import { codeOf } from "../support/chat"
import { changeRows, readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"

let scratch: Scratch
let path: string
let database: Database
let store: Store
let told: string[]
let troubles: string[]
let stored: number

function open(): void {
  database = openSqlite({
    path,
    publish: (message) => {
      told.push("keyId" in message ? message.keyId : message.type)
      return undefined
    },
    onTrouble: (error) => troubles.push(String((error as { code?: unknown }).code)),
    onStored: () => stored++,
  })
  store = createStore(database)
}

beforeEach(() => {
  scratch = createScratch()
  path = scratch.path("parley.db")
  told = []
  troubles = []
  stored = 0
  open()
})
afterEach(async () => {
  await store.close()
  scratch.remove()
})

function* insertUser(username: string): Script<Written<string>> {
  yield* store.users.insert({
    id: asUserId(`id of ${username}`),
    username,
    displayName: "x".repeat(60),
    email: null,
    passwordHash: null,
    createdAt: 1,
  })
  return { result: username, events: [{ type: "key.revoked", keyId: asKeyId(username) }] }
}
const add = (name: string) => store.write(() => insertUser(name))
const usernames = () =>
  readRows(path, "select username from users where numeric_id > 0 order by numeric_id").map(
    (row) => row.username,
  )
const pragma = (text: string) => database.queries.run(sql.raw(`PRAGMA ${text}`))

interface Trouble {
  readonly name: string
  readonly code: RegExp
  /** Answers with what ends it. */
  begin(): () => void
}

const TROUBLES: readonly Trouble[] = [
  {
    name: "a file that may not grow",
    code: /^SQLITE_FULL$/,
    begin() {
      const [row] = readRows(path, "PRAGMA page_count")
      pragma(`max_page_count = ${row?.page_count}`)
      return () => pragma("max_page_count = 4294967294")
    },
  },
  {
    name: "a file that may only be read",
    code: /^SQLITE_READONLY/,
    begin() {
      pragma("query_only = 1")
      return () => pragma("query_only = 0")
    },
  },
  {
    name: "another program that writes and writes",
    code: /^SQLITE_BUSY/,
    begin() {
      const other = new SqliteFile(path)
      other.run("BEGIN IMMEDIATE")
      return () => {
        other.run("ROLLBACK")
        other.close()
      }
    },
  },
]

describe.each([...TROUBLES])("given $name", ({ code, begin }) => {
  test("every write of a turn is overloaded, none is stored or told, reading goes on, and the next write after it is stored", async () => {
    await add("ann")
    const names = Array.from({ length: 300 }, (_, index) => `user${index}`)
    const end = begin()

    const outcomes = await Promise.allSettled(names.map(add))

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { code: "overloaded", retryAfterMs: 1000 },
      })
    }
    expect(troubles).toEqual([expect.stringMatching(code)])
    expect([usernames(), told, stored]).toEqual([["ann"], ["ann"], 1])
    expect(await store.read(store.users.findByUsername("ann"))).toMatchObject({ username: "ann" })

    end()
    expect(await Promise.all(names.map(add))).toEqual(names)
    expect(usernames()).toEqual(["ann", ...names])
    expect(told).toEqual(["ann", ...names])
    expect(stored).toBe(2)
  })

  test("a refusal in the same turn is no more than its neighbours: it may be tried again", async () => {
    const end = begin()

    const filling = Promise.allSettled(Array.from({ length: 300 }, (_, index) => add(`u${index}`)))
    const refused = store.write<never>(function* () {
      yield* insertUser("eve")
      throw new ChatError("forbidden")
    })

    expect(await codeOf(refused)).toBe("overloaded")
    await filling
    end()
    expect(usernames()).toEqual([])
  })
})

test("given another program that writes on and on, then only the first write waits for it", async () => {
  const other = new SqliteFile(path)
  other.run("BEGIN IMMEDIATE")
  await codeOf(add("ann"))

  const startedAt = performance.now()
  for (let index = 0; index < 20; index++) expect(await codeOf(add("bob"))).toBe("overloaded")
  const milliseconds = performance.now() - startedAt
  other.run("COMMIT")
  await add("cleo")

  // Waiting 250 ms each time would be 5 s.
  expect(milliseconds).toBeLessThan(1_000)
  expect(database.queries.get(sql.raw("PRAGMA busy_timeout"))).toEqual([250] as never)
  other.close()
})

test("given a COMMIT that fails and leaves its transaction open, then it is undone, and only the culprit fails", async () => {
  changeRows(path, "create table parents (id integer primary key)")
  changeRows(
    path,
    "create table children (parent integer references parents(id) deferrable initially deferred)",
  )
  changeRows(
    path,
    `create trigger orphans after insert on users when new.username = 'culprit'
     begin insert into children values (404); end`,
  )

  const outcomes = await Promise.allSettled([add("ann"), add("culprit"), add("bob")])
  await add("cleo")

  expect(outcomes.map((it) => it.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  expect(usernames()).toEqual(["ann", "bob", "cleo"])
  expect(told).toEqual(["ann", "bob", "cleo"])
})

test("given a damaged file, then reading it is overloaded and not the end of reading the rest", async () => {
  await add("ann")
  pragma("wal_checkpoint(TRUNCATE)")
  await store.close()
  const [row] = readRows(path, "select rootpage from sqlite_master where name = 'users'")
  writeSync(
    openSync(path, "r+"),
    Buffer.alloc(4096, 7),
    0,
    4096,
    (Number(row?.rootpage) - 1) * 4096,
  )
  open()

  for (let index = 0; index < 3; index++) {
    expect(await codeOf(store.read(store.users.findByUsername("ann")))).toBe("overloaded")
  }

  expect(troubles).toEqual(Array(3).fill("SQLITE_CORRUPT"))
  expect(await store.read(store.rooms.find(asRoomId("nowhere")))).toBeNull()
})

test("given a script that fails while it reads, then the next one reads and writes as ever", async () => {
  const broken = store.read(
    (function* () {
      yield* store.users.findByUsername("ann")
      throw new TypeError("no")
    })(),
  )

  await expect(broken).rejects.toThrow("no")
  await add("ann")
  expect(await store.read(store.users.findByUsername("ann"))).toMatchObject({ username: "ann" })
  expect(troubles).toEqual([])
})

describe("opening", () => {
  const opening = (file: string) => () => openSqlite({ path: file, publish: () => undefined })

  test("refuses a file that a newer version of Parley has written, and leaves it as it is", () => {
    changeRows(
      path,
      "insert into __drizzle_migrations (hash, created_at) values ('h', 9999999999999)",
    )

    expect(opening(path)).toThrow(
      `the database ${path} cannot be used: a newer version of Parley has written it`,
    )
  })

  test("refuses a file that is no database", async () => {
    const file = scratch.path("letter.db")
    await Bun.write(file, "Dear ann, this is a letter and no database. ".repeat(100))

    expect(opening(file)).toThrow(`the database ${file} cannot be used: file is not a database`)
  })

  test("does not wait for another program to come to the end of its writing", async () => {
    const other = new SqliteFile(path)
    other.run("BEGIN IMMEDIATE")

    const second = opening(path)()
    other.run("ROLLBACK")
    other.close()

    expect(await createStore(second).read(store.users.findByUsername("ann"))).toBeNull()
    await second.close()
  })
})
