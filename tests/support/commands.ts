import { administer } from "../../src/cli/administer"
import { isGroup } from "../../src/cli/groups"
import { runProgram } from "./program"
import { createScratch } from "./scratch"

/** The command line on a data folder of its own. */
export interface Commands {
  readonly dataDir: string
  /** The database file. */
  readonly path: string
  /** Runs the program with a command, its words parted by spaces or given one by one. */
  run(
    command: string | readonly string[],
    input?: string | Uint8Array<ArrayBuffer>,
  ): ReturnType<typeof runProgram>
  /** What a command says with `--json`. In this process: a program takes 0.3 s to start. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any answer.
  json(command: string | readonly string[]): Promise<any>
  remove(): void
}

export function createCommands(env: Readonly<Record<string, string>> = {}): Commands {
  const scratch = createScratch()
  const dataDir = scratch.path("data")
  const words = (command: string | readonly string[]) =>
    typeof command === "string" ? command.split(" ") : command
  return {
    dataDir,
    path: scratch.path("data/parley.db"),
    run: (command, input) => runProgram(words(command), { DATA_DIR: dataDir, ...env }, input),
    async json(command) {
      const [group, ...rest] = words(command)
      if (!isGroup(group)) throw new Error(`there is no group ${group}`)
      // Commands keep what they make for its owner's eyes; other tests have their own mind.
      const umask = process.umask()
      try {
        return JSON.parse(
          await administer(group, [...rest, "--json"], { DATA_DIR: dataDir, ...env }),
        )
      } finally {
        process.umask(umask)
      }
    },
    remove: scratch.remove,
  }
}
