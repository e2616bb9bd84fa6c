import { eq, sql } from "drizzle-orm"
import type { MessageNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/**
 * What is stored of a message outside of its row, and goes with it: what it said before, and who has
 * reacted. Whom it mentions is in `mentions.ts`, which files it shows in `attachments.ts`.
 */
export function createMessageTraces({ queries, schema }: Tables) {
  const { messageEdits, reactions } = schema
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

  return {
    *forget(message: MessageNumericId): Script<void> {
      yield* edits.all({ message })
      yield* reacted.all({ message })
    },
  }
}
