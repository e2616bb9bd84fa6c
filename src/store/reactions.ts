import { and, asc, eq, sql } from "drizzle-orm"
import type { Instant, MessageNumericId, UserId, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** Of one user, to one message. */
export interface NewReaction {
  readonly message: MessageNumericId
  readonly emoji: string
  readonly user: UserNumericId
}

/** Who reacted with what. Their sum stands in the message, and is core's to keep. */
export function createReactions({ queries, schema: { reactions, users } }: Tables) {
  const v = sql.placeholder
  const ofEmoji = and(eq(reactions.messageNumericId, v("message")), eq(reactions.emoji, v("emoji")))
  const isUser = eq(reactions.userNumericId, v("user"))
  const add = statement(() =>
    queries
      .insert(reactions)
      .values({
        messageNumericId: v("message"),
        emoji: v("emoji"),
        userNumericId: v("user"),
        createdAt: v("now"),
      })
      .onConflictDoNothing()
      .returning({ emoji: reactions.emoji }),
  )
  const remove = statement(() =>
    queries.delete(reactions).where(and(ofEmoji, isUser)).returning({ emoji: reactions.emoji }),
  )
  const has = statement(() =>
    queries.select({ emoji: reactions.emoji }).from(reactions).where(and(ofEmoji, isUser)),
  )
  const reactors = statement(() =>
    queries
      .select({ id: users.id })
      .from(reactions)
      .innerJoin(users, eq(users.numericId, reactions.userNumericId))
      .where(ofEmoji)
      .orderBy(asc(reactions.createdAt), asc(reactions.userNumericId))
      .limit(v("limit")),
  )

  return {
    *has(reaction: NewReaction): Script<boolean> {
      return (yield* has.first({ ...reaction })) !== null
    },
    *add(reaction: NewReaction, now: Instant): Script<void> {
      yield* add.first({ ...reaction, now })
    },
    /** False: there was none. */
    *remove(reaction: NewReaction): Script<boolean> {
      return (yield* remove.first({ ...reaction })) !== null
    },
    /** Who reacted with it first. */
    *firstReactors(
      message: MessageNumericId,
      emoji: string,
      limit: number,
    ): Script<readonly UserId[]> {
      return (yield* reactors.all({ message, emoji, limit })).map(({ id }) => id)
    },
  }
}
