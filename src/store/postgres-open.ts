import { SQL } from "bun"
import { drizzle } from "drizzle-orm/bun-sql"
import { readMigrations } from "./migrations.macro" with { type: "macro" }
import { PostgresFailure } from "./postgres-trouble"

const MIGRATIONS = readMigrations("postgres")

/** Any number that nobody else locks: "parley" in the digits of a telephone. */
const MIGRATION_LOCK = 727_539

/**
 * Brings the tables up to date. Of nodes that start at once, one does it and the others wait.
 * Errors: one that says in a sentence why the database cannot be used, and nothing of its URL but
 * where it is.
 */
export async function migratePostgres(url: string): Promise<void> {
  // Without the time limits that a server sets itself: a migration may take longer.
  const client = new SQL({ url, max: 2, connectionTimeout: 5 })
  try {
    const lock = await client.reserve()
    await lock.unsafe("select pg_advisory_lock($1)", [MIGRATION_LOCK])
    await refuseNewer(client)
    await migrate(drizzle({ client }))
    // It ends with the connection.
  } catch (cause) {
    const reason = cause instanceof SQL.PostgresError ? new PostgresFailure(cause) : cause
    const detail = reason instanceof Error ? reason.message : String(reason)
    throw new Error(`the database ${placeOf(url)} cannot be used: ${detail}`, { cause: reason })
  } finally {
    await client.close({ timeout: 0 })
  }
}

/** `host:port/name`: without the user, the password and what else a URL may say. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host || "localhost"}${pathname}`
}

/** A newer program may keep what we know elsewhere: we would store beside it, and read the old. */
async function refuseNewer(client: SQL): Promise<void> {
  const [isMigrated] = await client
    .unsafe("select to_regclass('drizzle.__drizzle_migrations') is not null", [])
    .values()
  if (isMigrated?.[0] !== true) return
  const [latest] = await client
    .unsafe("select max(created_at) from drizzle.__drizzle_migrations", [])
    .values()
  if (Number(latest?.[0] ?? 0) > Math.max(...MIGRATIONS.map((it) => it.folderMillis))) {
    throw new Error("a newer version of Parley has written it")
  }
}

/** Drizzle's own migrator, fed with what the binary carries. An internal call: the version is pinned. */
async function migrate(queries: ReturnType<typeof drizzle>): Promise<void> {
  const internals = queries as unknown as {
    dialect: { migrate(migrations: unknown, session: unknown, config: object): Promise<void> }
    session: unknown
  }
  await internals.dialect.migrate(MIGRATIONS, internals.session, {})
}
