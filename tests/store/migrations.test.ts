import { Database as SqliteFile } from "bun:sqlite"
import { afterAll, describe, expect, test } from "bun:test"
import { cpSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { openSqlite } from "../../src/store"
import { readMigrations } from "../../src/store/migrations.macro"
import { readEverything, readRows } from "../support/rows"
import { createScratch } from "../support/scratch"

const ROOT = join(import.meta.dir, "../..")
const scratch = createScratch()
afterAll(() => scratch.remove())

const open = (path: string) => openSqlite({ path, publish: () => undefined })
const applied = (path: string) =>
  readRows(path, "select hash, created_at from __drizzle_migrations order by created_at")

/** As our folders and as drizzle-kit calls them. */
const DATABASES = [
  ["sqlite", "sqlite"],
  ["postgres", "postgresql"],
] as const

const { entries }: { entries: { tag: string }[] } = JSON.parse(
  readFileSync(join(ROOT, "drizzle/sqlite/meta/_journal.json"), "utf8"),
)

/** The names of all migrations but the last. */
function earlierVersions(): string[] {
  return entries.slice(0, -1).map(({ tag }) => tag)
}

/** Makes the file that a server of that time has left behind. */
function migrateUpTo(tag: string, path: string): void {
  const count = entries.findIndex((entry) => entry.tag === tag) + 1
  const file = new SqliteFile(path, { create: true })
  const queries = drizzle(file) as unknown as {
    dialect: { migrate(migrations: unknown, session: unknown, config: object): void }
    session: unknown
  }
  queries.dialect.migrate(readMigrations("sqlite").slice(0, count), queries.session, {})
  file.close()
}

/** Each column of each table and index, but for the order in which they were added. */
const columns = (path: string) =>
  readRows(
    path,
    `select m.name as owner, c.name, c.type, c."notnull", c.dflt_value, c.pk
     from sqlite_master m, pragma_table_info(m.name) c
     union all select m.tbl_name, m.name, m.type, 0, null, 0 from sqlite_master m
     order by 1, 2`,
  )

describe("migrations", () => {
  test("a new file gets all of them, and opening it again changes nothing", async () => {
    const path = scratch.path("twice.db")

    await open(path).close()
    const first = readEverything(path)
    await open(path).close()

    const tags = readdirSync(join(ROOT, "drizzle/sqlite")).filter((name) => name.endsWith(".sql"))
    expect(applied(path)).toHaveLength(tags.length)
    expect(readEverything(path)).toEqual(first)
    expect(first.users).toMatchObject([{ numeric_id: 0, username: "system", password_hash: null }])
  })

  test.each(earlierVersions())("a file that stands at %s is brought up to date", async (tag) => {
    const [fresh, old] = [scratch.path("fresh.db"), scratch.path(`${tag}.db`)]
    await open(fresh).close()
    migrateUpTo(tag, old)
    expect(applied(old).length).toBeLessThan(applied(fresh).length)

    await open(old).close()

    expect(applied(old)).toEqual(applied(fresh))
    expect(columns(old)).toEqual(columns(fresh))
    expect(readRows(old, "select id from users where numeric_id = 0")).toHaveLength(1)
  })

  test.each(DATABASES)(
    "generating migrations from the schema of %s finds nothing to add: both say the same",
    async (database, dialect) => {
      const out = scratch.path(`generated-${database}`)
      cpSync(join(ROOT, "drizzle", database), out, { recursive: true })
      const before = readdirSync(out).sort()

      const { exitCode, output } = await drizzleKit([
        "generate",
        ...["--dialect", dialect, "--schema", `src/store/schema/${database}.ts`],
        ...["--out", relative(ROOT, out)],
      ])

      expect(output).toContain("No schema changes")
      expect(exitCode).toBe(0)
      expect(readdirSync(out).sort()).toEqual(before)
    },
    20_000,
  )

  test.each(DATABASES)(
    "the snapshots of %s fit together",
    async (database, dialect) => {
      const out = join("drizzle", database)

      const { exitCode, output } = await drizzleKit(["check", "--dialect", dialect, "--out", out])

      expect(output).toContain("Everything's fine")
      expect(exitCode).toBe(0)
    },
    20_000,
  )

  test("a new version of Drizzle would be noticed here: its migrator takes what the binary carries", () => {
    const file = new SqliteFile(":memory:")
    const internals = drizzle(file) as unknown as {
      dialect: { migrate(migrations: unknown, session: unknown, config: object): void }
      session: unknown
    }
    const migration = {
      sql: ["create table one (id integer)", "\ncreate table two (id integer)"],
      bps: true,
      folderMillis: 1,
      hash: "h",
    }

    internals.dialect.migrate([migration], internals.session, {})
    // A second run of a migration would fail: its tables are there.
    internals.dialect.migrate([migration], internals.session, {})

    const names = file.query("select name from sqlite_master where name in ('one', 'two')").all()
    expect(names).toHaveLength(2)
    expect(file.query("select hash, created_at from __drizzle_migrations").all()).toEqual([
      { hash: "h", created_at: 1 },
    ])
  })

  test.each(DATABASES)(
    "a migration of %s once applied is not edited: the journal names every file, in order",
    (database) => {
      const folder = join(ROOT, "drizzle", database)
      const journal = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8"))
      const files = readdirSync(folder).filter((name) => name.endsWith(".sql"))

      expect(journal.entries.map((it: { tag: string }) => `${it.tag}.sql`)).toEqual(files.sort())
      const times = journal.entries.map((it: { when: number }) => it.when)
      expect(times).toEqual([...times].sort((a: number, b: number) => a - b))
    },
  )
})

async function drizzleKit(args: readonly string[]) {
  const child = Bun.spawn([process.execPath, "node_modules/drizzle-kit/bin.cjs", ...args], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, output: stdout + stderr }
}
