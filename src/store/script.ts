/**
 * Scripts: queries with decisions between them, written once for both databases.
 *
 * A script is a generator that yields prepared statements and is handed their rows. SQLite runs
 * it in one synchronous sweep, so nothing can come between two of its steps; Postgres awaits
 * each step inside a transaction. The text of the script is the same.
 */
export type Values = Readonly<Record<string, unknown>>

/** What both drivers' prepared queries can do. SQLite answers at once, Postgres later. */
export interface Executable {
  all(values?: Record<string, unknown>): unknown[] | Promise<unknown[]>
}

export interface Step {
  readonly query: Executable
  readonly values: Values
}

export type Script<T> = Generator<Step, T, readonly unknown[]>

/** A query that is planned once and run with other values each time. */
export interface Statement<Row> {
  all(values?: Values): Script<readonly Row[]>
  /** The first row, or null where there is none. */
  first(values?: Values): Script<Row | null>
}

/** Anything of Drizzle's that can be prepared and answers with rows. */
interface Preparable<Row> {
  prepare(): { all(values?: Record<string, unknown>): Row[] }
}

/**
 * A query that is written and prepared when it is first run: a start that did it for all of them
 * would take longer with that than with everything else. Reads and writes alike answer with rows;
 * writes say what by `returning`.
 */
export function statement<Row>(build: () => Preparable<Row>): Statement<Row> {
  let query: Executable | undefined
  function* all(values: Values = {}): Script<readonly Row[]> {
    query ??= build().prepare()
    // The runner hands back what this very query returned, whose rows Drizzle has typed.
    return (yield { query, values }) as readonly Row[]
  }
  function* first(values: Values = {}): Script<Row | null> {
    return (yield* all(values))[0] ?? null
  }
  return { all, first }
}

/** Runs a script on a database that answers at once; `read` may be a faster way to do the same. */
export function runAtOnce<T>(script: Script<T>, read = readAtOnce): T {
  let next = script.next()
  while (!next.done) next = script.next(read(next.value.query, next.value.values))
  return next.value
}

function readAtOnce(query: Executable, values: Values): readonly unknown[] {
  const rows = query.all({ ...values })
  if (rows instanceof Promise) throw new TypeError("this database answers later, not at once")
  return rows
}
