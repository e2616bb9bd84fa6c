/**
 * `bun run build:client`: the SDK as a package of its own. One module that depends on nothing, and
 * its types, which name no schema: who uses it needs neither the server nor what it is made of.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import packageJson from "../../package.json"
import { declareClient } from "./client-types"

const folder = process.argv[2] ?? "dist/client"

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const result = await Bun.build({
  entrypoints: ["src/client/index.ts"],
  outdir: folder,
  target: "browser",
  format: "esm",
  minify: true,
})
for (const message of result.logs) console.error(String(message))
if (!result.success) process.exit(1)

for (const [path, text] of declareClient("src/client/index.ts")) {
  const place = join(folder, "types", path)
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(place, text)
}

const { name, version, license } = packageJson
writeFileSync(
  join(folder, "package.json"),
  JSON.stringify(
    {
      name,
      version,
      description: "The SDK of Parley, a chat server: a client for browsers, Node and Bun.",
      license,
      type: "module",
      sideEffects: false,
      exports: { "./client": { types: "./types/client/index.d.ts", default: "./index.js" } },
    },
    null,
    2,
  ),
)
cpSync("LICENSE", join(folder, "LICENSE"))

const code = await Bun.file(join(folder, "index.js")).bytes()
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
console.log(
  `${folder}: ${kib(code.length)}, ${kib(Bun.gzipSync(code, { level: 9 }).length)} gzipped`,
)
