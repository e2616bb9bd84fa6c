import type { BunSQLQueryResultHKT } from "drizzle-orm/bun-sql"
import type { PgDatabase } from "drizzle-orm/pg-core"
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core"
import type { MessageDraft } from "../protocol/commands"
import type { Member, Message, Profile, Room } from "../protocol/entities"
import type { RoomEvent } from "../protocol/events"
import type { Instant } from "../protocol/ids"
import type { SendReceipt } from "../protocol/replies"
import type * as postgresSchema from "./schema/postgres"
import type * as sqliteSchema from "./schema/sqlite"
import type { Script } from "./script"
import type { SearchIndex } from "./search-index"
import type { Written } from "./write-queue"

/** What queries are written with, on either database. */
export type Queries = BaseSQLiteDatabase<"sync", unknown>

/** The tables, by whichever database: `schema/parity.ts` proves that both have the same rows. */
export type Schema = typeof sqliteSchema

/** What the queries of a noun are written with. */
export interface Tables {
  readonly queries: Queries
  readonly schema: Schema
}

/**
 * The one cast. What Drizzle builds for Postgres has the same methods as for SQLite, and
 * `schema/parity.ts` proves that the tables have the same rows; only how long an answer takes
 * differs, and that is the business of who runs the scripts.
 */
export const asQueries = (
  queries: PgDatabase<BunSQLQueryResultHKT>,
  schema: typeof postgresSchema,
): Tables => ({ queries, schema }) as unknown as Tables

/** What a message's fate depends on, read in the transaction that stores it. */
export type SendingRoom = Pick<
  Room,
  "id" | "numericId" | "type" | "isBlocked" | "deletedAt" | "directKey" | "creatorNumericId"
>
export type SendingMember = Pick<Member, "role" | "leftAt" | "mutedUntil">

/** A message on its way into its room. */
export interface Append {
  readonly draft: MessageDraft
  readonly author: Profile
  readonly createdAt: Instant
  /** Decides on fresh rows whether this plain case may be stored straight away. */
  permits(room: SendingRoom, member: SendingMember): boolean
  announce(room: SendingRoom, message: Message): RoomEvent
  /** The general case: strangers, duplicates and refusals. Runs in the same transaction. */
  otherwise(): Script<Written<SendReceipt>>
}

/**
 * One database, whichever it is. Reads see what is committed; writes resolve when durable. A
 * write that throws leaves no trace, and its neighbours in the same commit are not touched by
 * it. Messages of one author in one room are stored in the order they came; other writes one
 * after the other on SQLite, and side by side on Postgres, as if one after the other.
 */
export interface Database extends Tables {
  /** Whether other nodes write too, so that nothing may be remembered that one of them may change. */
  readonly isShared: boolean
  /** Which words are in which messages. */
  readonly searchIndex: SearchIndex
  read<T>(script: Script<T>): Promise<T>
  /** `chars`: about how many characters tell of it, where that is much. */
  write<T>(script: () => Script<Written<T>>, chars?: number): Promise<T>
  /**
   * A write that begins by changing its room's row, and depends on nothing but that room: others
   * wait for it there, and it never has to be tried again.
   */
  writeInRoom<T>(script: () => Script<Written<T>>): Promise<T>
  /** The hot path of `write`: stores one message. */
  append(message: Append): Promise<SendReceipt>
  /** Whether another process has changed anything since this was last asked. Cheap to ask. */
  changedElsewhere(): boolean | Promise<boolean>
  /** Commits what waits and closes the file or the pool. */
  close(): Promise<void>
}
