/**
 * `bun run docs`: writes docs/protocol.md, docs/rest.md and docs/configuration.md from the tables
 * and schemas that the server runs by. `--check` writes nothing and ends with 1 where they are stale.
 * `--folder docs` says where they are.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { configurationPage } from "./docs/configuration"
import { formatted } from "./docs/markdown"
import { protocolPage } from "./docs/protocol"
import { restPage } from "./docs/rest"

const PAGES: Readonly<Record<string, () => string>> = {
  "protocol.md": protocolPage,
  "rest.md": restPage,
  "configuration.md": configurationPage,
}

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    folder: { type: "string", default: join(import.meta.dir, "../../docs") },
  },
})

for (const [name, render] of Object.entries(PAGES)) {
  const path = join(values.folder, name)
  const text = formatted(render())
  const isCurrent = existsSync(path) && readFileSync(path, "utf8") === text
  if (isCurrent) continue
  if (values.check) {
    console.error(`${name} is stale: run bun run docs`)
    process.exitCode = 1
    continue
  }
  writeFileSync(path, text)
  console.log(`wrote ${name}`)
}
