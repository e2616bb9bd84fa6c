import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { openBrowser } from "../support/browser"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

const browser = openBrowser("notifications, in a browser")

/** What the page shows by the browser, which keeps it from a test; pressed by its title. */
const RECORDED = `
  globalThis.shown = []
  globalThis.asked = 0
  globalThis.Notification = class {
    static permission = "default"
    static async requestPermission() {
      globalThis.asked += 1
      return (this.permission = "granted")
    }
    constructor(title, { body, tag }) {
      Object.assign(this, { title, body, tag })
      globalThis.shown.push(this)
    }
    close() { this.onclose?.() }
  }`

describe.skipIf(!browser.isThere)("notifications", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  const shown = (page: Page): Promise<unknown> =>
    page.evaluate("globalThis.shown.map(({ title, body }) => [title, body])")
  /** Asked from here: the page's policy lets nobody wait in it by a text of a script. */
  const untilShown = (page: Page, count: number) =>
    waitUntil(`${count} are shown`, () => page.evaluate(`globalThis.shown.length >= ${count}`))

  test("ann is asked when she switches them on, told of what calls her, and brought there", async () => {
    const room = await roomOf(bob, [ann])
    const say = (content: string) => bob.post(`/rooms/${room.id}/messages`, { content })
    const page = await browser.signedIn(server, ann)
    await page.evaluate(RECORDED)
    await page.goto(`${server.url}/#/settings/notifications`)

    await page.getByText("Show notifications on this device").waitFor()
    expect(await page.evaluate("globalThis.asked")).toBe(0)
    await page.getByRole("switch", { name: "Show notifications" }).click()
    await page.getByRole("switch", { name: "Show notifications", checked: true }).waitFor()
    expect(await page.evaluate("globalThis.asked")).toBe(1)

    await say("nobody in particular")
    await say("@ann, look")
    await untilShown(page, 1)
    await say("again: @ann")
    await untilShown(page, 2)
    expect(await shown(page)).toEqual([
      ["general", "bob: @ann, look"],
      ["general (2)", "bob: again: @ann"],
    ])

    await page.evaluate("globalThis.shown[1].onclick()")
    await page.waitForURL(/#\/rooms\/.*at=/)
    expect(page.url()).toContain(room.id)

    // What is open before her is seen; another room may call.
    await page.getByText("again: @ann").first().waitFor()
    await say("@ann, now you see it")
    await page.getByText("now you see it").first().waitFor()
    const { body: pair } = await bob.post("/conversations", { user_ids: [ann.id] })
    await bob.post(`/rooms/${pair.id}/messages`, { content: "just for you" })
    await untilShown(page, 3)
    expect(await shown(page)).toEqual([
      ["general", "bob: @ann, look"],
      ["general (2)", "bob: again: @ann"],
      ["bob", "just for you"],
    ])
  }, 60_000)
})
