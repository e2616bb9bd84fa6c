import { and, asc, desc, eq, lt, sql } from "drizzle-orm"
import { z } from "zod"
import type { Message, MessageVersion } from "../protocol/entities"
import type { MessageNumericId, Seq } from "../protocol/ids"
import { isFields } from "../protocol/json"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

const StoredMetadata = z.custom<Readonly<Record<string, unknown>>>(isFields)

interface EditRow extends Omit<MessageVersion, "metadata"> {
  readonly metadata: string | null
}

const toVersion = ({ metadata, ...row }: EditRow): MessageVersion => ({
  ...row,
  metadata: metadata === null ? null : StoredMetadata.parse(JSON.parse(metadata)),
})

/** What messages said before their edits; what they say now stands in themselves. */
export function createMessageEdits({ queries, schema: { messageEdits } }: Tables) {
  const v = sql.placeholder
  const ofMessage = eq(messageEdits.messageNumericId, v("message"))
  const select = () =>
    queries
      .select({
        seq: messageEdits.seq,
        content: messageEdits.content,
        metadata: messageEdits.metadata,
        createdAt: messageEdits.createdAt,
      })
      .from(messageEdits)
      .$dynamic()
  const keep = statement(() =>
    queries
      .insert(messageEdits)
      .values({
        messageNumericId: v("message"),
        seq: v("seq"),
        content: v("content"),
        metadata: v("metadata"),
        createdAt: v("createdAt"),
      })
      .returning({ seq: messageEdits.seq }),
  )
  const before = statement(() =>
    select()
      .where(and(ofMessage, lt(messageEdits.seq, v("before"))))
      .orderBy(desc(messageEdits.seq))
      .limit(v("limit")),
  )
  const first = statement(() => select().where(ofMessage).orderBy(asc(messageEdits.seq)).limit(1))

  return {
    /** Keeps what a message says, as it stands, before an edit with this seq replaces it. */
    *keep(message: Message, seq: Seq): Script<void> {
      const { numericId, content, metadata, createdAt, editedAt } = message
      yield* keep.first({
        message: numericId,
        seq,
        content,
        metadata: metadata === null ? null : JSON.stringify(metadata),
        createdAt: editedAt ?? createdAt,
      })
    },
    /** Newest first; `before` is the seq where the last page ended. */
    *list(
      message: MessageNumericId,
      page: { readonly before: number; readonly limit: number },
    ): Script<readonly MessageVersion[]> {
      return (yield* before.all({ message, ...page })).map(toVersion)
    },
    /** What it said when it was sent; null: it was never edited. */
    *findFirst(message: MessageNumericId): Script<MessageVersion | null> {
      const row = yield* first.first({ message })
      return row === null ? null : toVersion(row)
    },
  }
}
