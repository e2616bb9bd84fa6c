import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import type { Bench, Workload } from "../bench"
import { type Floor, formatFigure, judge, verdictCells } from "../floor"
import { freePort, millisecondsToFirstHealth } from "../health-probe"
import { copyOfSeed, parleyBinary, parleyEnvironment, parleyFromSource } from "../parley"
import { median } from "../statistics"

const binaryFloor: Floor = { kind: "under", bound: 40, unit: " ms" }

interface Variant {
  readonly label: string
  readonly command: readonly string[]
  readonly makeDataFolder: (bench: Bench) => Promise<string>
  readonly floor?: Floor
}

const binary = { command: [parleyBinary, "serve"], floor: binaryFloor }
const source = { command: [...parleyFromSource, "serve"] }

const variants: readonly Variant[] = [
  { ...binary, label: "binary, empty data folder", makeDataFolder: emptyFolder },
  { ...binary, label: "binary, existing data folder", makeDataFolder: existingFolder },
  { ...source, label: "`bun src/main.ts`, empty data folder", makeDataFolder: emptyFolder },
  { ...source, label: "`bun src/main.ts`, existing data folder", makeDataFolder: existingFolder },
]

/** From before the start of the process to the first 200 of `/health`. */
export const firstHealth: Workload = {
  name: "start",
  users: 1,
  measure: async (bench) => {
    const isBuilt = await Bun.file(parleyBinary).exists()
    const started = variants
      .filter(({ command }) => isBuilt || command !== binary.command)
      .map((variant) => {
        const times: number[] = []
        return { ...variant, times }
      })
    for (const variant of started) await startOnce(variant, bench)
    for (let start = 0; start < bench.pace.starts; start++) {
      for (const variant of started) variant.times.push(await startOnce(variant, bench))
    }

    const judged = started.map((variant) => ({
      ...variant,
      verdict: variant.floor && judge(variant.floor, median(variant.times)),
    }))
    return {
      title: "Start to first /health",
      method:
        `${bench.pace.starts} starts each after one that is not counted; /health is asked over ` +
        "one new connection after the other until it answers 200. An empty data folder gets its " +
        "secret and its database first." +
        (isBuilt ? "" : " The binary was not there: `bun run build` makes it."),
      tables: [
        {
          columns: ["start", "fastest", "slowest", "median", "floor", ""],
          rows: judged.map(({ label, times, verdict }) => [
            label,
            milliseconds(Math.min(...times)),
            milliseconds(Math.max(...times)),
            ...(verdict ? verdictCells(verdict) : [milliseconds(median(times))]),
          ]),
        },
      ],
      verdicts: judged.flatMap(({ verdict }) => verdict ?? []),
    }
  },
}

async function startOnce(variant: Variant, bench: Bench): Promise<number> {
  const port = freePort()
  const env = parleyEnvironment(await variant.makeDataFolder(bench), port)
  return await millisecondsToFirstHealth({ command: variant.command, env, port })
}

async function emptyFolder({ folder }: Bench): Promise<string> {
  const dataFolder = join(folder, `empty-${Bun.randomUUIDv7()}`)
  await mkdir(dataFolder)
  return dataFolder
}

async function existingFolder({ seed, folder }: Bench): Promise<string> {
  return await copyOfSeed(seed, folder)
}

function milliseconds(value: number): string {
  return `${formatFigure(value)} ms`
}
