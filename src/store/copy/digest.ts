import type { Cell, CopiedRow } from "./source"
import type { Column, CopiedTable } from "./tables"

/**
 * A sum over rows that both databases can make, in any order: of each row the first 48 bits of
 * the MD5 of its cells. It tells a copy that went wrong, not somebody who wants to deceive.
 */
export interface Digest {
  readonly rows: number
  readonly sum: bigint
}

export const EMPTY_DIGEST: Digest = { rows: 0, sum: 0n }

export function addRow({ rows, sum }: Digest, { columns }: CopiedTable, row: CopiedRow): Digest {
  const text = columns.map(({ name }) => cellText(row[name] ?? null)).join(BETWEEN)
  const hash = new Bun.CryptoHasher("md5").update(text).digest("hex")
  return { rows: rows + 1, sum: sum + BigInt(`0x${hash.slice(0, 12)}`) }
}

const BETWEEN = "\u001f"
const NULL = "\u001e"

const cellText = (cell: Cell) => (cell === null ? NULL : String(cell))

/** The same of one row, as PostgreSQL says it: a bigint. */
export function digestInPostgres({ columns }: CopiedTable): string {
  const cells = columns.map((it) => `coalesce(${textInPostgres(it)}, chr(30))`)
  return `('x' || left(md5(concat_ws(chr(31), ${cells.join(", ")})), 12))::bit(48)::bigint`
}

const textInPostgres = ({ name, type }: Column) =>
  type === "flag" ? `"${name}"::int::text` : `"${name}"::text`
