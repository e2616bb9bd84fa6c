import { Database as SqliteFile } from "bun:sqlite"
import { existsSync } from "node:fs"
import { drizzle } from "drizzle-orm/bun-sqlite"
import type { Queries } from "./database"
import { type MigrationState, migrationState } from "./migration-state"
import { readMigrations } from "./migrations.macro" with { type: "macro" }
import { isBusy } from "./trouble"

/** Carried by the program. */
export const SQLITE_MIGRATIONS = readMigrations("sqlite")

/** So long a server waits for another program's lock: it blocks everybody, and writes are retryable. */
export const BUSY_TIMEOUT_MS = 250

const pragmas = (busyTimeoutMs: number) => [
  // First: setting the others may itself have to wait for another process.
  `busy_timeout = ${busyTimeoutMs}`,
  "journal_mode = WAL",
  // FULL: what was acknowledged survives power loss, not only a crash of the process.
  "synchronous = FULL",
  "foreign_keys = ON",
  "cache_size = -65536",
  // A checkpoint copies pages back with two more fsyncs; 16 MB of log between two is little.
  "wal_autocheckpoint = 4000",
]

/**
 * Opens the file and brings its tables up to date. Errors: one that says in a sentence why the
 * file cannot be used, because it is read by whoever starts the server.
 */
export function openFile(
  path: string,
  { busyTimeoutMs }: { readonly busyTimeoutMs: number },
): { readonly file: SqliteFile; readonly queries: Queries } {
  let file: SqliteFile | undefined
  try {
    file = new SqliteFile(path, { create: true, strict: true })
    for (const pragma of pragmas(busyTimeoutMs)) file.run(`PRAGMA ${pragma}`)
    const queries = drizzle(file)
    stateOf(file)
    migrate(queries)
    refuseReadOnly(file)
    return { file, queries }
  } catch (cause) {
    file?.close()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`the database ${path} cannot be used: ${reason}`, { cause })
  }
}

/** What has been done to the file, and what is due; of one that is not there, everything is. */
export function sqliteMigrationState(path: string): MigrationState {
  if (!existsSync(path)) return migrationState(SQLITE_MIGRATIONS, null)
  const file = new SqliteFile(path, { readwrite: true })
  try {
    return stateOf(file)
  } finally {
    file.close()
  }
}

/** The same of one that is open. Errors: a newer version of Parley has written it. */
export function stateOf(file: SqliteFile): MigrationState {
  const isMigrated = file.query("select 1 from sqlite_master where name = '__drizzle_migrations'")
  if (isMigrated.get() === null) return migrationState(SQLITE_MIGRATIONS, null)
  const row = file
    .query<{ latest: number | null }, []>(
      "select max(created_at) as latest from __drizzle_migrations",
    )
    .get()
  return migrationState(SQLITE_MIGRATIONS, row?.latest ?? null)
}

/** Found out now, and not by the first one who sends. Who else is writing will come to an end. */
function refuseReadOnly(file: SqliteFile): void {
  try {
    file.run("BEGIN IMMEDIATE")
    file.run("ROLLBACK")
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}

/** Drizzle's own migrator, fed with what the binary carries. An internal call: the version is pinned. */
function migrate(queries: ReturnType<typeof drizzle>): void {
  const internals = queries as unknown as {
    dialect: { migrate(migrations: unknown, session: unknown, config: object): void }
    session: unknown
  }
  internals.dialect.migrate(SQLITE_MIGRATIONS, internals.session, {})
}
