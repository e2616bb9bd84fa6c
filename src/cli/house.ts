import { existsSync, mkdirSync } from "node:fs"
import { type Administration, createAdministration } from "../auth/administration"
import { createKeys, type Keys } from "../auth/keys"
import { createPasswords, PASSWORD_COST } from "../auth/passwords"
import { createServerInvites, type ServerInvites } from "../auth/server-invites"
import { createTokens, type Tokens } from "../auth/tokens"
import { readConfig } from "../config"
import { createStore } from "../store"
import { openDatabase, sqlitePath } from "./database"

/** What commands work with: the data folder, opened beside the server or without one. */
export interface House {
  readonly administration: Administration
  readonly keys: Keys
  readonly invites: ServerInvites
  /** Makes access tokens that are good for so long. */
  tokensFor(lengthMs: number): Promise<Pick<Tokens, "issue">>
  /** The database file, or where on Postgres it is. */
  readonly database: string
  readonly now: () => number
  close(): Promise<void>
}

export interface HouseOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a database is made where there is none. A folder with a typo in it has none. */
  readonly makesDatabase: boolean
}

/** Nobody else waits for a command, so it may wait for a server that writes much. */
const BUSY_TIMEOUT_MS = 5_000

/** Errors: `ConfigError`; where there is no database and none is to be made. */
export async function openHouse({ env, makesDatabase }: HouseOptions): Promise<House> {
  const config = readConfig(env)
  const isFile = config.DATABASE_URL === null
  if (isFile && !makesDatabase && !existsSync(sqlitePath(config))) {
    throw new Error(`there is no database ${sqlitePath(config)}: is DATA_DIR right?`)
  }
  // As for the server: password hashes, messages and the key of our tokens lie here.
  process.umask(0o077)
  if (isFile) mkdirSync(config.DATA_DIR, { recursive: true })
  const now = Date.now
  const newId = () => Bun.randomUUIDv7()
  const { database, name, loadTokenSecret } = await openDatabase(config, {
    // Nobody here is to be told. Servers that run beside us notice that something has changed.
    publish: () => undefined,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    isBeside: true,
  })
  const store = createStore(database)
  const passwords = createPasswords(PASSWORD_COST)
  return {
    administration: createAdministration({ store, passwords, now, newId }),
    keys: createKeys({ store, now, newId }),
    invites: createServerInvites({ store, now }),
    tokensFor: async (accessTokenMs) =>
      createTokens({ secret: await loadTokenSecret(), accessTokenMs, now }),
    database: name,
    now,
    close: store.close,
  }
}
