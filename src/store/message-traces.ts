import { eq, sql } from "drizzle-orm"
import type { MessageNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/**
 * What is stored of a message outside of its row, and goes with it: what it said before, reactions,
 * and that it showed files, which are then nobody's to read by it. Whom it mentions: `mentions.ts`.
 */
export function createMessageTraces({ queries, schema }: Tables) {
  const { messageEdits, reactions, attachments } = schema
  const v = sql.placeholder
  const edits = statement(() =>
    queries
      .delete(messageEdits)
      .where(eq(messageEdits.messageNumericId, v("message")))
      .returning({ seq: messageEdits.seq }),
  )
  const reacted = statement(() =>
    queries
      .delete(reactions)
      .where(eq(reactions.messageNumericId, v("message")))
      .returning({ emoji: reactions.emoji }),
  )
  const attached = statement(() =>
    queries
      .delete(attachments)
      .where(eq(attachments.messageNumericId, v("message")))
      .returning({ uploadId: attachments.uploadId }),
  )

  return {
    *forget(message: MessageNumericId): Script<void> {
      yield* edits.all({ message })
      yield* reacted.all({ message })
      yield* attached.all({ message })
    },
  }
}
