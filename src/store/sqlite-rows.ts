import type { Statement as SqliteStatement } from "bun:sqlite"
import { type Planned, planRows } from "./row-plan"
import type { Executable, Values } from "./script"

type Binding = string | number | null
type RowReader = (values: Values) => readonly unknown[]

/** What a prepared query of Drizzle's holds. Internals: the version is pinned and a test looks. */
interface PreparedParts extends Pick<Planned, "fields"> {
  readonly stmt: SqliteStatement<unknown, Binding[]>
  readonly query: { readonly params: unknown[] }
}

const readers = new WeakMap<Executable, RowReader>()

/** Runs a prepared query as Drizzle does, but by a plan that is made once (`planRows`). */
export function readRows(query: Executable, values: Values): readonly unknown[] {
  let reader = readers.get(query)
  if (reader === undefined) {
    reader = compileReader(query)
    readers.set(query, reader)
  }
  return reader(values)
}

function compileReader(query: Executable): RowReader {
  // Drizzle keeps these to itself; a test compares what comes of them with its own rows.
  const { stmt, query: planned, fields } = query as unknown as PreparedParts
  const { bindings, toObject } = planRows({ params: planned.params, fields })
  // The encoders of this schema make numbers of booleans.
  const binders = bindings as readonly ((values: Values) => Binding)[]
  return (values) => stmt.values(...binders.map((bind) => bind(values))).map(toObject)
}
