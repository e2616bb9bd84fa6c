import { existsSync } from "node:fs"
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core"
import { z } from "zod"
import { benchPassword } from "../parley"
import { PROBE } from "./probe"

const executable = "/usr/bin/chromium"

const probeSchema = z.object({
  usableAt: z.number().nullable(),
  sends: z.array(z.object({ shown: z.number().nullable(), stored: z.number().nullable() })),
})
export type Probe = z.output<typeof probeSchema>

/** A window of a browser without a screen, on the web client of a server. */
export interface ChatWindow {
  readonly page: Page
  /** What the page has been seen to do. */
  probe(): Promise<Probe>
  /** Bytes of JavaScript's heap after what is not needed was collected, and nodes of the page. */
  memory(): Promise<{ readonly heapBytes: number; readonly nodes: number }>
}

/** Throws where there is no Chromium. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executable)) throw new Error(`there is no ${executable}`)
  return await chromium.launch({
    executablePath: executable,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  })
}

export async function openWindow(browser: Browser, url: string): Promise<ChatWindow> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(PROBE)
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await page.goto(url)
  return {
    page,
    probe: async () => probeSchema.parse(await page.evaluate("window.probe")),
    memory: () => memoryOf(devtools),
  }
}

async function memoryOf(devtools: CDPSession) {
  await devtools.send("HeapProfiler.enable")
  await devtools.send("HeapProfiler.collectGarbage")
  await devtools.send("Performance.enable")
  const { metrics } = await devtools.send("Performance.getMetrics")
  const figure = (name: string) => metrics.find((it) => it.name === name)?.value ?? Number.NaN
  return { heapBytes: figure("JSHeapUsedSize"), nodes: figure("Nodes") }
}

/** Milliseconds from pressing the button until the app can be used. */
export async function signIn({ page, probe }: ChatWindow, username: string): Promise<number> {
  await page.getByLabel("User name or e-mail").fill(username)
  await page.getByLabel("Password", { exact: true }).fill(benchPassword)
  const button = page.getByRole("button", { name: "Sign in", exact: true })
  const [before] = await Promise.all([page.evaluate<number>("performance.now()"), button.click()])
  return (await usable({ probe })) - before
}

/** Waits until the page can be used; milliseconds since it was begun to be loaded. */
export async function usable({ probe }: Pick<ChatWindow, "probe">): Promise<number> {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    const { usableAt } = await probe()
    if (usableAt !== null) return usableAt
    await Bun.sleep(20)
  }
  throw new Error("the page could not be used within 30 s")
}
