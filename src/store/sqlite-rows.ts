import type { Statement as SqliteStatement } from "bun:sqlite"
import {
  Column,
  type DriverValueDecoder,
  is,
  noopDecoder,
  Param,
  Placeholder,
  SQL,
} from "drizzle-orm"
import type { Executable, Values } from "./script"

type Binding = string | number | null
type RowReader = (values: Values) => readonly unknown[]
type Decoder = DriverValueDecoder<unknown, unknown>

/** What a prepared query of Drizzle's holds. Internals: the version is pinned and a test looks. */
interface PreparedParts {
  readonly stmt: SqliteStatement<unknown, Binding[]>
  readonly query: { readonly params: unknown[] }
  readonly fields?: readonly { readonly path: readonly string[]; readonly field: unknown }[]
}

const readers = new WeakMap<Executable, RowReader>()

/**
 * Runs a prepared query as Drizzle does, but works out once how a row becomes an object, where
 * Drizzle follows each path and asks each column anew for every row: half of the time of a page
 * of history.
 */
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
  // The classes keep these to themselves; tests/dependencies.test.ts notices a change.
  const { stmt, query: planned, fields } = query as unknown as PreparedParts
  if (fields === undefined) throw new TypeError("a query that answers with no rows was prepared")
  const toObject = compileRow(
    fields.map(({ path }) => path),
    fields.map(({ field }) => decoderOf(field)),
  )
  const bindings = planned.params.map(bindingOf)
  return (values) => stmt.values(...bindings.map((bind) => bind(values))).map(toObject)
}

/** A parameter is a named placeholder, a placeholder in a column's form, or a constant. */
function bindingOf(param: unknown): (values: Values) => Binding {
  const inner = is(param, Param) ? param.value : param
  if (!is(inner, Placeholder)) return () => inner as Binding
  const { name } = inner
  if (!is(param, Param)) return (values) => values[name] as Binding
  const { encoder } = param
  return (values) => encoder.mapToDriverValue(values[name]) as Binding
}

/** Null: the value of the column is the value of the field. */
function decoderOf(field: unknown): Decoder | null {
  if (is(field, Column)) {
    return field.mapFromDriverValue === Column.prototype.mapFromDriverValue ? null : field
  }
  if (is(field, SQL) || is(field, SQL.Aliased)) {
    const decoder = is(field, SQL) ? sqlDecoder(field) : sqlDecoder(field.sql)
    return decoder === noopDecoder ? null : decoder
  }
  throw new TypeError("a query selects what is neither a column nor an expression")
}

/** Private in its type, and what Drizzle itself decodes by. */
// As above: what turns an expression's value into ours is there, but not in its type.
const sqlDecoder = (expression: SQL): Decoder =>
  (expression as unknown as { readonly decoder: Decoder }).decoder

/**
 * `[["id"], ["author", "id"]]` becomes `(row) => ({id: row[0], author: {id: row[1]}})`. Written
 * as source, since an object literal is several times faster than naming properties in a loop;
 * all names are ours, and quoted.
 */
function compileRow(paths: readonly (readonly string[])[], decoders: readonly (Decoder | null)[]) {
  const properties = new Map<string, string>()
  const nested = new Map<string, string[]>()
  for (const [index, [name = "", inner]] of paths.entries()) {
    const value = decoders[index] === null ? `row[${index}]` : `decode(${index}, row[${index}])`
    if (inner === undefined) properties.set(name, value)
    else nested.set(name, [...(nested.get(name) ?? []), `${JSON.stringify(inner)}: ${value}`])
  }
  for (const [name, values] of nested) properties.set(name, `{${values.join(", ")}}`)
  const literal = [...properties].map(([name, value]) => `${JSON.stringify(name)}: ${value}`)
  const decode = (index: number, value: unknown) =>
    value === null ? null : decoders[index]?.mapFromDriverValue(value)
  return new Function("decode", `return (row) => ({${literal.join(", ")}})`)(decode) as (
    row: unknown[],
  ) => unknown
}
