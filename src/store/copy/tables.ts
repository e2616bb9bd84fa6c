import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core"
import * as schema from "../schema/sqlite"

export interface Column {
  readonly name: string
  readonly type: "number" | "text" | "flag"
}

/** A table as both databases have it. */
export interface CopiedTable {
  readonly name: string
  readonly columns: readonly Column[]
  /** Names of the columns of its key, in which order it is read. */
  readonly key: readonly string[]
  /** The column whose next value the database chooses. */
  readonly numbered: string | null
}

/** Who is referred to comes before who refers, which is the order in which rows can be stored. */
const IN_ORDER: readonly SQLiteTable[] = [
  schema.users,
  schema.sessions,
  schema.refreshTokens,
  schema.apiKeys,
  schema.rooms,
  schema.members,
  schema.bans,
  schema.invites,
  schema.blocks,
  schema.messages,
  schema.messageEdits,
  schema.reactions,
  schema.mentions,
  schema.uploads,
  schema.attachments,
  schema.scheduledMessages,
]

const TYPES = { number: "number", string: "text", boolean: "flag" } as const

/** Errors: a column of a kind that nobody has taught us to copy. */
function describe(table: SQLiteTable): CopiedTable {
  const { name, columns, primaryKeys } = getTableConfig(table)
  const ownKey = columns.filter((it) => it.primary).map((it) => it.name)
  const jointKey = primaryKeys.flatMap((it) => it.columns.map((column) => column.name))
  return {
    name,
    // The index of words is made anew: where it stands is no fact of the room.
    columns: columns
      .filter((it) => it !== schema.rooms.indexedSeq)
      .map((it) => ({ name: it.name, type: typeOf(name, it) })),
    key: ownKey.length > 0 ? ownKey : jointKey,
    numbered: columns.find((it) => "autoIncrement" in it && it.autoIncrement)?.name ?? null,
  }
}

function typeOf(
  table: string,
  { name, dataType }: { readonly name: string; readonly dataType: string },
): Column["type"] {
  const type = Object.entries(TYPES).find(([it]) => it === dataType)?.[1]
  if (type === undefined) throw new Error(`${table}.${name} is of an unknown kind: ${dataType}`)
  return type
}

export const COPIED_TABLES: readonly CopiedTable[] = IN_ORDER.map(describe)
