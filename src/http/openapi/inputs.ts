import type { z } from "zod"
import type { JsonSchema, SchemaBook } from "../../protocol/json-schema"
import { FIELDS } from "./fields"

type Words = Readonly<Record<string, string>>

interface Inputs {
  readonly params: z.ZodType | undefined
  /** What the route checks, and what it reads besides. */
  readonly queries: readonly (z.ZodType | undefined)[]
  readonly fields: Words | undefined
  readonly book: SchemaBook
}

interface Parameter {
  readonly name: string
  readonly in: "path" | "query"
  readonly required: boolean
  readonly description?: string
  readonly schema: unknown
}

/** The parameters of an address and of its query, in this order. */
export function parametersOf(path: string, { params, queries, fields, book }: Inputs): Parameter[] {
  const known = params === undefined ? {} : propertiesOf(book.accepted(params))
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name)
  const inPath = names.map((name) => ({
    name,
    in: "path" as const,
    required: true,
    ...wordsFor(name, fields),
    schema: known[name] ?? { type: "string" },
  }))
  const inQuery = queries.flatMap((query) =>
    query === undefined ? [] : queryParameters(query, { fields, book }),
  )
  return [...inPath, ...inQuery]
}

/** A query arrives as text; its schema says what it is read as, and which of it may be left out. */
function queryParameters(query: z.ZodType, { fields, book }: Pick<Inputs, "fields" | "book">) {
  const needed = requiredOf(book.accepted(query))
  return Object.entries(propertiesOf(book.answered(query))).map(([name, schema]) => ({
    name,
    in: "query" as const,
    required: needed.includes(name),
    ...wordsFor(name, fields),
    schema,
  }))
}

/** A body's schema with its outermost fields in words. */
export function describeFields(schema: JsonSchema, fields: Words | undefined): JsonSchema {
  if (Array.isArray(schema.anyOf)) {
    return { ...schema, anyOf: schema.anyOf.map((it) => describeFields(it, fields)) }
  }
  const properties = Object.entries(propertiesOf(schema))
  if (properties.length === 0) return schema
  const described = properties.map(([name, it]) => [name, { ...wordsFor(name, fields), ...it }])
  return { ...schema, properties: Object.fromEntries(described) }
}

function wordsFor(name: string, fields: Words = {}): { readonly description?: string } {
  const description = fields[name] ?? FIELDS[name]
  return description === undefined ? {} : { description }
}

const propertiesOf = ({ properties }: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  isRecord(properties) ? properties : {}

const requiredOf = ({ required }: JsonSchema): readonly unknown[] =>
  Array.isArray(required) ? required : []

/** What a JSON schema has under `properties` are schemas. */
const isRecord = (value: unknown): value is Readonly<Record<string, JsonSchema>> =>
  typeof value === "object" && value !== null
