import { Database } from "bun:sqlite"
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { SQL } from "bun"
import { runTask } from "../../src/cli/run-task"
import { UsageError } from "../../src/cli/usage-error"
import { messageNumericId } from "../../src/protocol/message-id"
import { COPIED_TABLES, type Column } from "../../src/store/copy/tables"
import { openHouse } from "../support/house"
import { startLosingWay } from "../support/lost-answers"
import { call, person } from "../support/people"
import { canRunPostgres, emptyDatabase, type TestDatabase } from "../support/postgres"
import { runProgram } from "../support/program"
import { changeRows, type Row, readEverything, readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"
import { startServerProcess, UNLIMITED } from "../support/server-process"

const testHere = test.skipIf(!canRunPostgres())

let scratch: Scratch
let target: TestDatabase
let said: string[]

beforeEach(async () => {
  scratch = createScratch()
  said = []
  if (canRunPostgres()) target = await emptyDatabase()
})
afterEach(async () => {
  await target?.drop()
  scratch.remove()
})

/** In this process. What it answers, as JSON. */
const copy = async (...more: readonly string[]) => {
  const { text } = await runTask("copy", ["--to", target.url, ...more, "--json"], {
    env: { DATA_DIR: scratch.folder },
    progress: (it) => said.push(it),
  })
  return JSON.parse(text)
}

const KEY = "x".repeat(43)

const CONTENTS = ["hello", "日本語 🙂 \u2028 \uFFFF \u0001", 'back\\slash "quoted" \t\n \\u0000']

/** A folder that a server has worked in: people, rooms, messages and all else. */
async function furnish(): Promise<void> {
  const house = await openHouse({ path: scratch.path("furnished.db") })
  const [ann, bob, eve] = [
    await person(house.url, "ann"),
    await person(house.url, "bob"),
    await person(house.url, "eve"),
  ]
  for (const name of ["tea", "coffee"]) {
    const { body: room } = await ann.post("/rooms", { name })
    await bob.post(`/rooms/${room.id}/join`)
    await eve.post(`/rooms/${room.id}/join`)
    for (const [at, content] of CONTENTS.entries())
      await bob.post(`/rooms/${room.id}/messages`, { content, client_id: `no. ${at}` })
    await ann.post(`/rooms/${room.id}/messages`, {
      content: "with metadata",
      metadata: { "\u0000": "\ud800", deep: [1.5, null, true, { x: "\\u0000" }] },
    })
    await ann.put(`/rooms/${room.id}/bans/${eve.id}`, { reason: "noise" })
    await ann.post(`/rooms/${room.id}/invites`, {})
    await bob.put(`/rooms/${room.id}/read`, { seq: 3 })
  }
  await ann.post("/conversations", { user_ids: [bob.id] })
  await ann.put(`/users/${eve.id}/block`)
  await ann.post("/auth/keys", { name: "nightly", scopes: [] })
  const { body: later } = await ann.post("/rooms", { name: "later" })
  const send_at = new Date(Date.now() + 3_600_000).toISOString()
  await ann.post(`/rooms/${later.id}/scheduled`, { content: CONTENTS[1], send_at })
  await house.stop()
  // A server of this very process lets its file go when the process ends, as others do.
  readRows(scratch.path("furnished.db"), `vacuum into '${scratch.path("parley.db")}'`)
  for (const row of BESIDE_MESSAGES) changeRows(scratch.path("parley.db"), row)
}

/** What is kept beside messages, of whatever message: no table of these has a rule of its own. */
const BESIDE_MESSAGES = [
  `insert into message_edits select numeric_id, 9, '"\u{1F642}', '{"a":"\\u0000"}', 1 from messages`,
  "insert into reactions select numeric_id, '\u{1F44D}\u{1F3FD}', 2, 1 from messages",
  "insert into mentions select 0, room_numeric_id, seq, user_numeric_id from messages",
  "insert into uploads values ('u', 2, 'ł \u{1F642}.png', 'image/png', 5000000000, 'h', 640, 480, 't', 1)",
  "insert into uploads values ('v', 2, '', 'text/plain', 0, 'h', null, null, null, 1)",
  "insert into attachments select 'u', numeric_id from messages",
  `update messages set extras = '{"mentions":["room"]}', expires_at = 4000000000000 where seq = 5`,
  "update rooms set indexed_seq = head",
]

const query = async (text: string): Promise<Row[]> => {
  const sql = new SQL(target.url, { max: 1 })
  try {
    return [...(await sql.unsafe(text))]
  } finally {
    await sql.close()
  }
}

const withToken = (url: string, token: string) => (path: string, body?: unknown) =>
  call(url, {
    method: body === undefined ? "GET" : "POST",
    path,
    body,
    headers: { authorization: `Bearer ${token}` },
  })

type Everything = Readonly<Record<string, readonly Row[]>>

const typeOf = (columns: readonly Column[], name: string) =>
  columns.find((it) => it.name === name)?.type

/** As SQLite would say it: numbers as numbers, flags as 0 and 1. */
async function everythingInTarget(): Promise<Everything> {
  const tables = COPIED_TABLES.map(async ({ name, columns, key }) => {
    // In the order of bytes, which is SQLite's, whatever the language of the database is.
    const order = key.map((it) => `"${it}"${typeOf(columns, it) === "text" ? ' collate "C"' : ""}`)
    const rows = await query(`select * from "${name}" order by ${order.join(", ")}`)
    const same = rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name: column, type }) => {
          const value = row[column] ?? null
          return [column, type === "text" || value === null ? value : Number(value)]
        }),
      ),
    )
    return [name, same] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}

