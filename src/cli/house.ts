import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { type Administration, createAdministration } from "../auth/administration"
import { createKeys, type Keys } from "../auth/keys"
import { createPasswords, PASSWORD_COST } from "../auth/passwords"
import { createServerInvites, type ServerInvites } from "../auth/server-invites"
import { createTokens, type Tokens } from "../auth/tokens"
import { readConfig } from "../config"
import { createStore, openSqlite } from "../store"
import { loadTokenSecret } from "./token-secret"

/** What commands work with: the data folder, opened beside the server or without one. */
export interface House {
  readonly administration: Administration
  readonly keys: Keys
  readonly invites: ServerInvites
  /** Makes access tokens that are good for so long. */
  tokensFor(lengthMs: number): Pick<Tokens, "issue">
  /** The database file. */
  readonly path: string
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
export function openHouse({ env, makesDatabase }: HouseOptions): House {
  const config = readConfig(env)
  const path = join(config.DATA_DIR, "parley.db")
  if (!makesDatabase && !existsSync(path)) {
    throw new Error(`there is no database ${path}: is DATA_DIR right?`)
  }
  // As for the server: password hashes, messages and the key of our tokens lie here.
  process.umask(0o077)
  mkdirSync(config.DATA_DIR, { recursive: true })
  const now = Date.now
  const newId = () => Bun.randomUUIDv7()
  // Nobody here is to be told. A server that runs beside us notices that its file has changed.
  const publish = () => undefined
  const store = createStore(openSqlite({ path, publish, busyTimeoutMs: BUSY_TIMEOUT_MS }))
  const passwords = createPasswords(PASSWORD_COST)
  return {
    administration: createAdministration({ store, passwords, now, newId }),
    keys: createKeys({ store, now, newId }),
    invites: createServerInvites({ store, now }),
    tokensFor: (accessTokenMs) =>
      createTokens({ secret: loadTokenSecret(config), accessTokenMs, now }),
    path,
    now,
    close: store.close,
  }
}
