/**
 * Breaks servers under load and looks whether anything that was acknowledged is lost, doubled or
 * out of order. First one server on SQLite, killed with `kill -9` again and again on the same data
 * folder; then a cluster of three on Postgres and Redis, broken in every way it has to bear.
 * Exit code 0: nothing was.
 */
import { parseArgs } from "node:util"
import { canRunPostgres } from "../support/postgres"
import { canRunRedis } from "../support/redis"
import { runCluster } from "./cluster-run"
import { FAULTS, type FaultName, isFaultName } from "./faults"
import { runNemesis } from "./nemesis"

const USAGE = `bun run nemesis [options]

  --only one|cluster   one server alone, or the cluster alone
  --kills 20           how often the one server is killed
  --faults a,b         those, in that order: ${Object.keys(FAULTS).join(", ")}
  --seed N             the same choices as a run that said this seed; timing is never the same
  --short              each fault is over sooner; without --faults one of each kind
`
const LOSSES_SHOWN_MAX = 20
/** On a machine that does much else. Alone, both are done in half of it. */
const TIME_MS_MAX = { one: 120_000, cluster: 240_000 }
const ALL = Object.keys(FAULTS).filter(isFaultName)
/** One of each kind: a node, Redis, Postgres, the network between. */
const SHORT: readonly FaultName[] = ["kill", "redis", "postgres", "black-hole"]

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    kills: { type: "string", default: "20" },
    faults: { type: "string" },
    seed: { type: "string" },
    short: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
})

function wrong(sentence: string): never {
  console.error(`nemesis: ${sentence}\n\n${USAGE}`)
  process.exit(2)
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min) wrong(`--${name} takes a whole number`)
  return value
}

function faultsIn(text: string): readonly FaultName[] {
  return text.split(",").map((name) => (isFaultName(name) ? name : wrong(`no fault is "${name}"`)))
}

interface Report {
  readonly counts: Readonly<Record<string, number>>
  readonly losses: readonly string[]
}

/** Runs one of the two, says what came of it, and tells whether nothing was lost. */
async function say(name: keyof typeof TIME_MS_MAX, run: () => Promise<Report>): Promise<boolean> {
  const limit = TIME_MS_MAX[name]
  const giveUp = setTimeout(() => {
    console.error(`nemesis: not done after ${limit / 1000} s`)
    process.exit(1)
  }, limit)
  const startedAt = performance.now()
  const { counts, losses } = await run()
  clearTimeout(giveUp)
  console.log(`\ndone in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  for (const [what, count] of Object.entries(counts)) console.log(`${what.padEnd(16)}${count}`)
  console.log(`${"lost".padEnd(16)}${losses.length === 0 ? "nothing" : losses.length}\n`)
  for (const loss of losses.slice(0, LOSSES_SHOWN_MAX)) console.error(loss)
  const unsaid = losses.length - LOSSES_SHOWN_MAX
  if (unsaid > 0) console.error(`and ${unsaid} more`)
  return losses.length === 0
}

async function runOne(kills: number): Promise<Report> {
  console.log(`one server on SQLite, killed ${kills} times`)
  const size = { kills, clients: 6, rooms: 4, outstanding: 30 }
  const { losses, ...counts } = await runNemesis({ ...size, tell: console.log })
  return { counts, losses }
}

if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const { only } = values
if (only !== undefined && only !== "one" && only !== "cluster") wrong("--only one or cluster")
const kills = wholeNumber("kills", values.kills, 1)
const isShort = values.short
const faults = values.faults === undefined ? (isShort ? SHORT : ALL) : faultsIn(values.faults)
const seed = wholeNumber("seed", values.seed ?? String(Math.floor(Math.random() * 1e6)), 0)

let isWhole = true
if (only !== "cluster") isWhole = await say("one", () => runOne(kills))
if (only !== "one") {
  // Both say what is missing, and how to get it.
  if ([canRunPostgres(), canRunRedis()].includes(false)) process.exit(1)
  console.log(`a cluster, broken by ${faults.join(", ")} (--seed ${seed})`)
  const options = { seed, faults, isShort, tell: console.log }
  isWhole = (await say("cluster", () => runCluster(options))) && isWhole
}
process.exit(isWhole ? 0 : 1)
