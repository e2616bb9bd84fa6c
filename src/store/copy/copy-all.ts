import { addRow, type Digest, EMPTY_DIGEST } from "./digest"
import type { CopiedRow, CopySource } from "./source"
import { COPIED_TABLES, type CopiedTable } from "./tables"
import type { CopyTarget, RoomDigest } from "./target"

export interface Copying {
  readonly source: CopySource
  readonly target: CopyTarget
  /** Of how many rows of the table so many are copied. Called for each batch. */
  readonly progress: (table: string, rows: number, of: number) => void
}

/**
 * Texts of a driver weigh more than the collector knows, which on a busy machine lets hundreds of
 * megabytes of them lie. So many batches are about 4 million characters.
 */
const BATCHES_PER_COLLECTION = 16

/** How many rows each table has. */
export type CopiedCounts = Readonly<Record<string, number>>

/**
 * Copies all tables and holds the copy against the source: rows and a sum of all their cells for
 * each table, and for each room its messages and its highest seq. Nothing is committed here.
 * Errors: the copy is not the same.
 */
export async function copyAll({ source, target, progress }: Copying): Promise<CopiedCounts> {
  const counts: Record<string, number> = {}
  let batches = 0
  for (const table of COPIED_TABLES) {
    const of = source.count(table)
    const rooms = createRoomDigests(table)
    let read = EMPTY_DIGEST
    for (const rows of source.batches(table)) {
      await target.insert(table, rows)
      for (const row of rows) read = addRow(read, table, row)
      if (table.name === "messages") await target.noteRooms(rooms.add(rows))
      progress(table.name, read.rows, of)
      if (++batches % BATCHES_PER_COLLECTION === 0) Bun.gc(true)
    }
    if (table.name === "messages") await target.noteRooms(rooms.end())
    refuseOther(table, { of, read, found: await target.digestOf(table) })
    if (table.numbered !== null) await target.setNextNumber(table, source.highestNumber(table))
    counts[table.name] = of
  }
  const differing = await target.roomsThatDiffer()
  if (differing.length > 0) {
    throw new Error(`the messages of rooms ${differing.join(", ")} are not the same in the copy`)
  }
  return counts
}

interface Compared {
  readonly of: number
  readonly read: Digest
  readonly found: Digest
}

function refuseOther({ name }: CopiedTable, { of, read, found }: Compared): void {
  if (read.rows === of && found.rows === of && found.sum === read.sum) return
  throw new Error(
    `${name} is not the same in the copy: of ${of} rows ${read.rows} were read and ${found.rows} found`,
  )
}

/** Messages come room by room, so that one room at a time is to be remembered. */
function createRoomDigests(table: CopiedTable) {
  let open: RoomDigest | undefined

  return {
    /** Rooms that were left with these rows. */
    add(rows: readonly CopiedRow[]): readonly RoomDigest[] {
      const left: RoomDigest[] = []
      for (const row of rows) {
        const room = Number(row.room_numeric_id)
        if (open !== undefined && open.room !== room) left.push(open)
        const { head, ...digest } = open?.room === room ? open : { ...EMPTY_DIGEST, room, head: 0 }
        open = { ...addRow(digest, table, row), room, head: Math.max(head, Number(row.seq)) }
      }
      return left
    },
    end: (): readonly RoomDigest[] => (open === undefined ? [] : [open]),
  }
}
