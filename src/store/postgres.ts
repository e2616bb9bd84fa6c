import { drizzle } from "drizzle-orm/bun-sql"
import type { BusMessage } from "../protocol/events"
import { LIMITS } from "../protocol/limits"
import { asQueries, type Database } from "./database"
import { createPostgresAppender } from "./postgres-append"
import { createDoubts } from "./postgres-doubts"
import { migratePostgres } from "./postgres-open"
import { createPool } from "./postgres-pool"
import { createScripts } from "./postgres-scripts"
import { refusalOf } from "./postgres-trouble"
import * as schema from "./schema/postgres"
import { createPostgresSearchIndex } from "./search.postgres"
import { createTelling } from "./telling"
import { createTurns } from "./telling-turns"

export { placeOf } from "./postgres-open"

export interface PostgresOptions {
  readonly url: string
  /** How many connections are kept at the most, 3 or more. */
  readonly connectionsMax?: number
  /** Whether running servers are to notice what is written: the command line, beside them. */
  readonly isBeside?: boolean
  publish(message: BusMessage): Promise<void> | undefined
  onBatch?(size: number, milliseconds: number): void
  /** Nothing can be stored or read: no connection, a full disk. Called for each batch and read. */
  onTrouble?(error: unknown): void
  /** Something was stored. */
  onStored?(): void
  /** What was stored could not be told. */
  onTellFailed?(error: unknown): void
}

export interface PostgresDatabase extends Database {
  /** A secret that all nodes share: the first one to ask gives it. */
  keepSecret(name: string, make: () => string): Promise<string>
}

const CONNECTIONS_MAX = 10

const COUNT_OUTSIDE_WRITE = `
  update settings set value = cast(cast(value as bigint) + 1 as text) where name = 'outside_writes'`

const READ_OUTSIDE_WRITES = "select value from settings where name = 'outside_writes'"

/** Brings the tables up to date, and answers in the form all queries use. Errors: a sentence. */
export async function openPostgres({
  url,
  connectionsMax = CONNECTIONS_MAX,
  isBeside = false,
  publish,
  onBatch = () => undefined,
  onTrouble = () => undefined,
  onStored = () => undefined,
  onTellFailed = () => undefined,
}: PostgresOptions): Promise<PostgresDatabase> {
  await migratePostgres(url)
  const pool = createPool({ url, connectionsMax })
  const tellAll = createTelling({ publish, onTellFailed })
  const enterTurn = createTurns()
  const beforeCommit = isBeside ? COUNT_OUTSIDE_WRITE : null
  const doubts = createDoubts({
    tellAll: async () => void (await ask(COUNT_OUTSIDE_WRITE)),
    elapsedMs: () => performance.now(),
  })
  const scripts = createScripts({ pool, enterTurn, tellAll, beforeCommit, onDoubt: doubts.note })
  const cannotStore = (error: unknown) =>
    refusalOf(error, "nothing can be stored just now", onTrouble)

  function noteStored(size: number, milliseconds: number): void {
    onBatch(size, milliseconds)
    onStored()
  }

  const writeBy =
    (run: Database["write"]): Database["write"] =>
    async (script) => {
      const startedAt = performance.now()
      try {
        const result = await run(script)
        noteStored(1, performance.now() - startedAt)
        return result
      } catch (error) {
        throw cannotStore(error)
      }
    }

  const write = writeBy(scripts.write)

  const appender = createPostgresAppender({
    pool,
    write,
    enterTurn,
    tellAll,
    refusalOf: cannotStore,
    onStored: noteStored,
    waitingMax: LIMITS.writeQueueMax,
  })

  const read: Database["read"] = async (script) => {
    try {
      return await scripts.read(script)
    } catch (error) {
      throw refusalOf(error, "nothing can be read just now", onTrouble)
    }
  }

  /** By itself, outside of any script. */
  async function ask(text: string, parameters: readonly unknown[] = []) {
    try {
      return await pool.client.unsafe(text, [...parameters]).values()
    } catch (error) {
      throw refusalOf(error, "nothing can be read just now", onTrouble)
    }
  }

  const countOutsideWrites = async () => String((await ask(READ_OUTSIDE_WRITES))[0]?.[0])
  let knownWrites = await countOutsideWrites()

  return {
    ...asQueries(drizzle({ client: pool.client }), schema),
    isShared: true,
    searchIndex: createPostgresSearchIndex(),
    read,
    write,
    writeInRoom: writeBy(scripts.writeInRoom),
    append: appender.append,
    async changedElsewhere() {
      await doubts.settle()
      const writes = await countOutsideWrites()
      const hasChanged = writes !== knownWrites
      knownWrites = writes
      return hasChanged
    },
    async keepSecret(name, make) {
      await ask("insert into settings (name, value) values ($1, $2) on conflict do nothing", [
        name,
        make(),
      ])
      const [row] = await ask("select value from settings where name = $1", [name])
      return String(row?.[0])
    },
    async close() {
      await appender.drain()
      // Where that fails, too, this node goes, which has the others look.
      await doubts.settleAll().catch(onTrouble)
      await pool.close()
    },
  }
}
