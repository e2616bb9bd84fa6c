import { mkdirSync } from "node:fs"
import type { Config } from "../config"
import type { MigrationState } from "../store/migration-state"
import { migratePostgres, placeOf, postgresMigrationState } from "../store/postgres-open"
import { openFile, sqliteMigrationState } from "../store/sqlite-file"
import { sqlitePath } from "./database"

/** A database that nobody has opened yet. */
export interface DatabasePlace {
  /** How it is called in answers: without a password. */
  readonly name: string
  migrations(): Promise<MigrationState>
  migrate(): Promise<void>
}

/** That of `DATABASE_URL`, or the file in `DATA_DIR`. */
export const placeOfDatabase = ({
  DATABASE_URL,
  DATA_DIR,
}: Pick<Config, "DATABASE_URL" | "DATA_DIR">): DatabasePlace =>
  DATABASE_URL === null ? sqlitePlace(DATA_DIR) : postgresPlace(DATABASE_URL)

export const postgresPlace = (url: string): DatabasePlace => ({
  name: placeOf(url),
  migrations: () => postgresMigrationState(url),
  migrate: () => migratePostgres(url),
})

/** A command waits for a server that writes; nobody waits for it. */
const BUSY_TIMEOUT_MS = 5_000

function sqlitePlace(folder: string): DatabasePlace {
  const path = sqlitePath({ DATA_DIR: folder })
  return {
    name: path,
    migrations: async () => sqliteMigrationState(path),
    async migrate() {
      // As for the server: password hashes and messages lie here.
      process.umask(0o077)
      mkdirSync(folder, { recursive: true })
      openFile(path, { busyTimeoutMs: BUSY_TIMEOUT_MS }).file.close()
    },
  }
}
