import type { AnyCommand } from "./command"
import { commandHelp, prepare } from "./command-help"
import { copy } from "./copy"
import { migrate } from "./migrate"
import type { TaskName } from "./tasks"

/** What tasks work with: nothing is opened for them. */
export interface TaskPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Says on standard error how far it has come. */
  readonly progress: (text: string) => void
}

const COMMANDS: Readonly<Record<TaskName, AnyCommand<TaskPlace>>> = { migrate, copy }

export interface TaskAnswer {
  readonly text: string
  readonly exitCode: number
}

/**
 * Runs a command of one word. Resolves with what is to be said on standard output. Errors:
 * `UsageError`, `ConfigError` and those of the command.
 */
export async function runTask(
  name: TaskName,
  args: readonly string[],
  place: TaskPlace,
): Promise<TaskAnswer> {
  const command = COMMANDS[name]
  const prepared = prepare([name], command, args)
  if (prepared.type === "help") return { text: commandHelp([name], command), exitCode: 0 }
  const { text, json, exitCode = 0 } = await prepared.run(place)
  return { text: prepared.isJson ? JSON.stringify(json, null, 2) : text, exitCode }
}
