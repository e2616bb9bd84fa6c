import { and, eq, inArray, isNull, sql } from "drizzle-orm"
import { EVERYBODY, type Mention, type Profile } from "../protocol/entities"
import { type RoomNumericId, type Seq, SYSTEM_NUMERIC_ID, type UserId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Tables } from "./database"
import { type Script, statement } from "./script"
import { foldCase } from "./users"

/** Names or ids that one statement is given; for the few that most texts call, fewer. */
const MANY = LIMITS.mentionsPerMessageMax
const FEW = 2

/** Whom a row is for that is for everybody: the server's own user is mentioned by nobody. */
const EVERYBODY_NUMERIC_ID = SYSTEM_NUMERIC_ID

/** Nobody is called so, and no id is like that. */
const NOBODY = ""

interface Mentioning {
  readonly room: RoomNumericId
  readonly seq: Seq
  readonly mentions: readonly Mention[]
}

export interface NamedMember {
  readonly id: UserId
  readonly username: string
}

/** Whom messages mention, kept so that those who have not read them can be told how many. */
export function createMentions({ queries, schema }: Tables) {
  const { members, mentions, users } = schema
  const v = sql.placeholder
  /** The same statement for few and for many: a list is written in another way by each database. */
  const bySize = <Built>(build: (places: ReturnType<typeof placesOf>) => Built) => ({
    few: build(placesOf(FEW)),
    many: build(placesOf(MANY)),
  })
  const placesOf = (size: number) => Array.from({ length: size }, (_, place) => v(`it${place}`))
  const named = bySize((places) =>
    statement(() =>
      queries
        .select({ id: users.id, username: users.username })
        .from(users)
        .innerJoin(members, eq(members.userNumericId, users.numericId))
        .where(
          and(
            inArray(users.usernameKey, places),
            isNull(users.deletedAt),
            eq(members.roomNumericId, v("room")),
            isNull(members.leftAt),
          ),
        ),
    ),
  )
  const inserts = bySize((places) =>
    statement(() =>
      queries
        .insert(mentions)
        .select(
          queries
            .select({
              userNumericId: users.numericId,
              roomNumericId: sql`cast(${v("room")} as bigint)`.as("room_numeric_id"),
              seq: sql`cast(${v("seq")} as bigint)`.as("seq"),
              authorNumericId: sql`cast(${v("author")} as bigint)`.as("author_numeric_id"),
            })
            .from(users)
            .where(inArray(users.id, places)),
        )
        .returning({ seq: mentions.seq }),
    ),
  )
  const insertForAll = statement(() =>
    queries
      .insert(mentions)
      .values({
        userNumericId: EVERYBODY_NUMERIC_ID,
        roomNumericId: v("room"),
        seq: v("seq"),
        authorNumericId: v("author"),
      })
      .returning({ seq: mentions.seq }),
  )
  const inMessage = and(eq(mentions.roomNumericId, v("room")), eq(mentions.seq, v("seq")))
  const removals = bySize((places) =>
    statement(() =>
      queries
        .delete(mentions)
        .where(
          and(
            inMessage,
            inArray(
              mentions.userNumericId,
              queries
                .select({ numericId: users.numericId })
                .from(users)
                .where(inArray(users.id, places)),
            ),
          ),
        )
        .returning({ seq: mentions.seq }),
    ),
  )
  const removeForAll = statement(() =>
    queries
      .delete(mentions)
      .where(and(inMessage, eq(mentions.userNumericId, EVERYBODY_NUMERIC_ID)))
      .returning({ seq: mentions.seq }),
  )

  const sized = <Sized>({ few, many }: { few: Sized; many: Sized }, of: readonly unknown[]) =>
    of.length <= FEW ? few : many
  const filled = (some: readonly string[]) =>
    Object.fromEntries(
      Array.from({ length: some.length <= FEW ? FEW : MANY }, (_, place) => [
        `it${place}`,
        some[place] ?? NOBODY,
      ]),
    )

  return {
    /** Those of at most `LIMITS.mentionsPerMessageMax` names who are in the room. */
    findNamed: (room: RoomNumericId, names: readonly string[]): Script<readonly NamedMember[]> =>
      sized(named, names).all({ room, ...filled(names.map(foldCase)) }),
    /** One row for everybody, or one for each. */
    *put({ room, seq, mentions: all }: Mentioning, author: Profile): Script<void> {
      const values = { room, seq, author: author.numericId }
      if (all.includes(EVERYBODY)) yield* insertForAll.first(values)
      else if (all.length > 0) yield* sized(inserts, all).all({ ...values, ...filled(all) })
    },
    /** `mentions`: those that the message had. */
    *remove({ room, seq, mentions: all }: Mentioning): Script<void> {
      const values = { room, seq }
      if (all.includes(EVERYBODY)) yield* removeForAll.first(values)
      else if (all.length > 0) yield* sized(removals, all).all({ ...values, ...filled(all) })
    },
  }
}
