import { z } from "zod"

/** As much of a JSON schema as our frames use. */
const Schema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.object({ type: z.string() })).optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), Schema).optional()
  },
  get items() {
    return Schema.optional()
  },
})
type Schema = z.output<typeof Schema>

export interface Field {
  /** `rooms[].room_id` for what is inside. */
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  /** What its value must keep to; empty where nothing more is asked. */
  readonly bounds: string
}

/** The fields that a client writes, as the schema knows them. */
export function fieldsOf(schema: z.ZodType): readonly Field[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })
  return walk(Schema.parse(json), "")
}

function walk({ properties = {}, required = [] }: Schema, prefix: string): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = prefix + name
    const field = {
      name: path,
      type: typeName(schema),
      isRequired: required.includes(name),
      bounds: boundsOf(schema),
    }
    const inner = schema.type === "array" ? schema.items : schema
    return [field, ...walk(inner ?? {}, schema.type === "array" ? `${path}[].` : `${path}.`)]
  })
}

function typeName({ type, enum: names, const: value, anyOf, items }: Schema): string {
  if (value !== undefined) return `\`${JSON.stringify(value)}\``
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(", ")
  if (anyOf !== undefined) return anyOf.map((it) => it.type).join(" or ")
  if (type === "array") return `array of ${items?.type ?? "any"}s`
  return Array.isArray(type) ? type.join(" or ") : (type ?? "any")
}

function boundsOf({ items, ...schema }: Schema): string {
  const { minimum: low, maximum: high, minLength = 0, maxLength, maxItems } = schema
  const isBounded = high !== undefined && high < Number.MAX_SAFE_INTEGER
  const bounds = [
    ...(low === undefined ? [] : [isBounded ? `${low} to ${high}` : `${low} or more`]),
    ...(maxLength === undefined ? [] : [`${minLength} to ${maxLength} characters`]),
    ...(maxItems === undefined ? [] : [`at most ${maxItems}`]),
    ...(schema.default === undefined ? [] : [`without it ${JSON.stringify(schema.default)}`]),
  ]
  return bounds.join("; ")
}
