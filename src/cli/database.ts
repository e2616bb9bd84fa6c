import { randomUUID } from "node:crypto"
import { join } from "node:path"
import type { Config } from "../config"
import { type Database, openSqlite } from "../store"
import { loadTokenSecret, makeTokenSecret, readTokenSecret } from "./token-secret"

type SqliteOptions = Parameters<typeof openSqlite>[0]

export interface DatabaseOptions extends Omit<SqliteOptions, "path"> {
  /** Whether it is opened beside running servers, which are to notice what is written. */
  readonly isBeside?: boolean
}

/** A database with what it keeps besides rows. */
export interface OpenDatabase {
  readonly database: Database
  /** Which it is, for those who run it: a path, or a place without user and password. */
  readonly name: string
  /** The key of our access tokens: `JWT_SECRET`, or one that is made once and kept. */
  loadTokenSecret(): Promise<Uint8Array>
  /** By which servers on this database know each other: made once, and copied with it. */
  loadId(): Promise<string>
}

export type DatabaseSettings = Pick<
  Config,
  "DATABASE_URL" | "DATABASE_CONNECTIONS" | "DATA_DIR" | "JWT_SECRET"
>

export const sqlitePath = ({ DATA_DIR }: Pick<Config, "DATA_DIR">) => join(DATA_DIR, "parley.db")

/** Opens the database that the settings name. Errors: one that says why it cannot be used. */
export async function openDatabase(
  config: DatabaseSettings,
  options: DatabaseOptions,
): Promise<OpenDatabase> {
  const { DATABASE_URL: url, DATABASE_CONNECTIONS: connectionsMax, JWT_SECRET } = config
  if (url === null) {
    return {
      database: openSqlite({ ...options, path: sqlitePath(config) }),
      name: sqlitePath(config),
      loadTokenSecret: async () => loadTokenSecret(config),
      // No other server shares it.
      loadId: async () => sqlitePath(config),
    }
  }
  // Loaded when it is asked for: a server on SQLite starts without it.
  const { openPostgres, placeOf } = await import("../store/postgres")
  const database = await openPostgres({ ...options, url, connectionsMax })
  return {
    database,
    name: placeOf(url),
    // Kept where all nodes find it: a secret in each node's folder would differ.
    loadTokenSecret: async () =>
      JWT_SECRET === null
        ? readTokenSecret(await database.keepSecret("token_secret", makeTokenSecret), "Postgres")
        : new TextEncoder().encode(JWT_SECRET),
    loadId: () => database.keepSecret("database_id", () => randomUUID()),
  }
}
