import { SQL } from "bun"
import { drizzle } from "drizzle-orm/bun-sql"
import { type MigrationState, migrationState } from "./migration-state"
import { readMigrations } from "./migrations.macro" with { type: "macro" }
import { PostgresFailure } from "./postgres-trouble"

/** Carried by the program. */
export const POSTGRES_MIGRATIONS = readMigrations("postgres")

const CONNECT_SECONDS = 5

/** What Postgres says to a user who may not do something. */
const NOT_ALLOWED = "42501"

/** Any number that nobody else locks: "parley" in the digits of a telephone. */
const MIGRATION_LOCK = 727_539

/**
 * Brings the tables up to date. Of nodes that start at once, one does it and the others wait.
 * Errors: one that says in a sentence why the database cannot be used, and nothing of its URL but
 * where it is.
 */
export async function migratePostgres(url: string): Promise<void> {
  // Without the time limits that a server sets itself: a migration may take longer.
  const client = new SQL({ url, max: 2, connectionTimeout: CONNECT_SECONDS })
  try {
    // It ends with the connection.
    const lock = await client.reserve()
    await lock.unsafe("select pg_advisory_lock($1)", [MIGRATION_LOCK])
    const { due } = await stateOf(client)
    // Where nothing is due, nothing is tried: a server's own user need not be allowed to change
    // tables, when somebody else runs `parley migrate`.
    if (due.length > 0) await migrate(drizzle({ client }))
  } catch (cause) {
    throw unusable(url, cause)
  } finally {
    await client.close({ timeout: 0 })
  }
}

/** `host:port/name`: without the user, the password and what else a URL may say. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host || "localhost"}${pathname}`
}

/** What has been done, and what is due. Changes nothing. Errors: as `migratePostgres`. */
export async function postgresMigrationState(url: string): Promise<MigrationState> {
  const client = new SQL({ url, max: 1, connectionTimeout: CONNECT_SECONDS })
  try {
    return await stateOf(client)
  } catch (cause) {
    throw unusable(url, cause)
  } finally {
    await client.close({ timeout: 0 })
  }
}

async function stateOf(client: SQL): Promise<MigrationState> {
  const [isMigrated] = await client
    .unsafe("select to_regclass('drizzle.__drizzle_migrations') is not null", [])
    .values()
  if (isMigrated?.[0] !== true) return migrationState(POSTGRES_MIGRATIONS, null)
  const [latest] = await client
    .unsafe("select max(created_at) from drizzle.__drizzle_migrations", [])
    .values()
  const time = latest?.[0] ?? null
  return migrationState(POSTGRES_MIGRATIONS, time === null ? null : Number(time))
}

function unusable(url: string, error: unknown): Error {
  // Drizzle wraps what the database says, and names the query instead.
  const cause = error instanceof Error && isPostgres(error.cause) ? error.cause : error
  const reason = isPostgres(cause) ? new PostgresFailure(cause) : cause
  const detail = reason instanceof Error ? reason.message : String(reason)
  const isForbidden = reason instanceof PostgresFailure && reason.code === NOT_ALLOWED
  const advice = isForbidden ? "; run `parley migrate` as a user who may change tables" : ""
  return new Error(`the database ${placeOf(url)} cannot be used: ${detail}${advice}`, {
    cause: reason,
  })
}

const isPostgres = (error: unknown) => error instanceof SQL.PostgresError

/** Drizzle's own migrator, fed with what the binary carries. An internal call: the version is pinned. */
async function migrate(queries: ReturnType<typeof drizzle>): Promise<void> {
  const internals = queries as unknown as {
    dialect: { migrate(migrations: unknown, session: unknown, config: object): Promise<void> }
    session: unknown
  }
  await internals.dialect.migrate(POSTGRES_MIGRATIONS, internals.session, {})
}
