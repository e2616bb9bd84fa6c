import { SQL } from "bun"
import { waitUntil } from "./wait"

const LEAVING_MS = 500

/** Rows that a table has from the start, and the columns that may be written. */
interface FirstRows {
  readonly table: string
  readonly columns: string
  readonly json: string
}

/** Tables, indexes, triggers and constraints that are not the server's own. */
const SHAPE = `
  SELECT md5(string_agg(line, ';' ORDER BY line)) AS shape FROM (
    SELECT format('%s.%s %s %s', nspname, relname, relkind, relnatts) AS line
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%'
    UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
    WHERE NOT tgisinternal
    UNION ALL SELECT format('%s %s', conrelid::regclass, conname) FROM pg_constraint
    WHERE conrelid <> 0
    UNION ALL SELECT format('%s', setconfig) FROM pg_db_role_setting
    JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()
  ) AS lines`

/** Where rows are, or were: an empty table that was never written takes no room on the disk. */
const WRITTEN = `
  SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
  WHERE schemaname = 'public' AND pg_relation_size(relid) > 0`

const OTHERS = `
  SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`

/**
 * Makes databases that tests have used as good as new, in a fraction of the time that a new one
 * takes: empties the tables, sets their counters back, and writes the rows that were there at first.
 */
export function createDatabaseMender(urlOf: (database: string) => string) {
  let shape: string | undefined
  let firstRows: readonly FirstRows[] = []

  async function using<Result>(name: string, task: (sql: SQL) => Promise<Result>): Promise<Result> {
    const sql = new SQL(urlOf(name), { max: 1 })
    try {
      return await task(sql)
    } finally {
      await sql.close()
    }
  }

  const shapeOf = async (sql: SQL): Promise<string> => (await sql.unsafe(SHAPE))[0].shape
  const written = async (sql: SQL): Promise<readonly string[]> =>
    (await sql.unsafe(WRITTEN)).map(({ name }: { readonly name: string }) => name)

  /** A connection that was closed is there for a moment still. */
  const isLeftAlone = (sql: SQL): Promise<boolean> =>
    waitUntil(
      "all others have gone",
      async () => (await sql.unsafe(OTHERS))[0].count === 0,
      LEAVING_MS,
    ).then(
      () => true,
      () => false,
    )

  async function rowsOf(sql: SQL, table: string): Promise<FirstRows> {
    const [{ columns }] = await sql.unsafe(`
      SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute
      WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped
      AND attgenerated = ''`)
    const [{ json }] = await sql.unsafe(`SELECT json_agg(row)::text AS json FROM ${table} AS row`)
    return { table, columns, json }
  }

  async function restore(sql: SQL, { table, columns, json }: FirstRows): Promise<void> {
    await sql.unsafe(
      `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
       SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::text::json)`,
      [json],
    )
  }

  return {
    /** What a new one is like. */
    learn: (name: string): Promise<void> =>
      using(name, async (sql) => {
        shape = await shapeOf(sql)
        firstRows = await Promise.all((await written(sql)).map((table) => rowsOf(sql, table)))
      }),

    /** False where that cannot be done: it has other tables now, or somebody is still at it. */
    mend: (name: string): Promise<boolean> =>
      using(name, async (sql) => {
        if (!(await isLeftAlone(sql)) || (await shapeOf(sql)) !== shape) return false
        const tables = await written(sql)
        if (tables.length === 0) return true
        await sql.unsafe(`TRUNCATE ${tables.join(", ")} RESTART IDENTITY CASCADE`)
        for (const rows of firstRows) await restore(sql, rows)
        return true
      }),
  }
}
