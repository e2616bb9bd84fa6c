/** Runs the suite and ends with one line: `N passed, N failed` (`, N skipped`). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Of a test that names none: on a slow machine the usual 5 s are soon over. */
const TIMEOUT_MS = 20_000

const folder = mkdtempSync(join(tmpdir(), "parley-tests-"))
const report = join(folder, "junit.xml")
const child = Bun.spawn(
  [
    process.execPath,
    "test",
    `--timeout=${TIMEOUT_MS}`,
    "--reporter=junit",
    `--reporter-outfile=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: ["inherit", "inherit", "inherit"], env: { ...process.env, NODE_ENV: "test" } },
)
const exitCode = await child.exited

const summary = existsSync(report)
  ? (/<testsuites\b[^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "")
  : ""
rmSync(folder, { recursive: true })
const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(summary)?.[1] ?? 0)
const skipped = count("skipped")
// A file that does not load and an error between tests are failures that no test counts.
const failed = Math.max(count("failures") + count("errors"), exitCode === 0 ? 0 : 1)
const passed = Math.max(0, count("tests") - count("failures") - count("errors") - skipped)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
