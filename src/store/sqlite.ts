import { SQLiteError, Database as SqliteFile } from "bun:sqlite"
import { drizzle } from "drizzle-orm/bun-sqlite"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { LIMITS } from "../protocol/limits"
import type { Database } from "./database"
import { readMigrations } from "./migrations.macro" with { type: "macro" }
import { runAtOnce, type Script } from "./script"
import { createAppender } from "./sqlite-append"
import { readRows } from "./sqlite-rows"
import { createWriteQueue, type Outcome, type PendingWrite, type Written } from "./write-queue"

export interface SqliteOptions {
  /** A file, or ":memory:". */
  readonly path: string
  /** How long a statement waits for another process that writes, blocking this one. */
  readonly busyTimeoutMs?: number
  publish(message: BusMessage): void
  onBatch?(size: number, milliseconds: number): void
  /** Nothing can be stored (a full disk, a locked file), or what was stored could not be told. */
  onTrouble?(error: unknown): void
}

/** A server waits this long: it blocks everybody meanwhile, and writes are retryable. */
const SERVER_BUSY_TIMEOUT_MS = 250

const MIGRATIONS = readMigrations("sqlite")

/** Opens the file, brings its tables up to date, and answers in the form all queries use. */
export function openSqlite({
  path,
  busyTimeoutMs = SERVER_BUSY_TIMEOUT_MS,
  publish,
  onBatch,
  onTrouble = () => undefined,
}: SqliteOptions): Database {
  const file = new SqliteFile(path, { create: true, strict: true })
  // FULL: what was acknowledged survives power loss, not only a crash of the process.
  for (const pragma of [
    // First: setting the others may itself have to wait for another process.
    `busy_timeout = ${busyTimeoutMs}`,
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",
    // A checkpoint copies pages back with two more fsyncs; 16 MB of log between two is little.
    "wal_autocheckpoint = 4000",
  ]) {
    file.run(`PRAGMA ${pragma}`)
  }
  const queries = drizzle(file)
  migrate(queries)
  const begin = file.prepare("BEGIN")
  const commitRead = file.prepare("COMMIT")
  const appender = createAppender(file, queries)
  const queue = createWriteQueue({
    commit,
    publish,
    onTellFailed: onTrouble,
    ...(onBatch === undefined ? {} : { onBatch }),
    waitingMax: LIMITS.writeQueueMax,
  })

  function commit(writes: readonly PendingWrite[]): readonly Outcome[] {
    try {
      return transaction(() => writes.map(attempt))
    } catch (error) {
      if (isTrouble(error)) {
        onTrouble(error)
        const refusal = new ChatError("overloaded", {
          detail: "nothing can be stored just now",
          cause: error,
        })
        return writes.map(() => ({ error: refusal }))
      }
      if (writes.length === 1) return [{ error }]
      // One write broke the whole transaction. Alone, only the culprit fails.
      return writes.flatMap((write) => commit([write]))
    }
  }

  function attempt(write: PendingWrite): Outcome {
    try {
      return { written: write.write() }
    } catch (error) {
      // A refusal has already undone its own steps; anything else may have left the
      // transaction unusable (a full disk, say), so the whole of it is given up.
      if (error instanceof ChatError) return { error }
      throw error
    }
  }

  function transaction<T>(body: () => T): T {
    file.run("BEGIN IMMEDIATE")
    try {
      appender.begin()
      const result = body()
      appender.saveHeads()
      file.run("COMMIT")
      return result
    } catch (error) {
      if (file.inTransaction) file.run("ROLLBACK")
      throw error
    }
  }

  /** A script's steps count together or not at all, whatever its neighbours in the batch do. */
  function runScript<T>(script: () => Script<Written<T>>): Written<T> {
    appender.saveHeads()
    file.run("SAVEPOINT script")
    try {
      const written = runAtOnce(script(), readRows)
      file.run("RELEASE script")
      return written
    } catch (error) {
      if (file.inTransaction) {
        file.run("ROLLBACK TO script")
        file.run("RELEASE script")
      }
      throw error
    }
  }

  const dataVersion = file.prepare<{ data_version: number }, []>("PRAGMA data_version")
  let knownVersion = dataVersion.get()?.data_version

  return {
    queries,
    // Moves when another connection has committed, and never by what this one writes.
    changedElsewhere: () => {
      const version = dataVersion.get()?.data_version
      const hasChanged = version !== knownVersion
      knownVersion = version
      return hasChanged
    },
    read: async (script) => {
      // One transaction: the steps see one state, and the file is locked once and not per step.
      begin.run()
      try {
        return runAtOnce(script, readRows)
      } finally {
        commitRead.run()
      }
    },
    write: (script) => queue.submit(() => runScript(script)),
    append: (message) =>
      queue.submit(() => appender.append(message) ?? runScript(() => message.otherwise())),
    close: async () => {
      queue.flush()
      file.close()
    },
  }
}

/** Trouble of the whole file, which no single write has caused and which may pass. */
function isTrouble(error: unknown): boolean {
  const code = error instanceof SQLiteError ? (error.code ?? "") : ""
  return /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/.test(code)
}

/** Drizzle's own migrator, fed with what the binary carries. An internal call: the version is pinned. */
function migrate(queries: ReturnType<typeof drizzle>): void {
  const internals = queries as unknown as {
    dialect: { migrate(migrations: unknown, session: unknown, config: object): void }
    session: unknown
  }
  internals.dialect.migrate(MIGRATIONS, internals.session, {})
}
