import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core"
import type { MessageDraft } from "../protocol/commands"
import type { Member, Message, Profile, Room } from "../protocol/entities"
import type { RoomEvent } from "../protocol/events"
import type { Instant } from "../protocol/ids"
import type { SendReceipt } from "../protocol/replies"
import type { Script } from "./script"
import type { Written } from "./write-queue"

/** What queries are written with, on either database. */
export type Queries = BaseSQLiteDatabase<"sync", unknown>

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
 * One database, whichever it is. Reads see what is committed; writes run in the order they were
 * asked for, share commits, and resolve when durable. A write that throws leaves no trace, and
 * its neighbours in the same commit are not touched by it.
 */
export interface Database {
  readonly queries: Queries
  read<T>(script: Script<T>): Promise<T>
  write<T>(script: () => Script<Written<T>>): Promise<T>
  /** The hot path of `write`: stores one message. */
  append(message: Append): Promise<SendReceipt>
  /** Whether another process has changed anything since this was last asked. Cheap to ask. */
  changedElsewhere(): boolean
  /** Commits what waits and closes the file or the pool. */
  close(): Promise<void>
}
