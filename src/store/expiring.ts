import { and, asc, desc, isNull, lte, sql } from "drizzle-orm"
import type { Instant, MessageNumericId, RoomNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** A message that ends by itself. Its end is never null, as far as it is found by it. */
export interface Expiring {
  readonly id: MessageNumericId
  readonly room: RoomNumericId
  readonly expiresAt: Instant | null
}

/** Messages by their end. */
export function createExpiring({ queries, schema }: Tables) {
  const { messages } = schema
  const v = sql.placeholder
  const select = () =>
    queries
      .select({
        id: messages.numericId,
        room: messages.roomNumericId,
        expiresAt: messages.expiresAt,
      })
      .from(messages)
      .where(and(lte(messages.expiresAt, v("until")), isNull(messages.deletedAt)))
      .limit(v("limit"))
      .$dynamic()
  const soonest = statement(() => select().orderBy(asc(messages.expiresAt)))
  const latest = statement(() => select().orderBy(desc(messages.expiresAt)))

  return {
    /** Those that end until then, soonest first. */
    listSoonest: (until: Instant, limit: number): Script<readonly Expiring[]> =>
      soonest.all({ until, limit }),
    /** The last of them first. */
    listLatest: (until: Instant, limit: number): Script<readonly Expiring[]> =>
      latest.all({ until, limit }),
  }
}
