import { parseArgs } from "node:util"
import type { z } from "zod"
import type { House } from "./house"
import { UsageError } from "./usage-error"

export interface Option {
  readonly type: "string" | "boolean"
  /** May be given more than once. */
  readonly multiple?: boolean
  readonly isNeeded?: boolean
  /** How its value is called in the help. */
  readonly value?: string
  readonly help: string
}

/** What a command answers: for people, and for scripts (`--json`). */
export interface Output {
  readonly text: string
  readonly json: unknown
  /** 0 unless it says otherwise. */
  readonly exitCode?: number
}

/** `Place` is what it works with. */
export interface Command<Input = unknown, Place = House> {
  readonly name: string
  readonly help: string
  /** Names of what must stand after the command, in order. */
  readonly operands: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** Of operands and options together, by their names. */
  readonly schema: z.ZodType<Input>
  /** Works where there is no database yet, by making one. */
  readonly makesDatabase?: boolean
  run(input: Input, place: Place): Promise<Output>
}

/** What was typed after the command, understood. */
export type Prepared<Place = House> =
  | { readonly type: "help" }
  | {
      readonly type: "run"
      readonly isJson: boolean
      run(place: Place): Promise<Output>
    }

/** What a group keeps of each of its commands: the input is known to nobody but the command. */
export interface AnyCommand<Place = House> extends Omit<Command, "schema" | "run"> {
  /** Errors: `UsageError` naming every operand and option that is wrong; those of `parseArgs`. */
  prepare(args: readonly string[]): Prepared<Place>
}

/** Every command has these. */
const COMMON = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const

export function defineCommand<Input, Place = House>({
  schema,
  run,
  ...command
}: Command<Input, Place>): AnyCommand<Place> {
  const { operands, options } = command

  function prepare(args: readonly string[]): Prepared<Place> {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, ...COMMON },
    })
    const { json: isJson = false, help, ...given } = values
    if (help) return { type: "help" }
    for (const [name, { isNeeded }] of Object.entries(options)) {
      if (isNeeded && !Object.hasOwn(given, name)) throw new UsageError(`--${name} is missing`)
    }
    const input = check(schema, { ...given, ...nameOperands(operands, positionals) }, (name) =>
      name in options ? `--${name}` : name,
    )
    return { type: "run", isJson: isJson === true, run: (place) => run(input, place) }
  }

  return { ...command, prepare }
}

function nameOperands(names: readonly string[], given: readonly string[]) {
  const missing = names[given.length]
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing`)
  const extra = given[names.length]
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many`)
  return Object.fromEntries(names.map((name, index) => [name, given[index]]))
}

/** Errors: `UsageError`, naming all that is wrong, as `nameOf` calls it. */
export function check<Input>(
  schema: z.ZodType<Input>,
  input: unknown,
  nameOf = (name: string) => name,
): Input {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) =>
    path[0] === undefined ? message : `${nameOf(String(path[0]))}: ${message}`,
  )
  throw new UsageError([...new Set(problems)].join("\n"))
}
