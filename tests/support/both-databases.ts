import { SQL } from "bun"
import { type Database, openSqlite } from "../../src/store"
import { openPostgres, type PostgresOptions } from "../../src/store/postgres"
import { canRunPostgres, freshDatabase } from "./postgres"
import { changeRows, readRows } from "./rows"
import { createScratch } from "./scratch"

type OpenOptions = Omit<PostgresOptions, "url">

/** An empty database of a test's own, which may be opened more than once. */
export interface TestGround {
  open(options: OpenOptions): Promise<Database>
  /** A second pair of eyes: what is committed, past all of our code. Each row as an array. */
  rows(query: string): Promise<readonly (readonly unknown[])[]>
  /** Past all of our code. */
  change(statement: string): Promise<void>
  remove(): Promise<void>
}

interface Kind {
  readonly name: "SQLite" | "Postgres"
  create(): Promise<TestGround>
}

/** For `describe.each`: what holds on one database holds on the other. */
export const bothDatabases: readonly Kind[] = [
  { name: "SQLite", create: sqliteGround },
  ...(canRunPostgres() ? [{ name: "Postgres" as const, create: postgresGround }] : []),
]

async function sqliteGround(): Promise<TestGround> {
  const scratch = createScratch()
  const path = scratch.path("parley.db")
  return {
    open: async (options) => openSqlite({ ...options, path }),
    rows: async (query) => readRows(path, query).map((row) => Object.values(row)),
    change: async (statement) => changeRows(path, statement),
    remove: async () => scratch.remove(),
  }
}

export async function postgresGround(): Promise<TestGround & { readonly url: string }> {
  const { url, drop } = await freshDatabase()
  const eyes = new SQL({ url, max: 1 })
  return {
    url,
    open: (options) => openPostgres({ ...options, url }),
    // 64 bits come as text, and what is counted here has fewer.
    rows: async (query) =>
      (await eyes.unsafe(query, []).values()).map((row: readonly unknown[]) =>
        row.map((it) => (typeof it === "string" && /^\d+$/.test(it) ? Number(it) : it)),
      ),
    async change(statement) {
      await eyes.unsafe(statement)
    },
    async remove() {
      await eyes.close()
      await drop()
    },
  }
}
