/**
 * Runs the suite on SQLite, what touches a database on PostgreSQL, and what all protocols have in
 * common on two nodes that share a PostgreSQL and a Redis; or only one of the three where
 * `PARLEY_TEST_DATABASE` says so. Most of a test is waiting, so they run side by side where there
 * are two processors. Ends with one line: `N passed, N failed` (`, N skipped`).
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { canRunPostgres } from "./support/postgres"
import { canRunRedis } from "./support/redis"
import { findNodesSuite, findPostgresSuite, splitSuite } from "./support/suites"

/** Of a test that names none: on a slow machine the usual 5 s are soon over. */
const TIMEOUT_MS = 20_000

/** Of what a test said before it failed. A long log keeps the end of itself only. */
const SAID_LINES = 60

interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What each test that failed had said. */
  readonly said: readonly string[]
}

const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, said: [] }

/** What a run is on, and what tells its tests. */
const GROUNDS = {
  SQLite: { PARLEY_TEST_DATABASE: "sqlite" },
  PostgreSQL: { PARLEY_TEST_DATABASE: "postgres" },
  "two nodes": { PARLEY_TEST_DATABASE: "postgres", PARLEY_TEST_NODES: "2" },
} as const

const { PARLEY_TEST_DATABASE: wanted = "all" } = process.env
if (!["all", "sqlite", "postgres", "nodes"].includes(wanted)) {
  throw new Error("PARLEY_TEST_DATABASE is sqlite, postgres, nodes or all")
}
const isWanted = (name: string) => wanted === "all" || wanted === name
/** One run prints at a time: the end of the last that was given leave to. */
let printed: Promise<unknown> = Promise.resolve()
const args = process.argv.slice(2)
const pending: Promise<Outcome>[] = []
if (isWanted("sqlite")) pending.push(...runOnSqlite(args))
if (availableParallelism() < 2) await Promise.all(pending)
if (isWanted("postgres")) pending.push(runOnPostgres(args))
// Three at a time are enough for two processors.
await Promise.all(pending.slice(-1))
if (isWanted("nodes")) pending.push(runOnNodes(args))
const outcomes = await Promise.all(pending)

const sum = (name: "passed" | "failed" | "skipped") =>
  outcomes.reduce((total, outcome) => total + outcome[name], 0)
const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")]
const said = outcomes.flatMap((outcome) => outcome.said)
if (said.length > 0) console.log(`What failed said:\n\n${said.join("\n\n")}\n`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** The arguments that are none of files, and whether a file is one that the others name. */
function readArguments(args: readonly string[]) {
  const isFlag = (arg: string, index: number) => arg.startsWith("-") || args[index - 1] === "-t"
  const flags = args.filter(isFlag)
  const names = args.filter((arg) => !flags.includes(arg)).map((it) => it.replace(/^\.\//, ""))
  const isNamed = (file: string) => names.length === 0 || names.some((name) => file.includes(name))
  return { flags, isNamed }
}

/**
 * All files, or those that the arguments name. What starts programs of its own waits for them most
 * of the time, so the whole suite is two runs, side by side.
 */
function runOnSqlite(args: readonly string[]): Promise<Outcome>[] {
  const { flags, isNamed } = readArguments(args)
  if (args.length > flags.length || availableParallelism() < 2) return [run("SQLite", args)]
  const [inside, outside] = splitSuite()
  return [inside, outside].map((files) => run("SQLite", [...flags, ...files.filter(isNamed)]))
}

/** All files that come by a database, or those of them that the arguments name. */
async function runOnPostgres(args: readonly string[]): Promise<Outcome> {
  const suite = await findPostgresSuite()
  const { flags, isNamed } = readArguments(args)
  const files = suite.files.filter(isNamed)
  const leftOut = suite.leftOut.filter(({ file }) => isNamed(file))
  console.log(`\nOn PostgreSQL: ${files.length} files that touch a database. Left out:`)
  for (const { file, reason } of leftOut) console.log(`  ${file}: ${reason}`)
  if (files.length === 0) return NOTHING
  // Nobody knows how many tests they hold.
  if (!canRunPostgres()) return { ...NOTHING, skipped: files.length }
  return await run("PostgreSQL", [...flags, ...files.map((file) => `./${file}`)])
}

/** The same stories, told by people who are on different nodes. */
async function runOnNodes(args: readonly string[]): Promise<Outcome> {
  const { flags, isNamed } = readArguments(args)
  const files = (await findNodesSuite()).filter(isNamed)
  if (files.length === 0) return NOTHING
  console.log(`\nOn two nodes: ${files.length} files of what all protocols have in common.`)
  // Each says by itself that it is missing.
  const canRun = [canRunPostgres(), canRunRedis()].every((it) => it)
  if (!canRun) return { ...NOTHING, skipped: files.length }
  return await run("two nodes", [...flags, ...files.map((file) => `./${file}`)])
}

async function run(ground: keyof typeof GROUNDS, args: readonly string[]): Promise<Outcome> {
  const startedAt = performance.now()
  const folder = mkdtempSync(join(tmpdir(), "parley-tests-"))
  const report = join(folder, "junit.xml")
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      `--timeout=${TIMEOUT_MS}`,
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      ...args,
    ],
    {
      stdio: ["inherit", "inherit", "pipe"],
      env: {
        ...process.env,
        NODE_ENV: "test",
        ...GROUNDS[ground],
        ...(process.stderr.isTTY ? { FORCE_COLOR: "1" } : {}),
      },
    },
  )
  const mayPrint = printed
  const ended = Promise.all([passOn(child.stderr, mayPrint), child.exited])
  printed = Promise.all([mayPrint, ended])
  const [said, exitCode] = await ended
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`The tests on ${ground} took ${seconds} s.`)
  const summary = existsSync(report)
    ? (/<testsuites\b[^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "")
    : ""
  rmSync(folder, { recursive: true })
  return { ...tally(summary, exitCode), said }
}

function tally(summary: string, exitCode: number) {
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(summary)?.[1] ?? 0)
  const skipped = count("skipped")
  return {
    skipped,
    // A file that does not load and an error between tests are failures that no test counts.
    failed: Math.max(count("failures") + count("errors"), exitCode === 0 ? 0 : 1),
    passed: Math.max(0, count("tests") - count("failures") - count("errors") - skipped),
  }
}

/**
 * Prints what comes, as it comes once it may; returns what each test that failed had said before
 * it did.
 */
async function passOn(
  output: ReadableStream<Uint8Array>,
  mayPrint: Promise<unknown>,
): Promise<readonly string[]> {
  const failures: string[] = []
  const kept: Uint8Array[] = []
  let isKeeping = true
  const isPrinting = mayPrint.then(() => {
    isKeeping = false
    for (const chunk of kept.splice(0)) process.stderr.write(chunk)
  })
  const decoder = new TextDecoder()
  let said: string[] = []
  let rest = ""
  for await (const chunk of output) {
    if (isKeeping) kept.push(chunk)
    else process.stderr.write(chunk)
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
  await isPrinting
  return failures
}
