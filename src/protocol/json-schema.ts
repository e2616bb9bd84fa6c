/** Zod schemas as JSON Schema, for the documents that describe the API. */
import { z } from "zod"
import { TEXT_BOUNDS } from "./requests"

export type JsonSchema = { readonly [keyword: string]: unknown }

export interface SchemaBookOptions {
  readonly draft: "draft-2020-12" | "draft-07"
  /** Whether answers may have fields that nobody has described; clients should expect them. */
  readonly unknownFields: "allowed" | "refused"
  /** Of named schemas, by their name. */
  readonly examples?: Readonly<Record<string, unknown>>
}

/** Collects the schemas of one document: what has a name stands once, under `components`. */
export interface SchemaBook {
  readonly components: Readonly<Record<string, JsonSchema>>
  /** What a client may write: fields with a default may be left out. */
  accepted(schema: z.ZodType): JsonSchema
  /** What the server answers. */
  answered(schema: z.ZodType): JsonSchema
}

export function createSchemaBook(options: SchemaBookOptions): SchemaBook {
  const { draft, unknownFields, examples = {} } = options
  const components: Record<string, JsonSchema> = {}

  function generate(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    // Inside another one, or the outermost schema would stand there itself, not by its name.
    const outer = z.object({ inner: schema })
    const { properties, $defs, definitions } = JsonObject.parse(
      z.toJSONSchema(outer, { target: draft, io, unrepresentable: "any", override: tidy }),
    )
    for (const [name, definition] of Object.entries($defs ?? definitions ?? {})) {
      components[name] ??= withExample(name, rewrite(definition))
    }
    return rewrite(properties?.inner ?? {})
  }

  function withExample(name: string, schema: JsonSchema): JsonSchema {
    return name in examples ? { ...schema, examples: [examples[name]] } : schema
  }

  /** References lead to `components`, and answers may grow. */
  function rewrite(schema: JsonSchema): JsonSchema {
    const entries = Object.entries(schema)
      .filter(([keyword, value]) => !isClosed(keyword, value))
      .map(([keyword, value]) => [keyword, keyword === "$ref" ? moved(value) : rewriteAny(value)])
    return Object.fromEntries(entries)
  }

  function rewriteAny(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(rewriteAny)
    return isObject(value) ? rewrite(value) : value
  }

  const isClosed = (keyword: string, value: unknown) =>
    keyword === "additionalProperties" && value === false && unknownFields === "allowed"

  return {
    components,
    accepted: (schema) => generate(schema, "input"),
    answered: (schema) => generate(schema, "output"),
  }
}

const JsonObject = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  $defs: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  definitions: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null

const moved = (reference: unknown) =>
  String(reference).replace(/^#\/(\$defs|definitions)\//, "#/components/schemas/")

/** Zod is more exact than a reader needs: a format goes without its pattern, a number without 2^53. */
function tidy({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes
  readonly jsonSchema: z.core.JSONSchema.BaseSchema
}): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  const bounds = zodSchema instanceof z.ZodString ? TEXT_BOUNDS.get(zodSchema) : undefined
  if (bounds === undefined) return
  jsonSchema.minLength = bounds.min
  jsonSchema.maxLength = bounds.max
}