/** The same of the file. */
const everythingInFile = (): Everything =>
  Object.fromEntries(
    COPIED_TABLES.map(({ name, columns, key }) => {
      const names = columns.map((it) => it.name).join(", ")
      const query = `select ${names} from ${name} order by ${key}`
      return [name, readRows(scratch.path("parley.db"), query)]
    }),
  )

describe("parley copy", () => {
  testHere("knows every table of the file", async () => {
    await furnish()
    const tables = Object.keys(readEverything(scratch.path("parley.db")))

    const known = [...COPIED_TABLES.map((it) => it.name), "__drizzle_migrations"]
    expect(tables.toSorted()).toEqual(known.toSorted())
  })

  testHere("moves every row as it is, and says how many", async () => {
    await furnish()
    const before = readEverything(scratch.path("parley.db"))

    const answer = await copy()

    const there = await everythingInTarget()
    expect(there).toEqual(everythingInFile())
    // Of the file's index of words nothing is there: the server is to make it anew.
    expect(await query("select distinct indexed_seq::int as seq from rooms")).toEqual([{ seq: 0 }])
    expect(readEverything(scratch.path("parley.db"))).toEqual(before)
    expect(answer.rows).toEqual(
      Object.fromEntries(Object.entries(there).map(([name, rows]) => [name, rows.length])),
    )
    expect(answer.mended_texts).toBe(0)
    expect(answer.to).not.toContain("parley:")
    for (const { name } of COPIED_TABLES) expect(there[name]?.length, name).toBeGreaterThan(0)
    expect(said).toContain("messages: 8 of 8")
  })

  testHere(
    "lets the database count on: no number is given twice, not even that of a row that is gone",
    async () => {
      await furnish()
      const path = scratch.path("parley.db")
      changeRows(path, "update sqlite_sequence set seq = 4711 where name = 'users'")
      const rooms = Number(readRows(path, "select max(numeric_id) as n from rooms")[0]?.n)

      await copy()

      const [user] = await query("select nextval('users_numeric_id_seq')::int as n")
      const [room] = await query("select nextval('rooms_numeric_id_seq')::int as n")
      expect(user).toEqual({ n: 4712 })
      expect(room).toEqual({ n: rooms + 1 })
    },
  )

  testHere("takes the key of the tokens along, so that nobody has to log in again", async () => {
    await furnish()
    writeFileSync(scratch.path("jwt-secret"), KEY)

    await copy()

    expect(await query("select value from settings where name = 'token_secret'")).toEqual([
      { value: KEY },
    ])
  })

  testHere(
    "lets people go on where they were: same token, same epoch, and the next seq",
    async () => {
      const old = await startServerProcess({ dataDir: scratch.folder, env: UNLIMITED })
      const ann = await person(old.url, "ann")
      const { body: room } = await ann.post("/rooms", { name: "tea" })
      const { body: sent } = await ann.post(`/rooms/${room.id}/messages`, {
        content: "before",
        client_id: "no. 1",
      })
      expect(await old.terminate()).toBe(0)

      await copy()

      const place = createScratch()
      const server = await startServerProcess({
        dataDir: place.folder,
        env: { ...UNLIMITED, DATABASE_URL: target.url },
      })
      const there = withToken(server.url, ann.token)
      const again = await there(`/rooms/${room.id}/messages`, {
        content: "before",
        client_id: "no. 1",
      })
      const next = await there(`/rooms/${room.id}/messages`, { content: "after" })
      const missed = await there(`/rooms/${room.id}/changes?epoch=${room.epoch}&since=${sent.seq}`)
      const bob = await person(server.url, "bob")
      await server.kill()
      place.remove()

      expect(again.body).toMatchObject({ id: sent.id, seq: sent.seq })
      expect(next.body).toMatchObject({ seq: sent.seq + 1, content: "after" })
      expect(missed.body).toMatchObject({ recovered: true, head: sent.seq + 1 })
      expect(missed.body.messages).toHaveLength(1)
      expect(bob.id).not.toBe(ann.id)
    },
  )

  testHere("mends texts that PostgreSQL cannot hold, and says so", async () => {
    await furnish()
    const path = scratch.path("parley.db")
    changeRows(path, "update messages set content = 'a' || char(0) || 'b' where seq = 4")
    changeRows(path, "update rooms set topic = cast(x'61ff62' as text), name = char(0)")

    const { mended_texts } = await copy()

    const rooms = readRows(path, "select count(*) as n from rooms")[0]?.n
    const messages = readRows(path, "select count(*) as n from messages where seq = 4")[0]?.n
    expect(messages).toBeGreaterThan(0)
    // What is no UTF-8 is read as U+FFFD, before anybody can count it.
    expect(mended_texts).toBe(Number(rooms) + Number(messages))
    expect(await query("select distinct content from messages where seq = 4")).toEqual([
      { content: "a\u{FFFD}b" },
    ])
    expect(await query("select distinct topic, name from rooms")).toEqual([
      { topic: "a\u{FFFD}b", name: "\u{FFFD}" },
    ])
  })

  testHere.each([
    ["a word is another", "NEW.content := 'other'", "messages is not the same in the copy"],
    ["a message is missing", "RETURN NULL", "of 8 rows 8 were read and 6 found"],
  ])("holds the copy against the file: where %s, nothing is kept", async (_, change, said) => {
    await furnish()
    await runTask("migrate", [], {
      env: { DATA_DIR: scratch.folder, DATABASE_URL: target.url },
      progress: () => undefined,
    })
    await query(`create function spoil() returns trigger language plpgsql as
      $$ begin if NEW.seq = 4 then ${change}; end if; return NEW; end $$`)
    await query(
      "create trigger spoil before insert on messages for each row execute function spoil()",
    )

    await expect(copy()).rejects.toThrow(said)

    expect(await query("select count(*)::int as n from messages")).toEqual([{ n: 0 }])
    expect(await query("select count(*)::int as n from users")).toEqual([{ n: 1 }])
  })

  testHere("refuses a second time, and changes nothing then", async () => {
    await furnish()
    await copy()
    const before = await everythingInTarget()

    await expect(copy()).rejects.toThrow("it is not empty: there is something in users")

    expect(await everythingInTarget()).toEqual(before)
  })

  testHere("leaves the target empty when it fails half-way, and works afterwards", async () => {
    await furnish()
    const path = scratch.path("parley.db")
    const file = new Database(path)
    // A row that Postgres refuses, in the last table but one: SQLite was told not to look.
    file.run("PRAGMA foreign_keys = OFF")
    file.run("insert into blocks values (999, 998, 0)")
    file.close()

    await expect(copy()).rejects.toThrow()
    const after = await query("select count(*)::int as n from users")
    changeRows(path, "delete from blocks where user_numeric_id = 999")
    await copy()

    expect(after).toEqual([{ n: 1 }])
    expect(await everythingInTarget()).toEqual(everythingInFile())
  })

  testHere("refuses while a server has the file open, and nothing is begun", async () => {
    await furnish()
    const server = await openHouse({ path: scratch.path("parley.db") })

    await expect(copy()).rejects.toThrow("it is open in another program: stop the server")

    expect(await query("select to_regclass('users') as it")).toEqual([{ it: null }])
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    await server.stop()
  })

  testHere(
    "--snapshot copies beside a server that writes: one moment, with epochs of its own",
    async () => {
      await furnish()
      const server = await openHouse({ path: scratch.path("parley.db") })
      const eve = await person(server.url, "zoe")
      const { body: room } = await eve.post("/rooms", { name: "late" })
      let isDone = false
      const writing = (async () => {
        while (!isDone) await eve.post(`/rooms/${room.id}/messages`, { content: "more" })
      })()

      await copy("--snapshot")
      isDone = true
      await writing

      const there = await everythingInTarget()
      const [head] = await query(`select head::int, epoch from rooms where id = '${room.id}'`)
      const seqs = await query(
        `select max(seq)::int as max, count(*)::int as count from messages m
       join rooms r on r.numeric_id = m.room_numeric_id where r.id = '${room.id}'`,
      )
      expect(Number(head?.head)).toBe(Number(seqs[0]?.max ?? head?.head))
      expect(head?.epoch).not.toBe(room.epoch)
      expect(new Set(there.rooms?.map((it) => it.epoch)).size).toBe(there.rooms?.length ?? 0)
      expect((await eve.get(`/rooms/${room.id}`)).body.epoch).toBe(room.epoch)
      await server.stop()
    },
  )

  testHere("refuses a file that has not been brought up to date", async () => {
    const file = new Database(scratch.path("parley.db"), { create: true })
    file.run("PRAGMA journal_mode = WAL")
    file.close()

    await expect(copy()).rejects.toThrow("run `parley migrate` first")
  })

  testHere("given the connection is lost at the very end, it says that nobody knows", async () => {
    await furnish()
    const way = await startLosingWay(Number(new URL(target.url).port))
    const copying = runTask("copy", ["--to", way.through(target.url)], {
      env: { DATA_DIR: scratch.folder },
      progress: () => way.loseNextAnswer("anything"),
    })

    expect(await copying.catch((error) => error.message)).toContain(
      "it may all have been copied, or nothing",
    )
    expect(await copy().catch((error) => error.message)).toContain("it is not empty")
    await way.close()
  })

  test("refuses where there is no file, and a target that is none", async () => {
    const place = { env: { DATA_DIR: scratch.folder }, progress: () => undefined }
    const to = (...args: string[]) => runTask("copy", args, place).catch((it) => it)

    expect(await to("--to", "mysql://a@b/c")).toBeInstanceOf(UsageError)
    // As DATABASE_URL: without a name Postgres would take the user's.
    expect(await to("--to", "postgres://a@b")).toBeInstanceOf(UsageError)
    expect(await to()).toBeInstanceOf(UsageError)
    const { message } = await to("--to", "postgres://ann:hunter2@127.0.0.1:1/chat")
    expect(message).toContain("there is no database")
  })

  testHere("a target that is not there is named without its password", async () => {
    await furnish()

    const { exitCode, stdout, stderr } = await runProgram(
      ["copy", "--to", "postgres://ann:hunter2@127.0.0.1:1/chat"],
      { DATA_DIR: scratch.folder },
    )

    expect(exitCode).toBe(1)
    expect(stdout).toBe("")
    expect(stderr).toContain("127.0.0.1:1/chat cannot be used")
    expect(stderr).not.toContain("hunter2")
  })
})

