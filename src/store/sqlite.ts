import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { LIMITS } from "../protocol/limits"
import type { Database } from "./database"
import { charsOf } from "./message-size"
import * as schema from "./schema/sqlite"
import { runAtOnce, type Script } from "./script"
import { createSqliteSearchIndex } from "./search.sqlite"
import { createAppender } from "./sqlite-append"
import { BUSY_TIMEOUT_MS, openFile } from "./sqlite-file"
import { readRows } from "./sqlite-rows"
import { isBusy, isTrouble, troubleRefusal } from "./trouble"
import { createWriteQueue, type Outcome, type PendingWrite, type Written } from "./write-queue"

export interface SqliteOptions {
  /** A file, or ":memory:". */
  readonly path: string
  /** How long a statement waits for another process that writes, blocking this one. */
  readonly busyTimeoutMs?: number
  publish(message: BusMessage): Promise<void> | undefined
  onBatch?(size: number, milliseconds: number): void
  /** Nothing can be stored or read: a full disk, a locked file. Called for each batch and read. */
  onTrouble?(error: unknown): void
  /** A batch was stored. */
  onStored?(): void
  /** What was stored could not be told. */
  onTellFailed?(error: unknown): void
}

/** Opens the file, brings its tables up to date, and answers in the form all queries use. */
export function openSqlite({
  path,
  busyTimeoutMs = BUSY_TIMEOUT_MS,
  publish,
  onBatch,
  onTrouble = () => undefined,
  onStored = () => undefined,
  onTellFailed = () => undefined,
}: SqliteOptions): Database {
  const { file, queries } = openFile(path, { busyTimeoutMs })
  const begin = file.prepare("BEGIN")
  const commitRead = file.prepare("COMMIT")
  let waitMs = busyTimeoutMs
  const appender = createAppender(file, queries)
  const queue = createWriteQueue({
    commit,
    publish,
    onTellFailed,
    ...(onBatch === undefined ? {} : { onBatch }),
    waitingMax: LIMITS.writeQueueMax,
  })

  function commit(writes: readonly PendingWrite[]): readonly Outcome[] {
    try {
      return transaction(() => writes.map(attempt))
    } catch (error) {
      if (isTrouble(error)) {
        onTrouble(error)
        const refusal = troubleRefusal("nothing can be stored just now", error)
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

  /**
   * All of the body's steps, durable, or none. Whatever fails, a COMMIT too, the file is left
   * without a transaction, and the next one starts as if this had never been (docs/decisions/0013).
   */
  function transaction<T>(body: () => T): T {
    beginWriting()
    try {
      appender.begin()
      const result = body()
      appender.saveHeads()
      file.run("COMMIT")
      onStored()
      return result
    } catch (error) {
      // Some failures end the transaction themselves: a full disk, a COMMIT that is not written.
      if (file.inTransaction) file.run("ROLLBACK")
      throw error
    }
  }

  /**
   * Waits a little for another program that writes; once that was in vain, not again until a
   * transaction could begin: everybody's reading would stand still for as long as it writes.
   */
  function beginWriting(): void {
    try {
      file.run("BEGIN IMMEDIATE")
    } catch (error) {
      if (isBusy(error)) waitForLocks(0)
      throw error
    }
    waitForLocks(busyTimeoutMs)
  }

  function waitForLocks(milliseconds: number): void {
    if (milliseconds === waitMs) return
    waitMs = milliseconds
    file.run(`PRAGMA busy_timeout = ${milliseconds}`)
  }

  /** One transaction: the steps see one state, and the file is locked once and not per step. */
  function readAtOnce<T>(script: Script<T>): T {
    begin.run()
    try {
      return runAtOnce(script, readRows)
    } finally {
      // A failure may have ended it. One left open would be in the way of all that follow.
      if (file.inTransaction) commitRead.run()
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

  const write: Database["write"] = (script, chars) => queue.submit(() => runScript(script), chars)
  const dataVersion = file.prepare<{ data_version: number }, []>("PRAGMA data_version")
  let knownVersion = dataVersion.get()?.data_version

  return {
    queries,
    schema,
    isShared: false,
    searchIndex: createSqliteSearchIndex(file),
    // Moves when another connection has committed, and never by what this one writes.
    changedElsewhere: () => {
      const version = dataVersion.get()?.data_version
      const hasChanged = version !== knownVersion
      knownVersion = version
      return hasChanged
    },
    read: async (script) => {
      try {
        return readAtOnce(script)
      } catch (error) {
        if (!isTrouble(error)) throw error
        onTrouble(error)
        throw troubleRefusal("nothing can be read just now", error)
      }
    },
    write,
    writeInRoom: write,
    append: (message) =>
      queue.submit(
        () => appender.append(message) ?? runScript(() => message.otherwise()),
        charsOf(message.draft),
      ),
    close: async () => {
      queue.flush()
      file.close()
    },
  }
}
