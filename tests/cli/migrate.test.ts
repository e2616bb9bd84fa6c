import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { SQL } from "bun"
import { runTask } from "../../src/cli/run-task"
import { UsageError } from "../../src/cli/usage-error"
import { person } from "../support/people"
import { canRunPostgres, emptyDatabase, type TestDatabase } from "../support/postgres"
import { runProgram, serveProgram } from "../support/program"
import { changeRows, readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"
import { startServer } from "../support/server"

const SECRET = "a secret of more than 32 characters"

const DATABASES = ["SQLite", "Postgres"] as const

describe.each(DATABASES)("parley migrate on %s", (name) => {
  const testHere = test.skipIf(name === "Postgres" && !canRunPostgres())
  let scratch: Scratch
  let database: TestDatabase | undefined
  let env: Record<string, string>

  beforeEach(async () => {
    scratch = createScratch()
    env = { DATA_DIR: scratch.path("data") }
    if (name === "SQLite" || !canRunPostgres()) return
    database = await emptyDatabase()
    env = { ...env, DATABASE_URL: database.url }
  })
  afterEach(async () => {
    await database?.drop()
    scratch.remove()
  })

  const run = async (...args: readonly string[]) => {
    const umask = process.umask()
    const { text, exitCode } = await runTask("migrate", [...args, "--json"], {
      env,
      progress: () => undefined,
    })
    process.umask(umask)
    return { exitCode, ...JSON.parse(text) }
  }

  testHere(
    "--check says what is due and changes nothing, migrate does it, and then nothing is",
    async () => {
      const before = await run("--check")
      const again = await run("--check")
      const done = await run()
      const after = await run("--check")
      const twice = await run()

      expect(before.exitCode).toBe(1)
      expect(before.applied).toEqual([])
      expect(before.due[0]).toBe("0000_init")
      expect(again).toEqual(before)
      expect(done).toEqual({ ...before, exitCode: 0, applied: before.due, due: [] })
      expect(after).toEqual(done)
      expect(twice).toEqual(done)
      if (name === "SQLite") expect(before.database).toBe(scratch.path("data/parley.db"))
      // Neither a user nor a password: the answer may stand in the log of a deployment.
      else expect(before.database).toMatch(/^127\.0\.0\.1:\d+\/parley_\d+$/)
    },
  )

  testHere("tells people, and ends with 1 where something is due", async () => {
    const due = await runProgram(["migrate", "--check"], env)
    const done = await runProgram(["migrate"], env)
    const nothing = await runProgram(["migrate", "--check"], env)

    expect(due).toMatchObject({ exitCode: 1, stderr: "" })
    expect(due.stdout).toMatch(/^Due on .*:\n {2}0000_init\n/)
    expect(done).toMatchObject({ exitCode: 0, stderr: "" })
    expect(done.stdout).toMatch(/^Brought .* up to date:\n {2}0000_init\n/)
    expect(nothing).toMatchObject({ exitCode: 0, stderr: "" })
    expect(nothing.stdout).toMatch(/^.* is up to date, at \d{4}_\w+\n$/)
  })
})

describe("a server whose user on Postgres may not change tables", () => {
  const testHere = test.skipIf(!canRunPostgres())

  testHere("starts where nothing is due, and says what is wrong where something is", async () => {
    const scratch = createScratch()
    const database = await emptyDatabase()
    const owner = new SQL(database.url, { max: 1 })
    await owner.unsafe("drop role if exists server")
    await owner.unsafe("create role server login password 'server'")
    const url = new URL(database.url)
    url.username = "server"
    url.password = "server"
    const serve = () =>
      serveProgram({ DATA_DIR: scratch.path("data"), DATABASE_URL: url.href, JWT_SECRET: SECRET })

    const refused = await serve().catch((it) => it)
    await runProgram(["migrate"], { DATABASE_URL: database.url })
    await owner.unsafe("grant usage on schema public, drizzle to server")
    await owner.unsafe("grant select on all tables in schema drizzle to server")
    await owner.unsafe(
      "grant select, insert, update, delete on all tables in schema public to server",
    )
    await owner.unsafe("grant usage, select, update on all sequences in schema public to server")
    const server = await serve()
    const ann = await person(server.url, "ann")
    const made = await ann.post("/rooms", { name: "tea" })
    const sent = await ann.post(`/rooms/${made.body.id}/messages`, { content: "hello" })
    const { exitCode } = await server.stop()

    expect(refused.message).toContain("cannot be used")
    expect(refused.message).toContain("run `parley migrate` as a user who may change tables")
    expect([made.status, sent.status, exitCode]).toEqual([200, 200, 0])
    await owner.close()
    await database.drop()
    scratch.remove()
  })
})

describe("parley migrate", () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = createScratch()
  })
  afterEach(() => scratch.remove())

  const run = (...args: readonly string[]) =>
    runTask("migrate", args, { env: { DATA_DIR: scratch.folder }, progress: () => undefined })

  test("--check makes no file where there is none", async () => {
    await run("--check")

    expect(existsSync(scratch.path("parley.db"))).toBe(false)
  })

  test("finds nothing to do where a server has started, and is no trouble to it", async () => {
    const server = await startServer({ path: scratch.path("parley.db") })

    const { exitCode } = await run("--check")

    expect(exitCode).toBe(0)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    await server.stop()
  })

  test("refuses a file that a newer version has written", async () => {
    await run()
    const path = scratch.path("parley.db")
    changeRows(path, "insert into __drizzle_migrations (hash, created_at) values ('x', 9e15)")

    await expect(run("--check")).rejects.toThrow("a newer version of Parley has written it")
    await expect(run()).rejects.toThrow("a newer version of Parley has written it")
    expect(readRows(path, "select count(*) as n from users")).toEqual([{ n: 1 }])
  })

  test.each([[["up"]], [["--force"]]])("%s is not understood", async (args) => {
    const error = await run(...args).catch((it) => it)

    expect(error).toBeInstanceOf(UsageError)
    expect(error.message).toContain("Usage: parley migrate [--check] [--json]")
  })
})
