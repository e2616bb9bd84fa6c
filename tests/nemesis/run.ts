/**
 * Kills the server with `kill -9` under load, twenty times in a row on the same data folder, and
 * looks whether anything that was acknowledged is lost, doubled or out of order:
 * `bun run nemesis [--kills 20]`. Exit code 0: nothing was.
 */
import { parseArgs } from "node:util"
import { runNemesis } from "./nemesis"

const LOSSES_SHOWN_MAX = 20
const TIME_MS_MAX = 120_000

const { values } = parseArgs({ options: { kills: { type: "string", default: "20" } } })
const kills = Number(values.kills)
if (!Number.isInteger(kills) || kills < 1) throw new Error("--kills takes a whole number")

const giveUp = setTimeout(() => {
  console.error(`nemesis: not done after ${TIME_MS_MAX / 1000} s`)
  process.exit(1)
}, TIME_MS_MAX)
const startedAt = performance.now()
const { losses, ...counts } = await runNemesis({
  kills,
  clients: 6,
  rooms: 4,
  outstanding: 30,
  tell: console.log,
})
clearTimeout(giveUp)

const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
console.log(`\n${kills} kills in ${seconds} s`)
for (const [name, count] of Object.entries(counts)) console.log(`${name.padEnd(14)}${count}`)
console.log(`${"lost".padEnd(14)}${losses.length === 0 ? "nothing" : losses.length}`)
for (const loss of losses.slice(0, LOSSES_SHOWN_MAX)) console.error(loss)
process.exit(losses.length === 0 ? 0 : 1)
