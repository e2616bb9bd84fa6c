import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Browser, chromium, type Page } from "playwright-core"
import { type Person, person, roomOf } from "./support/people"
import { startServer, type TestServer } from "./support/server"

const BROWSER = "/usr/bin/chromium"
const PAGES = join(import.meta.dir, "../docs/examples")

const isThere = existsSync(BROWSER)
if (!isThere) {
  console.error("SKIPPED: the pages of docs/examples; apt-get install -y chromium")
}

/** What goes wrong in a page, and what it asks for, must not stay in the browser. */
interface Window {
  readonly page: Page
  readonly problems: string[]
  readonly requests: string[]
}

describe.skipIf(!isThere)("the pages of docs/examples, in a browser", () => {
  let server: TestServer
  let trusting: TestServer
  let browser: Browser
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer()
    trusting = await startServer({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    browser = await chromium.launch({
      executablePath: BROWSER,
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await server.stop()
    await trusting.stop()
  })

  /** As somebody opens it from the folder: a file, in a window that shares nothing with another. */
  async function open(name: string, { url }: TestServer): Promise<Window> {
    const page = await (await browser.newContext()).newPage()
    const problems: string[] = []
    const requests: string[] = []
    page.on("pageerror", ({ message }) => problems.push(message))
    page.on("request", (request) => requests.push(request.url()))
    await page.goto(`file://${PAGES}/${name}?server=${url}`)
    return { page, problems, requests }
  }

  async function fill({ page }: Window, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text)
  }

  const press = ({ page }: Window, name: string) => page.getByRole("button", { name }).click()
  const sees = ({ page }: Window, text: string) => page.getByText(text, { exact: true }).waitFor()
  const logOf = async ({ page }: Window) =>
    (await page.locator("#log li").allTextContents()).map((it) => it.trim())

  function expectNothingElse(...windows: readonly Window[]): void {
    expect(windows.flatMap(({ problems }) => problems)).toEqual([])
    expect(windows.flatMap(({ requests }) => requests)).toEqual(
      windows.map(() => expect.stringMatching(/^file:/)),
    )
  }

  test("gateway-events: two people talk, see each other type, and go", async () => {
    const here = await open("gateway-events.html", server)
    const there = await open("gateway-events.html", server)
    for (const [window, { token }] of [
      [here, ann],
      [there, bob],
    ] as const) {
      await fill(window, { Token: token })
      await press(window, "Connect")
      await sees(window, "* connected")
      await press(window, "Join")
      await sees(window, "* joined general")
    }

    await there.page.getByLabel("Message").fill("hi <b>ann</b>")
    await sees(here, "bob is typing…")
    await press(there, "Send")
    await sees(here, "bob in general: hi <b>ann</b>")
    await press(there, "Leave")
    await sees(here, `* ${bob.id} left general`)
    await press(there, "Send")
    await there.page.getByText(/^! /).waitFor()

    expect(await logOf(here)).toEqual([
      "* connected",
      "* joined general",
      `* ${bob.id} came to general`,
      "bob in general: hi <b>ann</b>",
      `* ${bob.id} left general`,
    ])
    expectNothingElse(here, there)
  }, 60_000)

  test("gateway-events: who is refused is told so", async () => {
    const window = await open("gateway-events.html", server)
    await fill(window, { Token: "nonsense" })
    await press(window, "Connect")

    await sees(window, "! refused: is the token right?")

    expect(await logOf(window)).toHaveLength(1)
    expectNothingElse(window)
  }, 30_000)

  test("room-path: with tokens, two people talk in a room that is there", async () => {
    const room = await roomOf(ann, [bob])
    const here = await open("room-path.html", server)
    const there = await open("room-path.html", server)
    for (const [window, { token, name }] of [
      [here, ann],
      [there, bob],
    ] as const) {
      await fill(window, { Room: room.id, User: name, Token: token })
      await press(window, "Connect")
      await sees(window, "* 0 messages were there before")
    }

    await fill(there, { Message: "hi <b>ann</b>" })
    await press(there, "Send")
    await sees(here, "bob: hi <b>ann</b>")
    await sees(there, "bob: hi <b>ann</b>")

    expect(await logOf(here)).toEqual([
      "* 0 messages were there before",
      "* User bob joined the chat",
      "bob: hi <b>ann</b>",
    ])
    expectNothingElse(here, there)
  }, 60_000)

  test("room-path: where client ids are trusted, a name is enough, and elsewhere not", async () => {
    const window = await open("room-path.html", trusting)
    await fill(window, { User: "dora" })
    await press(window, "Connect")
    await sees(window, "* 0 messages were there before")
    await fill(window, { Server: server.url })
    await press(window, "Connect")
    await sees(window, "! refused: are room, user and token right?")
    expectNothingElse(window)
  }, 30_000)
})
