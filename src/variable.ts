import type { z } from "zod"

/** A setting, as it is read from the environment and told in the documents. */
export interface Variable<Value> {
  readonly schema: z.ZodType<Value, string>
  /** As it would be written; by the environment where the two differ. */
  readonly default: string | { readonly production: string; readonly development: string } | null
  readonly help: string
}

export const variable = <Value>(it: Variable<Value>): Variable<Value> => it
