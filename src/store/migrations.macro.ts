import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[]
}

/**
 * Reads a folder of generated migrations while the program is being compiled, so that the
 * binary carries them and needs no files beside it. Has the shape of Drizzle's MigrationMeta.
 */
export function readMigrations(database: "sqlite" | "postgres") {
  const folder = join(import.meta.dir, "../../drizzle", database)
  const journal: Journal = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8"))
  return journal.entries.map(({ tag, when }) => {
    const text = readFileSync(join(folder, `${tag}.sql`), "utf8")
    return {
      tag,
      sql: text.split("--> statement-breakpoint"),
      bps: true,
      folderMillis: when,
      hash: createHash("sha256").update(text).digest("hex"),
    }
  })
}
