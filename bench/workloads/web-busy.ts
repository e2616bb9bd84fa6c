import { type CDPSession, chromium, type Page } from "playwright-core"
import { z } from "zod"
import type { Workload } from "../bench"
import { type Floor, formatFigure, judge, verdictCells } from "../floor"
import { type Account, benchPassword, copyOfSeed, makeRoom, serveParley } from "../parley"
import type { ServerProcess } from "../server-process"

const executable = "/usr/bin/chromium"
const messagesPerSecond = 200
/** Of the full pace, 20 s; messages leave a few at a time, as often as a timer of 5 ms fires. */
const secondsPerSettling = 2.5
const tickMs = 5
const frameFloor: Floor = { kind: "under", bound: 33, unit: " ms" }
const heapFloor: Floor = { kind: "under", bound: 8, unit: " MiB" }

interface Watched {
  /** Milliseconds between two frames, from the shortest on. */
  readonly frames: readonly number[]
  readonly heapGrowthMiB: number
  readonly shown: number
}

/** The web client in a busy room: how long its frames take, and whether it grows. */
export const webBusy: Workload = {
  name: "web-busy",
  users: 2,
  measure: async ({ seed, folder, pace }) => {
    const [reader, writer] = seed.accounts
    if (reader === undefined || writer === undefined) throw new Error("two have to talk")
    const seconds = pace.settleSeconds * secondsPerSettling
    await using server = await serveParley({ dataFolder: await copyOfSeed(seed, folder), folder })
    const roomId = await makeRoom(server, "bench", [reader, writer])
    const { frames, heapGrowthMiB, shown } = await watch(server, {
      roomId,
      reader,
      writer,
      seconds,
    })
    const share = (of: number) => frames[Math.floor((frames.length - 1) * of)] ?? Number.NaN
    const frameVerdict = judge(frameFloor, share(0.99))
    const heapVerdict = judge(heapFloor, heapGrowthMiB)
    return {
      title: "The web client in a busy room",
      method:
        `${messagesPerSecond} messages a second for ${seconds} s into the room that is open in ` +
        "headless Chromium, 1280 x 800, after as many that are not counted. A frame is the time " +
        "between two calls of requestAnimationFrame; the heap is JavaScript's, after a collection " +
        `before and after. ${formatFigure(shown)} messages were told; the last one stood in sight.`,
      tables: [
        {
          columns: ["what", "p50 ms", "max ms", "figure", "floor", ""],
          rows: [
            [
              "frames, p99",
              formatFigure(share(0.5)),
              formatFigure(share(1)),
              ...verdictCells(frameVerdict),
            ],
            ["growth of the heap", "", "", ...verdictCells(heapVerdict)],
          ],
        },
      ],
      verdicts: [frameVerdict, heapVerdict],
    }
  },
}

interface Room {
  readonly roomId: string
  readonly reader: Account
  readonly writer: Account
  readonly seconds: number
}

async function watch(server: ServerProcess, room: Room): Promise<Watched> {
  const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "en-GB" })
    await enter(page, server, room)
    const writer = await createWriter(server, room)
    await writer.write(room.seconds)
    const devtools = await page.context().newCDPSession(page)
    const before = await heapBytes(devtools)
    await page.evaluate(watchFrames)
    const shown = await writer.write(room.seconds)
    const frames = z.array(z.number()).parse(await page.evaluate("window.stopFrames()"))
    await page.getByText(writer.last(), { exact: true }).waitFor({ timeout: 10_000 })
    const heapGrowthMiB = ((await heapBytes(devtools)) - before) / 1024 / 1024
    return { frames: frames.sort((a, b) => a - b), heapGrowthMiB, shown }
  } finally {
    await browser.close()
  }
}

async function enter(page: Page, server: ServerProcess, { roomId, reader }: Room): Promise<void> {
  await page.goto(`http://127.0.0.1:${server.port}/#/rooms/${roomId}`)
  await page.getByLabel("User name or e-mail").fill(reader.username)
  await page.getByLabel("Password", { exact: true }).fill(benchPassword)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("main").locator("textarea").waitFor()
}

const watchFrames = `{
  const times = []
  let last = performance.now()
  let next = requestAnimationFrame(function look(now) {
    times.push(now - last)
    last = now
    next = requestAnimationFrame(look)
  })
  window.stopFrames = () => (cancelAnimationFrame(next), times.slice(1))
}`

async function heapBytes(devtools: CDPSession): Promise<number> {
  await devtools.send("HeapProfiler.collectGarbage")
  return (await devtools.send("Runtime.getHeapUsage")).usedSize
}

/** One who writes at a steady pace, whatever becomes of it. */
async function createWriter(server: ServerProcess, { roomId, writer }: Room) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/ws`, {
    headers: { authorization: `Bearer ${writer.token}` },
  })
  await new Promise<void>((resolve, reject) => {
    socket.onmessage = () => resolve()
    socket.onclose = () => reject(new Error("the writer was not let in"))
  })
  let count = 0
  const send = () => {
    count++
    const data = { room_id: roomId, content: contentOf(count) }
    socket.send(JSON.stringify({ type: "message.send", data }))
  }
  return {
    last: () => contentOf(count),
    /** Resolves to how many it were. */
    async write(seconds: number): Promise<number> {
      const from = count
      const startedAt = performance.now()
      const all = seconds * messagesPerSecond
      while (count - from < all) {
        const due = Math.min(all, ((performance.now() - startedAt) / 1000) * messagesPerSecond)
        while (count - from < due) send()
        await Bun.sleep(tickMs)
      }
      return count - from
    },
  }
}

const contentOf = (count: number): string =>
  `Message ${count}, about as long as what people write to each other.${" Some are longer.".repeat(count % 5)}`
