import { Database as SqliteFile } from "bun:sqlite"
import { stateOf } from "../sqlite-file"
import { isBusy } from "../trouble"
import type { CopiedTable } from "./tables"

export type Cell = string | number | null
export type CopiedRow = Readonly<Record<string, Cell>>

export interface CopySource {
  count(table: CopiedTable): number
  /** All rows, in the order of the key, so many or so much text at a time. */
  batches(table: CopiedTable): Generator<readonly CopiedRow[]>
  /** The highest number that was ever given out, of rows that are gone, too. */
  highestNumber(table: CopiedTable): number
  /** How many texts held what PostgreSQL cannot, and were mended, so far. */
  mendedTexts(): number
  close(): void
}

export interface CopySourceOptions {
  readonly path: string
  /** Beside a server that runs: what it stores from now on is not seen. */
  readonly isSnapshot: boolean
}

const ROWS_MAX = 500
/** In UTF-16 units, of all texts of a batch together. */
const UNITS_MAX = 250_000

/**
 * Opens the file for reading, at one moment, and changes nothing in it. Unless a snapshot is
 * asked for, nobody else can open it until it is closed: what a server acknowledged meanwhile
 * would be left behind. Errors: it is open elsewhere; it is of another version of Parley.
 */
export function openCopySource({ path, isSnapshot }: CopySourceOptions): CopySource {
  const file = new SqliteFile(path, { readwrite: true, strict: true })
  try {
    file.run("PRAGMA busy_timeout = 1000")
    if (!isSnapshot) lockOut(file)
    refuseOtherVersions(file)
    file.run("BEGIN")
    // The first read decides which moment it is.
    file.query("select 1 from users limit 1").get()
  } catch (error) {
    file.close()
    throw error
  }
  let mended = 0

  function mend(text: string): string {
    const fit = fitForPostgres(text)
    if (fit !== text) mended++
    return fit
  }

  function* batches(table: CopiedTable): Generator<readonly CopiedRow[]> {
    let batch: CopiedRow[] = []
    let units = 0
    for (const row of file.query<CopiedRow, []>(selectAll(table)).iterate()) {
      const fit: Record<string, Cell> = {}
      for (const { name } of table.columns) {
        const value = row[name] ?? null
        fit[name] = typeof value === "string" ? mend(value) : value
        if (typeof value === "string") units += value.length
      }
      batch.push(fit)
      if (batch.length < ROWS_MAX && units < UNITS_MAX) continue
      yield batch
      batch = []
      units = 0
    }
    if (batch.length > 0) yield batch
  }

  return {
    batches,
    count: ({ name }) => numberOf(file, `select count(*) as number from "${name}"`),
    highestNumber: ({ name, numbered }) =>
      numberOf(
        file,
        `select max(coalesce((select max("${numbered}") from "${name}"), 0),
          coalesce((select seq from sqlite_sequence where name = '${name}'), 0)) as number`,
      ),
    mendedTexts: () => mended,
    close() {
      if (file.inTransaction) file.run("COMMIT")
      file.close()
    },
  }
}

/**
 * What PostgreSQL takes as text: it knows no NUL, and half a surrogate pair has no UTF-8. Our
 * API lets neither in; other programs, and early versions, may have written into the file.
 */
export const fitForPostgres = (text: string): string =>
  text.isWellFormed() && !text.includes("\0")
    ? text
    : text.toWellFormed().replaceAll("\0", "\u{FFFD}")

/** In WAL mode every program that has the file open holds a lock on it, whether it writes or not. */
function lockOut(file: SqliteFile): void {
  try {
    file.run("PRAGMA locking_mode = EXCLUSIVE")
    file.run("BEGIN IMMEDIATE")
    file.run("COMMIT")
  } catch (error) {
    if (!isBusy(error)) throw error
    throw new Error(
      "it is open in another program: stop the server, or copy what is there now with --snapshot",
      { cause: error },
    )
  }
}

function refuseOtherVersions(file: SqliteFile): void {
  const { due } = stateOf(file)
  if (due.length > 0) {
    throw new Error("an older version of Parley has written it: run `parley migrate` first")
  }
}

const selectAll = ({ name, columns, key }: CopiedTable) =>
  `select ${quoted(columns.map((it) => it.name))} from "${name}" order by ${quoted(key)}`

const quoted = (names: readonly string[]) => names.map((it) => `"${it}"`).join(", ")

const numberOf = (file: SqliteFile, query: string) =>
  file.query<{ number: number }, []>(query).get()?.number ?? 0
