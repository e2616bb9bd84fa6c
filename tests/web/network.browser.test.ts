import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import type { Page } from "playwright-core"
import { openBrowser } from "../support/browser"
import { type Person, person, roomOf } from "../support/people"
import { startProxy, type TestProxy } from "../support/proxy"
import { createScratch, type Scratch } from "../support/scratch"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

const browser = openBrowser("the web client on a network that fails")

describe.skipIf(!browser.isThere)("a network that fails", () => {
  let scratch: Scratch
  let start: (port?: number) => Promise<TestServer>
  let server: TestServer
  let network: TestProxy
  let ann: Person
  let bob: Person
  let room: { readonly id: string }
  let kitchen: { readonly id: string }

  beforeAll(async () => {
    scratch = createScratch()
    const path = scratch.path("parley.db")
    const tokenSecret = randomBytes(32)
    start = (port) => startServer({ path, tokenSecret, ...(port === undefined ? {} : { port }) })
    server = await start()
    network = await startProxy(Number(new URL(server.url).port))
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    kitchen = await roomOf(bob, [ann])
    await bob.patch(`/rooms/${kitchen.id}`, { name: "kitchen" })
  })
  afterEach(() => network.mend())
  afterAll(async () => {
    await server.stop()
    await network.close()
    scratch.remove()
  })

  /** The window of somebody who is in the room, over the network that may fail. */
  async function arrive(who: Person): Promise<Page> {
    const page = await browser.signedIn({ url: `http://127.0.0.1:${network.port}` }, who)
    await page.evaluate(`location.hash = "#/rooms/${room.id}"`)
    await textBox(page).waitFor()
    return page
  }
  const address = (roomId: string) => `http://127.0.0.1:${network.port}/#/rooms/${roomId}`
  async function say(page: Page, text: string): Promise<void> {
    await textBox(page).fill(text)
    await page.keyboard.press("Enter")
  }
  const textBox = (page: Page) => page.getByRole("textbox", { name: /^Message / })
  /** One that the server has. */
  const message = (page: Page, text: string) =>
    page.locator("article:not(.message-sending, .message-failed)").filter({ hasText: text })
  const waiting = (page: Page, text: string) =>
    page.getByRole("article").filter({ hasText: text }).getByText("Waiting for the connection…")
  const noConnection = (page: Page) => page.getByText(/^No connection\. Trying again in \d+ s\.$/)
  /** As a browser tells its page; without it the page tries again by itself, a little later. */
  const tellOnline = (page: Page) => page.evaluate("dispatchEvent(new Event('online'))")
  /** What is shown of a room's messages, from above. */
  const shown = (page: Page) => page.getByRole("article").locator(".message-text").allTextContents()
  async function stored(): Promise<readonly string[]> {
    const { body } = await bob.get(`/rooms/${room.id}/messages`)
    return body.map(({ content }: { readonly content: string }) => content).sort()
  }

  test("keeps what is written while it is gone, sends it once it is back, and shows what was missed", async () => {
    room = await roomOf(bob, [ann])
    const anns = await arrive(ann)
    await say(anns, "one")
    await message(anns, "one").waitFor()

    network.cut()
    await noConnection(anns).waitFor()
    await say(anns, "three")
    await say(anns, "four")
    await waiting(anns, "three").waitFor()
    await waiting(anns, "four").waitFor()
    await bob.post(`/rooms/${room.id}/messages`, { content: "two" })
    for (const content of ["soup", "or salad?"]) {
      await bob.post(`/rooms/${kitchen.id}/messages`, { content })
    }
    expect(await stored()).toEqual(["one", "two"])

    network.mend()
    await tellOnline(anns)
    await message(anns, "four").waitFor()
    await noConnection(anns).waitFor({ state: "detached" })
    expect(await shown(anns)).toEqual(["one", "two", "three", "four"])
    await anns.getByRole("link", { name: /kitchen.*2 unread messages/ }).waitFor()
    expect(await stored()).toEqual(["four", "one", "three", "two"])
  })

  test("sends once what was on its way, or waited, when the page was loaded again", async () => {
    room = await roomOf(bob, [ann])
    const [anns, bobs] = await Promise.all([arrive(ann), arrive(bob)])
    await say(anns, "before")
    await message(bobs, "before").waitFor()

    // It leaves the page, and may arrive long after whoever sent it is gone.
    network.hold()
    await say(anns, "on its way")
    await anns.getByText("Sending…").waitFor()
    expect(await stored()).toEqual(["before"])
    const reloading = anns.reload()
    network.mend()
    await reloading

    await message(anns, "on its way").waitFor()
    await message(bobs, "on its way").waitFor()
    await say(bobs, "I hear you")
    await message(anns, "I hear you").waitFor()
    for (const page of [anns, bobs]) {
      expect(await shown(page)).toEqual(["before", "on its way", "I hear you"])
    }

    // It never left, and the page goes away: what it kept is all there is of it.
    network.cut()
    await say(anns, "kept")
    await waiting(anns, "kept").waitFor()
    await anns.reload().catch(() => undefined)
    expect(await textBox(anns).count()).toBe(0)
    network.mend()
    // The page that says that nothing was reached may still be on its way.
    const open = async () => {
      await anns.goto(address(room.id))
      return true
    }
    await waitUntil("the page is there again", () => open().catch(() => false))
    await message(bobs, "kept").waitFor()
    await message(anns, "kept").waitFor()
    expect(await stored()).toEqual(["I hear you", "before", "kept", "on its way"])
  })

  test("goes on with a server that was started again, and says meanwhile that it is gone", async () => {
    room = await roomOf(bob, [ann])
    const [anns, bobs] = await Promise.all([arrive(ann), arrive(bob)])
    await say(anns, "see you")
    await message(bobs, "see you").waitFor()

    const port = Number(new URL(server.url).port)
    await server.stop({ drainMs: 0 })
    await Promise.all([anns, bobs].map((page) => noConnection(page).waitFor()))
    await say(bobs, "still there?")
    await waiting(bobs, "still there?").waitFor()
    server = await start(port)

    await Promise.all([anns, bobs].map(tellOnline))
    await message(anns, "still there?").waitFor()
    await say(anns, "yes")
    await message(bobs, "yes").waitFor()
    for (const page of [anns, bobs]) {
      expect(await shown(page)).toEqual(["see you", "still there?", "yes"])
    }
  })
})
