import fc, { type Arbitrary } from "fast-check"
import { z } from "zod"

/** Stands in a text for the id of something that is there; a test puts the id in its place. */
export const PLACEHOLDERS = ["$room", "$message", "$user"] as const

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "then", "id"]

/** Texts that have broken programs: names of what all objects have, escapes, and what is no text. */
export const nastyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NAMES, ...PLACEHOLDERS, "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800"),
  fc.constantFrom("\ufeff", "\u202e", "../..", "%00", "%", "{{7*7}}", "' or 1=1 --", "<script>"),
  fc.constantFrom("\r\nset-cookie: a=b", "null", "undefined", "-1", "1e999", "0x10", " 7 ", "NaN"),
  fc.constantFrom("x".repeat(129), "x".repeat(5_000), "😀".repeat(2_000), "x".repeat(30_000)),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
)

/** Said in JSON only: numbers that no double holds, keys that come twice, halves of characters. */
const RAW_TEXTS = [
  ...["1e999", "-1e999", "-0", "1e-999", "123456789012345678901234567890", "0.1e1", "01", "NaN"],
  ...['"\\ud800"', '"\\u0000"', '"\\x"', '"a\nb"', "tru", "", "undefined", "{,}", "[1,]", "'a'"],
  ...['{"__proto__":{"a":1}}', '{"a":1,"a":2}', '{"constructor":{"prototype":1}}', "{}", "[]"],
  ...[nested("[", "]", 40), nested('{"a":', "}", 40), nested("[", "]", 30_000)],
  ...[nested('{"a":', "}", 10_000), "[".repeat(60_000), '{"a":'.repeat(10_000)],
]

function nested(open: string, close: string, levels: number): string {
  return `${open.repeat(levels)}1${close.repeat(levels)}`
}

const rawMark = (index: number) => `@@raw ${index}@@`

const nastyValue: Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.nat(RAW_TEXTS.length - 1).map(rawMark),
  fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 53, -(2 ** 63), 1e300, 201, [], {}, [[]]),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(nastyText, { maxLength: 3 }),
  fc.dictionary(nastyText, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
)

interface JsonSchema {
  /** More than one of what may also be null. */
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
}

/** What a zod schema accepts, but for what its refinements ask besides. */
export function acceptedBy(schema: z.ZodType): Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })
  return fromJsonSchema(json as JsonSchema, "")
}

function fromJsonSchema(schema: JsonSchema, name: string): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const union = schema.anyOf ?? schema.oneOf
  if (union !== undefined) return fc.oneof(...union.map((it) => fromJsonSchema(it, name)))
  const { type } = schema
  if (type !== undefined && typeof type !== "string") {
    return fc.oneof(...type.map((it) => fromJsonSchema({ ...schema, type: it }, name)))
  }
  switch (type) {
    case "object":
      return fromObject(schema)
    case "array":
      return fc.array(fromJsonSchema(schema.items ?? {}, name), { maxLength: 4 })
    case "string":
      return fromString(schema, name)
    case "integer":
    case "number":
      return fc.integer({
        min: Math.max(schema.minimum ?? schema.exclusiveMinimum ?? 0, -1_000),
        max: Math.min(schema.maximum ?? 1_000, 1_000),
      })
    case "boolean":
      return fc.boolean()
    case "null":
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function fromObject({ properties, required = [] }: JsonSchema): Arbitrary<unknown> {
  if (properties === undefined) {
    return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 4,
    })
  }
  const fields = Object.entries(properties).map(([name, schema]): [string, Arbitrary<unknown>] => [
    name,
    fromJsonSchema(schema, name),
  ])
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] })
}

/** The ids of what is there, by the names that fields have for them. */
const KNOWN: readonly [RegExp, string][] = [
  [/room_ids?$/, "$room"],
  [/message_ids?$|^reply_to$|^thread_id$/, "$message"],
  [/user_ids?$/, "$user"],
]

function fromString(schema: JsonSchema, name: string): Arbitrary<string> {
  const known = KNOWN.find(([pattern]) => pattern.test(name))?.[1]
  const invented = inventedString(schema)
  return known === undefined
    ? invented
    : fc.oneof({ weight: 3, arbitrary: fc.constant(known) }, invented)
}

function inventedString({ format, pattern, minLength, maxLength }: JsonSchema): Arbitrary<string> {
  // Of what fast-check holds for an address, zod takes the plain ones.
  if (format === "email") return fc.stringMatching(/^[a-z0-9]{1,10}@[a-z]{1,10}\.[a-z]{2,4}$/)
  if (format === "uri-reference") {
    return fc.oneof(fc.webUrl(), fc.stringMatching(/^\/[a-z0-9._-]{0,20}$/))
  }
  if (format === "date-time") {
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100") })
      .map((it) => it.toISOString())
  }
  // A number in a query: as small as those in bodies, or it would hardly ever be within bounds.
  if (pattern === "^\\d{1,16}$") return fc.nat(250).map(String)
  if (pattern !== undefined) {
    // fast-check builds texts from a pattern, but not from what it looks ahead for.
    return fc.stringMatching(new RegExp(pattern.replace(/\(\?[!=][^)]*\)/g, "")))
  }
  const max = Math.min(maxLength ?? 32, 32)
  return fc.string({ unit: "grapheme", minLength: Math.min(minLength ?? 8, max), maxLength: max })
}

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

/** The value with something else in one place; undefined: with nothing there. */
function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<number, unknown>)
    : { ...(value as object) }
  copy[key] = replaced(copy[key], rest, by)
  return copy
}

/** A value that is accepted but for one place, where something else, more or nothing is. */
export function damaged(value: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(
      value,
      fc.nat(),
      nastyValue,
      nastyText,
      fc.constantFrom("replace", "drop", "wrap", "add"),
    )
    .map(([whole, place, nasty, key, how]) => {
      const paths = pathsOf(whole)
      const path = paths[place % paths.length] ?? []
      if (how === "drop") return replaced(whole, path, undefined)
      if (how === "wrap") return replaced(whole, path, [nasty])
      if (how === "replace" || typeof whole !== "object" || whole === null) {
        return replaced(whole, path, nasty)
      }
      return Object.fromEntries([...Object.entries(whole), [key, nasty]])
    })
}

/** As JSON, with what JavaScript cannot say in its place. */
export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? "").replace(
    /"@@raw (\d+)@@"/g,
    (_, index) => RAW_TEXTS[Number(index)] ?? "",
  )
}

/** A text for a schema: mostly nearly right, sometimes right, sometimes not even JSON. */
export function textFor(schema: z.ZodType): Arbitrary<string> {
  const accepted = acceptedBy(schema)
  return fc.oneof(
    { weight: 6, arbitrary: damaged(accepted).map(jsonText) },
    { weight: 2, arbitrary: accepted.map(jsonText) },
    { weight: 1, arbitrary: garbage },
  )
}

/** No frame and no body of anybody's. */
export const garbage: Arbitrary<string> = fc.oneof(
  fc.nat(RAW_TEXTS.length - 1).map((index) => RAW_TEXTS[index] ?? ""),
  fc.constantFrom(
    "",
    " ",
    "\n\t ",
    "\ufeff{}",
    '\ufeff{"type":"ping"}',
    "null",
    "[]",
    '"ping"',
    "7",
  ),
  nastyText,
  fc.json({ maxDepth: 4 }),
)
