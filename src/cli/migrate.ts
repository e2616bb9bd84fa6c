import { z } from "zod"
import { readConfig } from "../config"
import { defineCommand } from "./command"
import { placeOfDatabase } from "./database-place"
import type { TaskPlace } from "./run-task"

interface MigrateInput {
  readonly check?: boolean | undefined
}

/** What a server does when it starts, before it starts. */
export const migrate = defineCommand<MigrateInput, TaskPlace>({
  name: "migrate",
  help: "Bring the database up to date, as a server does when it starts.",
  operands: [],
  options: {
    check: { type: "boolean", help: "change nothing; end with 1 where something is due" },
  },
  schema: z.object({ check: z.boolean().optional() }),
  run: async ({ check = false }, { env }) => {
    const database = placeOfDatabase(readConfig(env))
    const { applied, due } = await database.migrations()
    const isDue = due.length > 0
    const json = { database: database.name, applied, due }
    if (!isDue) {
      return { text: `${database.name} is up to date, at ${applied.at(-1)}`, json }
    }
    const list = due.map((it) => `  ${it}`).join("\n")
    if (check) return { text: `Due on ${database.name}:\n${list}`, json, exitCode: 1 }
    await database.migrate()
    return {
      text: `Brought ${database.name} up to date:\n${list}`,
      json: { database: database.name, applied: [...applied, ...due], due: [] },
    }
  },
})