describe("100,000 messages", () => {
  const MESSAGES = 100_000
  const TEXT_UNITS = 500
  /** Seen are 11 to 16 MiB, on a machine that has nothing or far too much else to do. */
  const MEMORY_BYTES_MAX = 60 * 1024 ** 2
  /** It takes less than 10 s alone, and ten times that where many other programs run. */
  const PATIENCE_MS = 300_000

  /** In rooms of 1,000, so that there are rooms enough, too. */
  function write(path: string, count: number): void {
    const file = new Database(path)
    file.run("PRAGMA synchronous = OFF")
    const room = file.prepare(
      "insert into rooms (numeric_id, id, name, type, created_at, updated_at, epoch, head) values (?, ?, 'r', 'public', 0, 0, 'e', 1000)",
    )
    const message = file.prepare(
      "insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type, content, created_at) values (?, ?, ?, ?, 0, 'text', ?, 0)",
    )
    file.transaction(() => {
      for (let at = 0; at < count; at++) {
        const number = 1 + Math.floor(at / 1_000)
        const seq = 1 + (at % 1_000)
        if (seq === 1) room.run(number, `room-${number}`)
        const key = messageNumericId(number as never, seq as never)
        message.run(key, number, seq, seq, `${at} ${"ł".repeat(TEXT_UNITS)}`)
      }
    })()
    room.finalize()
    message.finalize()
    file.close()
  }

  /** Null: it has ended. */
  function peakBytesOf(pid: number): number | null {
    try {
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
      return kib === undefined ? null : Number(kib) * 1024
    } catch {
      return null
    }
  }

  async function memoryOfCopying(count: number): Promise<number> {
    const place = createScratch()
    const database = await emptyDatabase()
    const env = { DATA_DIR: place.folder }
    await runProgram(["migrate"], env)
    write(place.path("parley.db"), count)
    const child = Bun.spawn(
      [process.execPath, "--no-env-file", "src/main.ts", "copy", "--to", database.url, "--json"],
      { env: { PATH: process.env.PATH ?? "", ...env }, stdio: ["ignore", "pipe", "pipe"] },
    )
    let highest = 0
    // Not of `resourceUsage`, which tells of the tests' own memory where that is more.
    const looking = setInterval(() => {
      highest = peakBytesOf(child.pid) ?? highest
    }, 10)
    const [text, errors] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    clearInterval(looking)
    if ((await child.exited) !== 0) throw new Error(`it was not copied: ${errors}`)
    const answer = JSON.parse(text)
    await database.drop()
    place.remove()
    expect(answer.rows.messages).toBe(count)
    expect(highest).toBeGreaterThan(0)
    return highest
  }

  testHere(
    "are copied with little more memory than 1,000",
    async () => {
      const few = await memoryOfCopying(1_000)
      const many = await memoryOfCopying(MESSAGES)

      // Each of those letters takes two bytes: the texts alone would need more than that.
      expect(MESSAGES * TEXT_UNITS * 2).toBeGreaterThan(1.5 * MEMORY_BYTES_MAX)
      expect(many - few).toBeLessThan(MEMORY_BYTES_MAX)
    },
    PATIENCE_MS,
  )
})
