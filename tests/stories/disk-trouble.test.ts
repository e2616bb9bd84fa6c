import { Database as SqliteFile } from "bun:sqlite"
import { afterEach, describe, expect, test } from "bun:test"
import { closeSync, existsSync, openSync, statSync } from "node:fs"
import { canLimitFileSize, canMountDisks, createSmallDisk, limitFileSize } from "../support/disk"
import { listening, typesUntilQuiet } from "../support/listening"
import { type LoggingServer, loggingServer } from "../support/logging-server"
import { call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { runProgram } from "../support/program"
import { changeRows, readRows } from "../support/rows"
import { createScratch } from "../support/scratch"
import { waitUntil } from "../support/wait"

const MIB = 1024 * 1024
const DISKS = canMountDisks()
const LIMITS = canLimitFileSize()

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A folder to keep data in, how it gets into trouble and how out of it. */
interface Place {
  readonly folder: string
  begin(server: LoggingServer): void
  end(server: LoggingServer): void
}

interface Trouble {
  readonly name: string
  readonly isPossible: boolean
  readonly code: string
  place(): Place
}

function plainFolder(): string {
  const scratch = createScratch()
  undo.push(scratch.remove)
  return scratch.folder
}

const TROUBLES: readonly Trouble[] = [
  {
    name: "a disk that is full",
    isPossible: DISKS,
    code: "SQLITE_FULL",
    place() {
      const disk = createSmallDisk(4 * MIB)
      undo.push(disk.remove)
      return { folder: disk.folder, begin: disk.fill, end: disk.relieve }
    },
  },
  {
    name: "a disk that fails to write",
    isPossible: LIMITS,
    code: "SQLITE_IOERR_WRITE",
    place() {
      const folder = plainFolder()
      return {
        folder,
        begin: ({ pid }) => limitFileSize(pid, statSync(`${folder}/parley.db-wal`).size),
        end: ({ pid }) => limitFileSize(pid, null),
      }
    },
  },
  {
    name: "another program that writes and does not come to an end",
    isPossible: true,
    code: "SQLITE_BUSY",
    place() {
      const folder = plainFolder()
      let other: SqliteFile | undefined
      return {
        folder,
        begin() {
          other = new SqliteFile(`${folder}/parley.db`)
          other.run("BEGIN IMMEDIATE")
        },
        end() {
          other?.run("ROLLBACK")
          other?.close()
        },
      }
    },
  },
]

/** A log fills up again from its start once it was copied back, so what is next need not grow it. */
async function sendUntilRefused(
  socket: { ask(type: string, data: unknown): Promise<{ type: string }> },
  roomId: string,
) {
  let count = 0
  while (
    (await socket.ask("message.send", { room_id: roomId, content: "x".repeat(4000) })).type === "ok"
  ) {
    if (++count > 2_000) throw new Error("there is no trouble")
  }
  return count
}

for (const { name, isPossible, code, place } of TROUBLES) {
  describe.skipIf(!isPossible)(`given ${name}`, () => {
    test("nothing is acknowledged that is not stored, reading goes on, and it is over when the trouble is", async () => {
      const at = place()
      const server = await loggingServer(at.folder)
      undo.push(server.stop)
      const [ann, bob] = [await person(server.url, "ann"), await person(server.url, "bob")]
      const room = await roomOf(ann, [bob])
      const [talker, listener] = [await ann.connect(), await listening(bob, room)]
      const say = (content: string, client_id = content) =>
        talker.ask("message.send", { room_id: room.id, content, client_id })
      expect((await say("before")).type).toBe("ok")
      // As after an earlier trouble: what is tried must not be what is there already.
      changeRows(`${at.folder}/parley.db`, "update users set last_seen_at = 0 where numeric_id = 0")
      at.begin(server)
      const told = await sendUntilRefused(talker, room.id)
      await listener.framesUntilQuiet()
      const tellsNothing = typesUntilQuiet(listener, 500)

      const refused = await say("during")
      const crowd = await Promise.all(Array.from({ length: 200 }, (_, index) => say(`c${index}`)))
      const overRest = await ann.post(`/rooms/${room.id}/messages`, {
        content: "r",
        client_id: "r",
      })
      const others = [
        await ann.post("/rooms", { name: "another" }),
        await bob.post(`/rooms/${room.id}/leave`),
        await bob.put(`/rooms/${room.id}/read`, { seq: 3 }),
        await post(server.url, "/auth/register", { username: "cleo", password: PASSWORD }),
        await post(server.url, "/auth/login", { username: "ann", password: PASSWORD }),
        await post(server.url, "/auth/refresh", { refresh_token: ann.refreshToken }),
        await ann.post("/auth/logout"),
      ]

      expect(refused.data).toEqual({
        code: "overloaded",
        message: "nothing can be stored just now",
        retryable: true,
        retry_after_ms: 1000,
      })
      expect(new Set(crowd.map(({ data }) => data.code))).toEqual(new Set(["overloaded"]))
      for (const answer of [overRest, ...others]) {
        expect([answer.status, answer.body?.code]).toEqual([503, "overloaded"])
        expect(answer.headers.get("retry-after")).toBe("1")
      }
      expect(await tellsNothing).toEqual([])
      const ready = async () => (await fetch(`${server.url}/ready`)).status
      // Asked often: each time something small is tried, which must not pass for a message.
      const whileIn = []
      for (let times = 0; times < 10; times++) whileIn.push(await ready())
      expect(new Set(whileIn)).toEqual(new Set([503]))
      const { body: during } = await bob.get(`/rooms/${room.id}/messages?limit=200`)
      expect(during.at(-1).seq).toBe(room.head + 1 + told)
      expect((await bob.get(`/rooms/${room.id}`)).body.head).toBe(room.head + 1 + told)
      expect(
        (await talker.ask("history", { room_id: room.id, limit: 1 })).data.messages,
      ).toHaveLength(1)

      at.end(server)
      expect(await ready()).toBe(200)
      const head = room.head + 1 + told
      expect((await say("during")).data).toMatchObject({ seq: head + 1, duplicate: false })
      expect((await say("during")).data).toMatchObject({ seq: head + 1, duplicate: true })
      const again = await Promise.all(crowd.map((_, index) => say(`c${index}`)))
      expect(again.map(({ data }) => data.seq)).toEqual(crowd.map((_, index) => head + 2 + index))
      await expectIntact(server, { ann, bob })
      expectFewWords(server, code)
      await server.stop()
      expectWholeFile(at.folder, room.id)
    }, 60_000)
  })
}

const post = (url: string, path: string, body: unknown) => call(url, { method: "POST", path, body })

/** What was refused has left nothing behind: no account, no used token, no ended session. */
async function expectIntact(
  { url }: LoggingServer,
  { ann, bob }: { readonly ann: Person; readonly bob: Person },
): Promise<void> {
  expect((await bob.get("/users/me")).status).toBe(200)
  expect((await ann.get("/users/me")).status).toBe(200)
  expect((await post(url, "/auth/refresh", { refresh_token: ann.refreshToken })).status).toBe(200)
  const register = { username: "cleo", password: PASSWORD }
  expect((await post(url, "/auth/register", register)).status).toBe(200)
}

/** Some lines, however many were refused; and nothing in them of what was sent. */
function expectFewWords(server: LoggingServer, code: string): void {
  const lines = server
    .output()
    .split("\n")
    .filter((line) => line.includes('"level":50'))
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.length).toBeLessThan(4)
  for (const line of lines) {
    const { msg, err } = JSON.parse(line)
    expect(msg).toBe("the database is in trouble")
    expect(err.code).toBe(code)
  }
  expect(server.output()).toContain("the database stores again")
  expect(server.output()).not.toContain("xxxx")
}

