import type { AnyCommand, Option, Prepared } from "./command"
import { UsageError } from "./usage-error"

const JSON_OPTION: Option = { type: "boolean", help: "answer in JSON, for scripts" }

/** What a command is called by: `["user", "add"]`. */
export type Words = readonly string[]

/** Whatever cannot be understood is told with how it would have been. */
export function prepare<Place>(
  words: Words,
  command: AnyCommand<Place>,
  args: readonly string[],
): Prepared<Place> {
  try {
    return command.prepare(args)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new UsageError(`${error.message}\n\nUsage: ${usage(words, command)}`, { cause: error })
  }
}

function usage<Place>(words: Words, { operands, options }: AnyCommand<Place>): string {
  const named = operands.map((it) => `<${it}>`)
  const all = Object.entries(options).map(([it, option]) =>
    option.isNeeded ? shown(it, option) : `[${shown(it, option)}]`,
  )
  return ["parley", ...words, ...named, ...all, "[--json]"].join(" ")
}

const shown = (name: string, { value, multiple }: Option) =>
  `--${name}${value === undefined ? "" : ` ${value}`}${multiple ? " …" : ""}`

/** All about one command. `userHelp` is said where a user must be named. */
export function commandHelp<Place>(
  words: Words,
  command: AnyCommand<Place>,
  userHelp?: string,
): string {
  const options = Object.entries({ ...command.options, json: JSON_OPTION }).map(
    ([name, option]) => `  ${shown(name, option).padEnd(24)}${option.help}`,
  )
  return [
    `Usage: ${usage(words, command)}`,
    command.help,
    options.join("\n"),
    ...(userHelp !== undefined && command.operands.includes("user") ? [userHelp] : []),
  ].join("\n\n")
}
