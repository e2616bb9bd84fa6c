import { createStore, openSqlite, type Store } from "../../src/store"
import { openPostgres } from "../../src/store/postgres"
import type { SqliteOptions } from "../../src/store/sqlite"
import { freshDatabase } from "./postgres"
import { dropInBackground, standInFor } from "./stand-ins"

/** `PARLEY_TEST_DATABASE`, which says what the servers of all tests keep their things in. */
export const isOnPostgres = process.env.PARLEY_TEST_DATABASE === "postgres"

interface TestStoreOptions extends Omit<SqliteOptions, "path" | "busyTimeoutMs"> {
  /** A file, which is there after the store is closed; without it, memory. */
  readonly path?: string
}

/**
 * Opens a store on SQLite or, where tests are run on it, on PostgreSQL: there each file stands
 * for a database, and what would be in memory is one that is gone when the store is closed.
 */
export async function openStore({ path, ...options }: TestStoreOptions): Promise<Store> {
  if (!isOnPostgres) return createStore(openSqlite({ path: path ?? ":memory:", ...options }))
  const database =
    path === undefined ? await freshDatabase() : await standInFor(path, freshDatabase)
  const store = createStore(
    await openPostgres({ url: database.url, connectionsMax: CONNECTIONS_MAX, ...options }),
  )
  if (path !== undefined) return store
  return {
    ...store,
    async close() {
      await store.close()
      dropInBackground(database)
    },
  }
}

/** Two for writes, two for reads, one for messages: each is a process, and all are opened at once. */
const CONNECTIONS_MAX = 5

/** Settings that lead a server with this file to the database that stands for it. */
export async function databaseSettings(path: string): Promise<Readonly<Record<string, string>>> {
  if (!isOnPostgres) return {}
  return {
    DATABASE_URL: (await standInFor(path, freshDatabase)).url,
    DATABASE_CONNECTIONS: String(CONNECTIONS_MAX),
  }
}

/** Tests of what SQLite alone does or promises. Elsewhere they are left out, and that is said. */
export function onSqlite(what: string, define: () => void): void {
  if (isOnPostgres) console.warn(`Left out, because only SQLite does so: ${what}`)
  else define()
}

/** Tests of what is so on PostgreSQL alone, where writes run side by side. */
export function onPostgres(what: string, define: () => void): void {
  if (isOnPostgres) define()
  else console.warn(`Left out, because it is so on PostgreSQL only: ${what}`)
}
