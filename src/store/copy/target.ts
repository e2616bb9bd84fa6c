import { type ReservedSQL, SQL } from "bun"
import { isLost } from "../postgres-trouble"
import { type Digest, digestInPostgres } from "./digest"
import type { CopiedRow } from "./source"
import { COPIED_TABLES, type Column, type CopiedTable } from "./tables"

/** What one room's messages come to. */
export interface RoomDigest extends Digest {
  readonly room: number
  readonly head: number
}

export interface CopyTarget {
  insert(table: CopiedTable, rows: readonly CopiedRow[]): Promise<void>
  digestOf(table: CopiedTable): Promise<Digest>
  /** Keeps what the messages of some rooms came to where they were read. */
  noteRooms(rooms: readonly RoomDigest[]): Promise<void>
  /** Numeric ids of rooms whose messages, or their highest seq, are others than were noted. */
  roomsThatDiffer(): Promise<readonly number[]>
  /** From here on the database counts on from there. */
  setNextNumber(table: CopiedTable, highest: number): Promise<void>
  /** Every room begins another line of history. */
  renewEpochs(): Promise<void>
  setSetting(name: string, value: string): Promise<void>
  commit(): Promise<void>
  /** Without a commit before, nothing has happened. */
  close(): Promise<void>
}

const KINDS = { number: "bigint", text: "text", flag: "boolean" } as const satisfies Record<
  Column["type"],
  string
>

/**
 * Begins one transaction on a database that is up to date, and locks its tables: a server that
 * runs there can neither read nor write until it is over. Errors: it holds data.
 */
export async function openCopyTarget(url: string): Promise<CopyTarget> {
  const pool = new SQL(url, { max: 1 })
  const sql = await pool.reserve()
  try {
    await begin(sql)
  } catch (error) {
    await end()
    throw error
  }
  let isOpen = true

  async function end(): Promise<void> {
    sql.release()
    await pool.close()
  }

  return {
    async insert(table, rows) {
      // As text first: a parameter of type json would be made into JSON once more.
      await sql.unsafe(insertAll(table), [JSON.stringify(rows)])
    },
    async digestOf(table) {
      const [row] = await sql.unsafe(
        `select count(*)::text as rows, coalesce(sum(${digestInPostgres(table)}), 0)::text as sum
         from "${table.name}"`,
      )
      return { rows: Number(row.rows), sum: BigInt(row.sum) }
    },
    async noteRooms(rooms) {
      const notes = rooms.map((it) => ({ ...it, sum: String(it.sum) }))
      await sql.unsafe(NOTE_ROOMS, [JSON.stringify(notes)])
    },
    async roomsThatDiffer() {
      const rows: readonly { room: string }[] = await sql.unsafe(ROOMS_THAT_DIFFER)
      return rows.map((it) => Number(it.room))
    },
    async setNextNumber({ name, numbered }, highest) {
      await sql.unsafe(
        "select setval(pg_get_serial_sequence($1, $2), greatest($3::bigint, 1), $3 > 0)",
        [name, numbered, highest],
      )
    },
    async renewEpochs() {
      await sql.unsafe(
        "update rooms set epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)",
      )
    },
    async setSetting(name, value) {
      await sql.unsafe(
        "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = $2",
        [name, value],
      )
    },
    async commit() {
      try {
        await sql.unsafe("COMMIT")
      } catch (cause) {
        if (!isLost(cause)) throw cause
        isOpen = false
        throw new Error(
          "the connection was lost at the very end: it may all have been copied, or nothing. Run it again: what was copied is said to be not empty",
          { cause },
        )
      }
      isOpen = false
    },
    async close() {
      try {
        if (isOpen) await sql.unsafe("ROLLBACK")
      } finally {
        await end()
      }
    },
  }
}

async function begin(sql: ReservedSQL): Promise<void> {
  await sql.unsafe("BEGIN")
  const names = COPIED_TABLES.map((it) => `"${it.name}"`).join(", ")
  await sql.unsafe(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`)
  for (const { name } of COPIED_TABLES) {
    // The system's own user comes with the tables.
    const others = name === "users" ? "where origin <> 'system'" : ""
    const found = await sql.unsafe(`select 1 from "${name}" ${others} limit 1`)
    if (found.length > 0) {
      throw new Error(`it is not empty: there is something in ${name}. Nothing was changed`)
    }
  }
  // It comes again with the others.
  await sql.unsafe("delete from users")
  await sql.unsafe(
    "create temp table copied_rooms (room bigint, rows bigint, sum numeric, head bigint) on commit drop",
  )
}

function insertAll({ name, columns }: CopiedTable): string {
  const names = columns.map((it) => `"${it.name}"`).join(", ")
  const typed = columns.map((it) => `"${it.name}" ${KINDS[it.type]}`).join(", ")
  return `insert into "${name}" (${names}) overriding system value
    select ${names} from json_to_recordset($1::text::json) as row(${typed})`
}

const NOTE_ROOMS = `insert into copied_rooms select room, rows, sum, head
  from json_to_recordset($1::text::json) as it(room bigint, rows bigint, sum numeric, head bigint)`

const MESSAGES = COPIED_TABLES.find((it) => it.name === "messages")

const ROOMS_THAT_DIFFER = `select coalesce(noted.room, found.room)::text as room
  from copied_rooms noted full join (
    select room_numeric_id as room, count(*) as rows, max(seq) as head,
      sum(${MESSAGES === undefined ? "0" : digestInPostgres(MESSAGES)}) as sum
    from messages group by room_numeric_id
  ) found using (room)
  where (noted.rows, noted.sum, noted.head) is distinct from (found.rows, found.sum, found.head)
  order by 1 limit 10`
