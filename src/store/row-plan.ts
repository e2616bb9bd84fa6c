import {
  Column,
  type DriverValueDecoder,
  is,
  noopDecoder,
  Param,
  Placeholder,
  SQL,
} from "drizzle-orm"
import type { Values } from "./script"

export type Binding = string | number | boolean | null
type Decoder = DriverValueDecoder<unknown, unknown>

/** What Drizzle has planned of a query, on either database. */
export interface Planned {
  readonly params: readonly unknown[]
  readonly fields?:
    | readonly { readonly path: readonly string[]; readonly field: unknown }[]
    | undefined
}

/** How a query's values become parameters, and its rows objects. */
export interface RowPlan {
  readonly bindings: readonly ((values: Values) => Binding)[]
  toObject(row: readonly unknown[]): unknown
}

/**
 * Works out once how a row becomes an object, where Drizzle follows each path and asks each
 * column anew for every row: half of the time of a page of history.
 */
export function planRows({ params, fields }: Planned): RowPlan {
  if (fields === undefined) throw new TypeError("a query that answers with no rows was prepared")
  return {
    bindings: params.map(bindingOf),
    toObject: compileRow(
      fields.map(({ path }) => path),
      fields.map(({ field }) => decoderOf(field)),
    ),
  }
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

// Private in its type, and what Drizzle itself decodes an expression's value by.
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
    row: readonly unknown[],
  ) => unknown
}