/** Seqs without a gap, the head where the last one is, and a file without a fault. */
function expectWholeFile(folder: string, roomId: string): void {
  const file = `${folder}/parley.db`
  expect(readRows(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }])
  const [room] = readRows(file, `select numeric_id, head from rooms where id = '${roomId}'`)
  const seqs = readRows(
    file,
    `select changed_seq as seq from messages where room_numeric_id = ${room?.numeric_id}
     union select changed_seq from members where room_numeric_id = ${room?.numeric_id}
     order by 1`,
  ).map(({ seq }) => seq)
  expect(seqs.at(-1)).toBe(Number(room?.head))
  expect(Number(seqs.at(-1)) - Number(seqs[0]) + 1).toBe(seqs.length)
}

describe("starting", () => {
  const start = async (folder: string) => {
    const { exitCode, stderr } = await runProgram(["serve"], { PORT: "0", DATA_DIR: folder })
    expect(stderr.trim().split("\n")).toHaveLength(1)
    expect(stderr).not.toMatch(/\.ts:|at \w+ \(/)
    return { exitCode, stderr }
  }

  test("on a folder that cannot be made, it says so in a line and ends with 1", async () => {
    const scratch = createScratch()
    undo.push(scratch.remove)
    await Bun.write(scratch.path("file"), "no folder")

    const { exitCode, stderr } = await start(scratch.path("file/data"))

    expect(exitCode).toBe(1)
    expect(stderr).toStartWith(`parley: DATA_DIR ${scratch.path("file/data")} cannot be used: `)
  })

  test("on a file that is no database, it says so in a line and ends with 1", async () => {
    const folder = plainFolder()
    await Bun.write(`${folder}/parley.db`, "a letter. ".repeat(1000))

    const { exitCode, stderr } = await start(folder)

    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      `parley: the database ${folder}/parley.db cannot be used: file is not a database\n`,
    )
  })

  test.skipIf(!DISKS)(
    "on a disk that may only be read, it says so in a line and ends with 1",
    async () => {
      const disk = createSmallDisk(4 * MIB)
      undo.push(disk.remove)
      const server = await loggingServer(disk.folder)
      await person(server.url, "ann")
      await server.stop()
      disk.makeReadOnly()

      const { exitCode, stderr } = await start(disk.folder)

      expect(exitCode).toBe(1)
      expect(stderr).toContain(`the database ${disk.path("parley.db")} cannot be used: `)
    },
    20_000,
  )

  test.skipIf(!DISKS)("on a disk that is full, it says so in a line and ends with 1", async () => {
    const disk = createSmallDisk(4 * MIB)
    undo.push(disk.remove)
    disk.fill()

    const { exitCode, stderr } = await start(disk.folder)

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/full|no space/i)
  })
})

test.skipIf(!existsSync("/dev/full"))(
  "given a log that nothing can be written to, the server works and stops as ever",
  async () => {
    const full = openSync("/dev/full", "w")
    undo.push(() => closeSync(full))
    const folder = plainFolder()
    // Nobody can read which port it chose, so it is told one that was free a moment ago.
    const finder = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } })
    const { port } = finder
    finder.stop(true)
    const server = Bun.spawn([process.execPath, "--no-env-file", "src/main.ts", "serve"], {
      env: {
        PATH: process.env.PATH ?? "",
        PORT: String(port),
        DATA_DIR: folder,
        LOG_LEVEL: "trace",
      },
      stdio: ["ignore", full, "ignore"],
    })
    undo.push(() => server.kill("SIGKILL"))
    const url = `http://127.0.0.1:${port}`
    await waitUntil(
      "it answers",
      () =>
        fetch(`${url}/health`).then(
          (it) => it.ok,
          () => false,
        ),
      30_000,
    )

    const ann = await person(url, "ann")
    const room = await roomOf(ann)
    expect((await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })).status).toBe(200)

    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
  },
  60_000,
)
