import { Database } from "bun:sqlite"
import { askPostgres } from "./psql"
import { standInUrl } from "./stand-ins"

export type Row = Readonly<Record<string, string | number | null>>

/** A second pair of eyes on a database: reads what is committed, past all of our code. */
export function readRows(path: string, query: string): readonly Row[] {
  const url = standInUrl(path)
  if (url !== null) return readPostgres(url, query)
  const file = new Database(path, { readwrite: true })
  try {
    return file.query<Row, []>(query).all()
  } finally {
    file.close()
  }
}

/**
 * Every row of every table, to show that nothing has changed. But for when keys were last used,
 * which is noted of refused requests too, and when people were last seen and what was said before
 * can be searched for: some time afterwards.
 */
export function readEverything(path: string): Readonly<Record<string, readonly Row[]>> {
  const url = standInUrl(path)
  const all = url === null ? readAllSqlite(path) : readAllPostgres(url)
  const withoutUse = ({ last_used_at: _, ...row }: Row) => row
  const withoutSight = ({ last_seen_at: _, ...row }: Row) => row
  const withoutIndex = ({ indexed_seq: _, ...row }: Row) => row
  return {
    ...all,
    api_keys: all.api_keys?.map(withoutUse) ?? [],
    users: all.users?.map(withoutSight) ?? [],
    rooms: all.rooms?.map(withoutIndex) ?? [],
  }
}

type Tables = Readonly<Record<string, readonly Row[]>>

const SQLITE_TABLES =
  "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'message_terms%' order by name"

const readAllSqlite = (path: string): Tables =>
  Object.fromEntries(
    readRows(path, SQLITE_TABLES).map(({ name }) => [
      name,
      readRows(path, `select * from ${name} order by 1, 2`),
    ]),
  )

const POSTGRES_TABLES =
  "select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'message_terms' order by 1"

/** All at once: to ask each table by itself takes as long as a test. */
function readAllPostgres(url: string): Tables {
  const names = readPostgres(url, POSTGRES_TABLES).map(({ name }) => String(name))
  const columns = names.map((name) => `(${asJson(`select * from ${name} order by 1, 2`)}) ${name}`)
  const [all] = JSON.parse(askPostgres(url, asJson(`select ${columns.join(", ")}`)), numbers)
  return all
}

const asJson = (query: string) => `select coalesce(json_agg(it), '[]') from (${query}) it`

const readPostgres = (url: string, query: string): readonly Row[] =>
  JSON.parse(askPostgres(url, asJson(query)), numbers)

/** In the form that SQLite gives them: it has no truth of its own, but 1 and 0. */
const numbers = (_key: string, value: unknown) =>
  typeof value === "boolean" ? Number(value) : value

/** So servers notice, as they do by themselves where a file is changed. */
const COUNTED =
  "update settings set value = cast(cast(value as bigint) + 1 as text) where name = 'outside_writes'"

/**
 * For what nobody may do by the API: to make an admin, to disable a user, to damage the database.
 * Sessions are remembered for a second, so move the clock by that before it is relied on.
 */
export function changeRows(path: string, statement: string): void {
  const url = standInUrl(path)
  if (url !== null) {
    askPostgres(url, `${statement}; ${COUNTED}`)
    return
  }
  const file = new Database(path, { readwrite: true })
  try {
    file.run("PRAGMA busy_timeout = 5000")
    file.run(statement)
  } finally {
    file.close()
  }
}

const POSTGRES_REFUSAL = `create or replace function refuse() returns trigger language plpgsql
  as $$ begin raise exception 'no'; end $$`

/** From here on nothing of the kind can be stored in a table, until what is returned is called. */
export function breakTable(path: string, table: string, act: "insert" | "update"): () => void {
  const trigger = `create trigger broken before ${act} on ${table}`
  const isFile = standInUrl(path) === null
  changeRows(
    path,
    isFile
      ? `${trigger} begin select raise(abort, 'no'); end`
      : `${POSTGRES_REFUSAL}; ${trigger} for each row execute function refuse()`,
  )
  return () => changeRows(path, `drop trigger broken${isFile ? "" : ` on ${table}`}`)
}

/**
 * From here on nobody can write, until what is returned is called: SQLite's file is locked, and
 * PostgreSQL may only be read, as where another machine has taken over.
 */
export function refuseWrites(path: string): () => void {
  const url = standInUrl(path)
  if (url !== null) {
    allowPostgres(url, "read only")
    return () => allowPostgres(url, "read write")
  }
  const lock = new Database(path)
  lock.run("BEGIN IMMEDIATE")
  return () => {
    lock.run("ROLLBACK")
    lock.close()
  }
}

/** Who is connected keeps what was allowed then, so all are shown out. */
function allowPostgres(url: string, mode: "read only" | "read write"): void {
  const name = new URL(url).pathname.slice(1)
  const isReadOnly = mode === "read only"
  askPostgres(
    url,
    `set default_transaction_read_only = off;
     alter database ${name} set default_transaction_read_only = ${isReadOnly};
     select count(pg_terminate_backend(pid)) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
  )
}
