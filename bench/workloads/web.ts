import type { Browser } from "playwright-core"
import type { Bench, Workload } from "../bench"
import { type Floor, formatFigure, judge, verdictCells } from "../floor"
import { copyOfSeed, parleyEnvironment, parleyFromSource } from "../parley"
import { startServer } from "../server-process"
import { median } from "../statistics"
import { buildTown } from "../web/town"
import { type ChatWindow, launchBrowser, openWindow, signIn, usable } from "../web/window"

const rooms = 50
const messagesPerRoom = 20
const underSecond: Floor = { kind: "under", bound: 1_000, unit: " ms" }
const floors = {
  firstLoad: { kind: "under", bound: 120, unit: " kB" },
  stored: { kind: "under", bound: 50, unit: " ms" },
} as const satisfies Record<string, Floor>

interface Row {
  readonly label: string
  readonly figure: number
  readonly unit: string
  readonly floor?: Floor
}

/** What somebody waits for in the web client, in a browser without a screen. */
export const web: Workload = {
  name: "web",
  users: 2,
  measure: async (bench) => {
    const rows = await measure(bench)
    const judged = rows.map((row) => ({
      ...row,
      verdict: row.floor && judge(row.floor, row.figure),
    }))
    return {
      title: "The web client",
      method:
        `Chromium without a screen, the server and the load on the same processors; ${rooms} rooms ` +
        `of ${messagesPerRoom} messages. Usable: rooms are listed, the open one shows its messages, ` +
        "and one can write; signing in begins with the button, in a browser that knows nothing of " +
        "the account. A send is timed in the page, from the key to the row that shows it, and to " +
        "the row that the server has stored. `web-busy` has a room in which much is said.",
      tables: [
        {
          columns: ["", "p50", "floor", ""],
          rows: judged.map(({ label, figure, unit, verdict }) => [
            label,
            ...(verdict ? verdictCells(verdict) : [`${formatFigure(figure)}${unit}`]),
          ]),
        },
      ],
      verdicts: judged.flatMap(({ verdict }) => verdict ?? []),
    }
  },
}

async function measure({ seed, folder, pace }: Bench): Promise<Row[]> {
  const [owner, guest] = seed.accounts
  if (owner === undefined || guest === undefined) throw new Error("two have to be there")
  await using server = await startServer({
    command: [...parleyFromSource, "serve"],
    env: parleyEnvironment(await copyOfSeed(seed, folder), 0),
    folder,
  })
  const url = `http://127.0.0.1:${server.port}`
  const browser = await launchBrowser()
  try {
    // The first request of all has the pages bundled; in the binary they are.
    await fetch(url)
    const bytes = await firstLoadBytes(browser, url)
    const town = { username: guest.username, rooms, messages: messagesPerRoom }
    const [room = ""] = await buildTown(url, owner, town)
    const address = `${url}/#/rooms/${room}`
    const fresh = await timesOf(pace.rounds, async () => {
      const other = await openWindow(browser, address)
      const time = await signIn(other, guest.username)
      await other.page.context().close()
      return time
    })
    const window = await openWindow(browser, address)
    await signIn(window, guest.username)
    const again = await timesOf(pace.rounds, async () => {
      await window.page.reload()
      return await usable(window)
    })
    const sends = await sendBy(window, pace.rounds * 10)
    const ms = { unit: " ms" }
    return [
      {
        label: "first load, signed out, gzip",
        figure: bytes / 1000,
        unit: " kB",
        floor: floors.firstLoad,
      },
      { label: "signing in, until usable", figure: median(fresh), ...ms, floor: underSecond },
      { label: "loading again, until usable", figure: median(again), ...ms, floor: underSecond },
      { label: "a send is shown", figure: median(sends.shown), ...ms },
      { label: "a send is stored", figure: median(sends.stored), ...ms, floor: floors.stored },
    ]
  } finally {
    await browser.close()
  }
}

async function timesOf(count: number, time: () => Promise<number>): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < count; round++) times.push(await time())
  return times
}

/** What comes over the network until one can sign in, packed as every browser takes it. */
async function firstLoadBytes(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ extraHTTPHeaders: { "accept-encoding": "gzip" } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send("Network.enable")
  let bytes = 0
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto(url, { waitUntil: "load" })
  await page.getByLabel("Password", { exact: true }).waitFor()
  const total = bytes
  await context.close()
  return total
}

async function sendBy({ page, probe }: ChatWindow, count: number) {
  const box = page.getByRole("main").locator("textarea")
  for (let send = 0; send < count; send++) {
    await box.fill(`Measured ${send} ${crypto.randomUUID()}`)
    await box.press("Enter")
    await Bun.sleep(100)
  }
  const { sends } = await probe()
  const shown = sends.flatMap(({ shown }) => shown ?? [])
  const stored = sends.flatMap(({ stored }) => stored ?? [])
  if (stored.length < count) throw new Error(`${count - stored.length} sends were never stored`)
  return { shown, stored }
}
