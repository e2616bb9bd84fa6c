/** Runs the suite and ends with one line: `N passed, N failed` (`, N skipped`). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Of a test that names none: on a slow machine the usual 5 s are soon over. */
const TIMEOUT_MS = 20_000

/** Of what a test said before it failed. A long log keeps the end of itself only. */
const SAID_LINES = 60

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
  {
    stdio: ["inherit", "inherit", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "test",
      ...(process.stderr.isTTY ? { FORCE_COLOR: "1" } : {}),
    },
  },
)
const [failures, exitCode] = await Promise.all([passOn(child.stderr), child.exited])

const summary = existsSync(report)
  ? (/<testsuites\b[^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "")
  : ""
rmSync(folder, { recursive: true })
const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(summary)?.[1] ?? 0)
const skipped = count("skipped")
// A file that does not load and an error between tests are failures that no test counts.
const failed = Math.max(count("failures") + count("errors"), exitCode === 0 ? 0 : 1)
const passed = Math.max(0, count("tests") - count("failures") - count("errors") - skipped)
if (failures.length > 0) console.log(`What failed said:\n\n${failures.join("\n\n")}\n`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** Prints what comes as it comes, and returns what each test that failed had said before it did. */
async function passOn(output: ReadableStream<Uint8Array>): Promise<readonly string[]> {
  const failures: string[] = []
  const decoder = new TextDecoder()
  let said: string[] = []
  let rest = ""
  for await (const chunk of output) {
    process.stderr.write(chunk)
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      said.push(line)
      const [verdict] = /\((pass|fail|skip|todo)\) /.exec(line) ?? []
      if (verdict === undefined) continue
      // The list of failures at the end says nothing that is new.
      if (verdict === "(fail) " && said.length > 1)
        failures.push(said.slice(-SAID_LINES).join("\n"))
      said = []
    }
  }
  return failures
}
