import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout } from "bun:test"
import { existsSync } from "node:fs"
import axe from "axe-core"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { PASSWORD, type Person } from "./people"
import type { TestServer } from "./server"

const EXECUTABLE = "/usr/bin/chromium"

/** Of one step in a page; a slow machine needs some of it. */
const STEP_MS = 10_000

/** Of a whole story. Bun ends the browser with a test that takes longer, and with it all others. */
const STORY_MS = 60_000

/** How a window looks. */
export interface WindowOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly theme?: "light" | "dark"
  readonly locale?: string
}

export const PHONE = { width: 390, height: 844 }
export const DESKTOP = { width: 1280, height: 800 }

export interface TestBrowser {
  /** Whether there is one to test with; if not, it has been said. */
  readonly isThere: boolean
  /** Opens a part of the web client, as `/#/directory`, in a window that shares nothing with others. */
  open(server: Pick<TestServer, "url">, path?: string, options?: WindowOptions): Promise<Page>
  /** The same, of somebody who has signed in there by hand. */
  signedIn(server: Pick<TestServer, "url">, person: Person, options?: WindowOptions): Promise<Page>
  /** What went wrong in pages so far; asked for, it is forgiven. */
  takeProblems(): readonly string[]
}

/**
 * One browser for a file of tests, at its top: it starts before them and ends after. After each test
 * its windows are closed, and the test fails if a page threw anything, broke its policy or asked
 * anybody but its server for something.
 */
export function openBrowser(what: string): TestBrowser {
  const isThere = existsSync(EXECUTABLE)
  if (!isThere) console.error(`SKIPPED: ${what}; apt-get install -y chromium`)
  setDefaultTimeout(STORY_MS)
  let browser: Browser | null = null
  let problems: string[] = []
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    if (!isThere) return
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    })
  })
  afterEach(async () => {
    const found = takeProblems()
    await Promise.all(contexts.splice(0).map((it) => it.close()))
    expect(found).toEqual([])
  })
  afterAll(() => browser?.close())

  function takeProblems(): readonly string[] {
    const taken = problems
    problems = []
    return taken
  }

  async function open(
    server: Pick<TestServer, "url">,
    path = "/",
    options: WindowOptions = {},
  ): Promise<Page> {
    if (browser === null) throw new Error("there is no browser")
    const context = await browser.newContext({
      viewport: options.viewport ?? DESKTOP,
      colorScheme: options.theme ?? "light",
      locale: options.locale ?? "en-GB",
      reducedMotion: "reduce",
    })
    contexts.push(context)
    context.setDefaultTimeout(STEP_MS)
    const page = await context.newPage()
    page.on("pageerror", ({ message }) => problems.push(message))
    page.on("console", (message) => {
      if (isProblem(message.type(), message.text())) problems.push(message.text())
    })
    page.on("request", (request) => {
      const url = request.url()
      if (!/^(blob|data):/.test(url) && new URL(url).origin !== new URL(server.url).origin) {
        problems.push(`asked ${url}`)
      }
    })
    await page.goto(server.url + path)
    return page
  }

  return {
    isThere,
    open,
    async signedIn(server, person, options) {
      const page = await open(server, "/", options)
      await signIn(page, person)
      return page
    },
    takeProblems,
  }
}

/** By hand, on the page that is open. */
export async function signIn(page: Page, { name }: Person): Promise<void> {
  await page.getByLabel("User name or e-mail").fill(name)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("navigation", { name: "Rooms" }).waitFor()
}

/** A request that was refused or lost is told by the page itself; what it says of it by name is not. */
function isProblem(type: string, text: string): boolean {
  if (/Content Security Policy|Content-Security-Policy|TrustedHTML|Trusted Type/i.test(text)) {
    return true
  }
  return type === "error" && !/Failed to load resource|net::ERR_|WebSocket connection/.test(text)
}

/** WCAG 2.2, level AA, as far as a program can tell. Fails with each rule and where it is broken. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  const broken: unknown =
    await page.evaluate(`axe.run(document, ${JSON.stringify(AXE_OPTIONS)}).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + " " + target.join(" ") + ": " + failureSummary)),
  )`)
  expect(broken).toEqual([])
}

const AXE_OPTIONS = {
  resultTypes: ["violations"],
  runOnly: {
    type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  },
}
