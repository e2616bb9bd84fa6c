/** `bun run build`: one self-contained binary, migrations and all, that starts in milliseconds. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { embedWeb } from "../pages/embed"

const outfile = process.argv[2] ?? "dist/parley"

const scratch = mkdtempSync(join(tmpdir(), "parley-web-"))
const result = await Bun.build({
  entrypoints: ["src/main.ts"],
  target: "bun",
  // Bytecode halves the time to the first answer (bench/ `first-health`).
  bytecode: true,
  format: "cjs",
  minify: true,
  sourcemap: "none",
  compile: { outfile },
  plugins: [await embedWeb({ folder: resolve("src/web"), scratch })],
})
rmSync(scratch, { recursive: true })
for (const message of result.logs) console.error(String(message))
if (!result.success) process.exit(1)
console.log(`${outfile}: ${(Bun.file(outfile).size / 1024 ** 2).toFixed(0)} MiB`)
