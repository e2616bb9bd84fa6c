import { and, asc, count, eq, gt, isNull, lte, or, sql } from "drizzle-orm"
import { z } from "zod"
import type { MessageDraft } from "../protocol/commands"
import type { Page } from "../protocol/entities"
import { ERROR_CODES, type ErrorCode } from "../protocol/errors"
import type { Instant, RoomId, RoomNumericId, ScheduledId, UserNumericId } from "../protocol/ids"
import { isFields } from "../protocol/json"
import type { ScheduledMessage } from "../protocol/scheduled"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** What is to be sent, but for the room, which has a column of its own. */
type StoredDraft = Omit<MessageDraft, "roomId">

/** We have written it ourselves. */
const StoredDraft = z.custom<StoredDraft>(isFields)

/** One that waits. Those that are due at the same time are told apart by their ids. */
export interface Waiting {
  readonly id: ScheduledId
  readonly room: RoomNumericId
  readonly author: UserNumericId
  readonly sendAt: Instant
}

export interface NewScheduled extends Omit<ScheduledMessage, "failedCode"> {
  readonly room: RoomNumericId
}

interface Row extends Omit<ScheduledMessage, "draft" | "failedCode"> {
  readonly roomId: RoomId
  readonly draft: string
  readonly failedCode: string | null
}

const toScheduled = ({ roomId, draft, failedCode, ...row }: Row): ScheduledMessage => ({
  ...row,
  draft: { ...StoredDraft.parse(JSON.parse(draft)), roomId },
  failedCode: failedCode === null ? null : asErrorCode(failedCode),
})

const asErrorCode = (text: string): ErrorCode => ERROR_CODES.find((it) => it === text) ?? "internal"

const toJson = ({ roomId: _, ...draft }: MessageDraft): string => JSON.stringify(draft)

/** Messages that are to be sent later, and those that could not be. */
export function createScheduledMessages({ queries, schema }: Tables) {
  const { scheduledMessages: table, rooms } = schema
  const v = sql.placeholder
  const isId = eq(table.id, v("id"))
  const isOfUser = eq(table.userNumericId, v("user"))
  const select = () =>
    queries
      .select({
        id: table.id,
        roomId: rooms.id,
        author: table.userNumericId,
        draft: table.draft,
        sendAt: table.sendAt,
        createdAt: table.createdAt,
        failedCode: table.failedCode,
      })
      .from(table)
      .innerJoin(rooms, eq(rooms.numericId, table.roomNumericId))
      .$dynamic()
  const byId = statement(() => select().where(isId))
  const ofUser = statement(() =>
    select()
      .where(isOfUser)
      .orderBy(asc(table.sendAt), asc(table.id))
      .limit(v("limit"))
      .offset(v("offset")),
  )
  const counted = statement(() =>
    queries.select({ number: count() }).from(table).where(isOfUser).$dynamic(),
  )
  const insert = statement(() =>
    queries
      .insert(table)
      .values({
        id: v("id"),
        roomNumericId: v("room"),
        userNumericId: v("author"),
        draft: v("draft"),
        sendAt: v("sendAt"),
        createdAt: v("createdAt"),
      })
      .returning({ id: table.id }),
  )
  const change = statement(() =>
    queries
      .update(table)
      .set({ draft: sql`${v("draft")}`, sendAt: sql`${v("sendAt")}`, failedCode: null })
      .where(isId)
      .returning({ id: table.id }),
  )
  const fail = statement(() =>
    queries
      .update(table)
      .set({ failedCode: sql`${v("code")}` })
      .where(and(isId, eq(table.sendAt, v("sendAt"))))
      .returning({ id: table.id }),
  )
  const remove = statement(() => queries.delete(table).where(isId).returning({ id: table.id }))
  const removeAll = statement(() =>
    queries.delete(table).where(isOfUser).returning({ id: table.id }),
  )
  const isBehind = or(
    gt(table.sendAt, v("afterTime")),
    and(eq(table.sendAt, v("afterTime")), gt(table.id, v("afterId"))),
  )
  const waiting = statement(() =>
    queries
      .select({
        id: table.id,
        room: table.roomNumericId,
        author: table.userNumericId,
        sendAt: table.sendAt,
      })
      .from(table)
      .where(and(isNull(table.failedCode), lte(table.sendAt, v("until")), isBehind))
      .orderBy(asc(table.sendAt), asc(table.id))
      .limit(v("limit")),
  )

  return {
    *find(id: ScheduledId): Script<ScheduledMessage | null> {
      const row = yield* byId.first({ id })
      return row === null ? null : toScheduled(row)
    },
    /** Soonest first. */
    *list(user: UserNumericId, page: Page): Script<readonly ScheduledMessage[]> {
      return (yield* ofUser.all({ user, ...page })).map(toScheduled)
    },
    /** Those that could not be sent are counted, too. */
    *count(user: UserNumericId): Script<number> {
      return (yield* counted.first({ user }))?.number ?? 0
    },
    *insert({ draft, ...scheduled }: NewScheduled): Script<void> {
      yield* insert.first({ ...scheduled, draft: toJson(draft) })
    },
    /** It waits again, whatever has become of it. */
    *change({ id, draft, sendAt }: ScheduledMessage): Script<void> {
      yield* change.first({ id, draft: toJson(draft), sendAt })
    },
    /** It waits no longer; nothing happens to one that is to be sent at another time by now. */
    *fail({ id, sendAt }: Waiting, code: ErrorCode): Script<void> {
      yield* fail.first({ id, sendAt, code })
    },
    *delete(id: ScheduledId): Script<void> {
      yield* remove.first({ id })
    },
    *deleteAll(user: UserNumericId): Script<void> {
      yield* removeAll.all({ user })
    },
    /** Those to be sent until then, soonest first, behind one of them. */
    listWaiting: (page: {
      readonly until: Instant
      readonly after: Pick<Waiting, "id" | "sendAt"> | null
      readonly limit: number
    }): Script<readonly Waiting[]> =>
      waiting.all({
        until: page.until,
        limit: page.limit,
        afterTime: page.after?.sendAt ?? 0,
        afterId: page.after?.id ?? "",
      }),
  }
}
