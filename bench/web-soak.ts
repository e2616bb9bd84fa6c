/**
 * `bun bench/web-soak.ts [minutes]`: 200 messages a second into the room that is open in the web
 * client, for half an hour if not told otherwise. Prints its memory every minute, and ends with 1
 * where it has grown: where the last third holds over a tenth, and 2 MiB, more than the second.
 */
import { rmSync } from "node:fs"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { copyOfSeed, parleyEnvironment, parleyFromSource, seedParley } from "./parley"
import { startServer } from "./server-process"
import { median } from "./statistics"
import { buildTown, createNeighbour } from "./web/town"
import { launchBrowser, openWindow, signIn } from "./web/window"

const MIB = 1024 ** 2
const minutes = Number(process.argv[2] ?? 30)
if (!(minutes >= 3)) throw new Error("give a number of minutes, at least 3")
const folder = await mkdtemp(join(tmpdir(), "parley-soak-"))
process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
const seed = await seedParley(2, folder)
const [owner, guest] = seed.accounts
if (owner === undefined || guest === undefined) throw new Error("two have to be there")
await using server = await startServer({
  command: [...parleyFromSource, "serve"],
  env: parleyEnvironment(await copyOfSeed(seed, folder), 0),
  folder,
})
const url = `http://127.0.0.1:${server.port}`
const browser = await launchBrowser()
const town = { username: guest.username, rooms: 1, messages: 20 }
const [room = ""] = await buildTown(url, owner, town)
const window = await openWindow(browser, `${url}/#/rooms/${room}`)
await signIn(window, guest.username)

const heaps: number[] = []
for (let minute = 1; minute <= minutes; minute++) {
  await createNeighbour(url, owner).talk(room, { perSecond: 200, seconds: 60 })
  const { heapBytes, nodes } = await window.memory()
  heaps.push(heapBytes / MIB)
  console.log(`minute ${minute}: ${(heapBytes / MIB).toFixed(1)} MiB of heap, ${nodes} nodes`)
}
await browser.close()
const third = Math.floor(heaps.length / 3)
const [before, after] = [median(heaps.slice(third, 2 * third)), median(heaps.slice(-third))]
const hasGrown = after > before * 1.1 && after > before + 2
console.log(`second third ${before.toFixed(1)} MiB, last third ${after.toFixed(1)} MiB`)
process.exitCode = hasGrown ? 1 : 0
