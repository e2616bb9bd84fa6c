/**
 * `bun run bench`: measures every workload, prints its tables and writes docs/benchmarks.md.
 * `--only room-32,idle` picks workloads, `--quick` shortens them; neither writes the page, which
 * would then hold less than it says. Ends with 1 when a workload could not be measured: `appends`,
 * `bus` and `cluster` need PostgreSQL and Redis on the machine, and start their own; `web` needs
 * Chromium.
 */
import { rmSync } from "node:fs"
import { mkdir, mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readPlan } from "./command-line"
import { seedParley } from "./parley"
import { machineFacts, type Report, renderPage, renderReport } from "./report"
import { appends } from "./workloads/appends"
import { bus } from "./workloads/bus"
import { cluster } from "./workloads/cluster"
import { firstHealth } from "./workloads/first-health"
import { historyPage } from "./workloads/history-page"
import { idle } from "./workloads/idle"
import { pairs64 } from "./workloads/pairs-64"
import { protocols32 } from "./workloads/protocols-32"
import { resume } from "./workloads/resume"
import { room32 } from "./workloads/room-32"
import { room1000 } from "./workloads/room-1000"
import { search } from "./workloads/search"
import { socketIo32, socketIo1000 } from "./workloads/socketio"
import { unread } from "./workloads/unread"
import { web } from "./workloads/web"
import { webBusy } from "./workloads/web-busy"

const page = join(import.meta.dir, "../docs/benchmarks.md")
const workloads = [
  room32,
  room1000,
  pairs64,
  protocols32,
  socketIo32,
  socketIo1000,
  idle,
  historyPage,
  resume,
  unread,
  search,
  firstHealth,
  appends,
  bus,
  cluster,
  web,
  webBusy,
]

async function run(): Promise<void> {
  const plan = readPlan(process.argv.slice(2), workloads)
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  const users = Math.max(...plan.workloads.map((workload) => workload.users))
  const seed = await seedParley(users, folder)
  const reports: Report[] = []
  for (const workload of plan.workloads) {
    const report = await attempt(workload.name, workload.measure({ seed, folder, pace: plan.pace }))
    if (!report) continue
    reports.push(report)
    console.log(`\n${renderReport(report)}`)
  }
  console.log(`\n${summary(reports)}`)
  if (plan.isComplete && process.exitCode === undefined) await writePage(reports)
}

/** A workload that fails leaves the others their turn. */
async function attempt(name: string, measured: Promise<Report>): Promise<Report | undefined> {
  try {
    return await measured
  } catch (error) {
    console.error(`${name} could not be measured:`, error)
    process.exitCode = 1
    return undefined
  }
}

function summary(reports: readonly Report[]): string {
  const verdicts = reports.flatMap((report) => report.verdicts)
  return `${verdicts.filter(({ isMet }) => isMet).length} of ${verdicts.length} floors met`
}

async function writePage(reports: readonly Report[]): Promise<void> {
  await mkdir(join(import.meta.dir, "../docs"), { recursive: true })
  await Bun.write(page, renderPage(reports, machineFacts()))
  console.log("wrote docs/benchmarks.md")
}

// Leaving by `exit` runs the handlers that kill the children and remove the folder.
process.on("SIGINT", () => process.exit(130))
process.on("SIGTERM", () => process.exit(143))

await run()
