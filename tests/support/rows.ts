import { Database } from "bun:sqlite"

export type Row = Readonly<Record<string, string | number | null>>

/** A second pair of eyes on a database file: reads what is committed, past all of our code. */
export function readRows(path: string, query: string): readonly Row[] {
  const file = new Database(path, { readwrite: true })
  try {
    return file.query<Row, []>(query).all()
  } finally {
    file.close()
  }
}

/**
 * Every row of every table, to show that nothing has changed. But for when keys were last used:
 * that is noted of refused requests too, and some time after the answer.
 */
export function readEverything(path: string): Readonly<Record<string, readonly Row[]>> {
  const tables = readRows(
    path,
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
  )
  const withoutUse = ({ last_used_at: _, ...row }: Row) => row
  return Object.fromEntries(
    tables.map(({ name }) => {
      const rows = readRows(path, `select * from ${name} order by 1, 2`)
      return [name, name === "api_keys" ? rows.map(withoutUse) : rows]
    }),
  )
}

/**
 * For what nobody may do by the API: to make an admin, to disable a user, to damage the file.
 * Sessions are remembered for a second, so move the clock by that before it is relied on.
 */
export function changeRows(path: string, statement: string): void {
  const file = new Database(path, { readwrite: true })
  try {
    file.run("PRAGMA busy_timeout = 5000")
    file.run(statement)
  } finally {
    file.close()
  }
}
