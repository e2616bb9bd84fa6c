import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { readConfig } from "../config"
import { postgresUrl } from "../setting-values"
import { copyToPostgres } from "../store/copy"
import { defineCommand } from "./command"
import { sqlitePath } from "./database"
import { postgresPlace } from "./database-place"
import type { TaskPlace } from "./run-task"
import { readTokenSecret } from "./token-secret"

interface CopyInput {
  readonly to: string
  readonly snapshot?: boolean | undefined
}

/** No more lines than a person reads. */
const PROGRESS_EVERY_MS = 2_000

export const copy = defineCommand<CopyInput, TaskPlace>({
  name: "copy",
  help: "Move all data from the SQLite file in DATA_DIR into an empty PostgreSQL database: all of it, held against the file, or nothing. The file stays as it is. Stop the server first.",
  operands: [],
  options: {
    to: {
      type: "string",
      value: "URL",
      isNeeded: true,
      help: "postgres://user:password@host/name",
    },
    snapshot: {
      type: "boolean",
      help: "beside a server that runs: what it stores from then on stays behind, and every room gets a new epoch",
    },
  },
  schema: z.object({
    to: postgresUrl,
    snapshot: z.boolean().optional(),
  }),
  run: async ({ to, snapshot = false }, { env, progress }) => {
    const config = readConfig({ ...env, DATABASE_URL: undefined, REDIS_URL: undefined })
    const path = sqlitePath(config)
    if (!existsSync(path)) throw new Error(`there is no database ${path}: is DATA_DIR right?`)
    const target = postgresPlace(to)
    const { counts, mendedTexts } = await copyToPostgres({
      path,
      url: to,
      isSnapshot: snapshot,
      migrate: target.migrate,
      tokenSecret: config.JWT_SECRET === null ? keptSecret(config.DATA_DIR) : null,
      progress: sparse(progress),
    })
    return {
      text: shown(path, target.name, counts, mendedTexts),
      json: { from: path, to: target.name, rows: counts, mended_texts: mendedTexts },
    }
  },
})

/** The key that the server has made for itself; null: none. Errors: it cannot be a key. */
function keptSecret(folder: string): string | null {
  const path = join(folder, "jwt-secret")
  if (!existsSync(path)) return null
  const text = readFileSync(path, "utf8").trim()
  readTokenSecret(text, path)
  return text
}

/** The last word on each table is always said. */
function sparse(say: (text: string) => void) {
  let saidAt = 0
  return (table: string, rows: number, of: number) => {
    const now = performance.now()
    if (rows < of && now - saidAt < PROGRESS_EVERY_MS) return
    saidAt = now
    say(`${table}: ${rows} of ${of}`)
  }
}

function shown(
  from: string,
  to: string,
  counts: Readonly<Record<string, number>>,
  mendedTexts: number,
): string {
  const rows = Object.entries(counts).map(([table, count]) => `  ${table.padEnd(16)}${count}`)
  const mended =
    mendedTexts > 0
      ? [`${mendedTexts} texts held characters that PostgreSQL cannot; they are U+FFFD there`]
      : []
  return [`Copied ${from} to ${to}, and found it the same there:`, ...rows, ...mended].join("\n")
}
