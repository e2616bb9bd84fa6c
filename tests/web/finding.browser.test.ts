import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { expectAccessible, openBrowser, PHONE } from "../support/browser"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"

const browser = openBrowser("search and the palette, in a browser")
const HOSTILE = '<img src=x onerror="throw 1"> <mark>needle</mark> &lt;b&gt;'

describe.skipIf(!browser.isThere)("finding things", () => {
  let house: House
  let ann: Person
  let bob: Person
  let roomId: string

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    roomId = (await roomOf(ann, [bob])).id
    await ann.post("/rooms", { name: "Cake club" })
    await bob.post(`/rooms/${roomId}/messages`, { content: HOSTILE })
    for (let n = 1; n <= 80; n++) {
      await ann.post(`/rooms/${roomId}/messages`, { content: `line ${n} of the talk` })
    }
  })
  afterAll(() => house.stop())

  async function goTo(page: Page, hash: string): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  }

  test("a search by words and filters leads to its hit in its place, by the keyboard alone", async () => {
    const page = await browser.signedIn(house, ann)
    await goTo(page, `#/rooms/${roomId}`)
    await page.getByText("line 80 of the talk").waitFor()
    await page.keyboard.press("Control+Shift+f")
    const box = page.getByRole("searchbox", { name: "Search messages" })
    const panel = page.getByRole("complementary", { name: "Search" })
    await panel.getByText("Find any message").waitFor()
    await expectAccessible(page)

    await page.keyboard.type("needle from:bob in:general")
    const hit = panel.getByRole("button", { name: /Message by bob in general/ })
    await hit.waitFor()
    expect(await hit.textContent()).toContain(HOSTILE)
    expect(await hit.locator("mark").allTextContents()).toEqual(["needle"])
    expect(await panel.locator("img").count()).toBe(0)
    await expectAccessible(page)

    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.waitForURL(/\?at=\d+$/)
    await page.getByRole("main").getByText(HOSTILE).first().waitFor()

    await panel.getByRole("button", { name: "Remove filter: From bob" }).click()
    expect(await box.inputValue()).toBe("in:general needle")
    await box.fill("needle from:nobody")
    await panel.getByText("There is nobody called “nobody”.").waitFor()
    await box.fill("from:bob")
    await panel.getByText(/Add a word/).waitFor()
    await box.fill("haystack")
    await panel.getByText("Nothing found").first().waitFor()
    await box.fill("")
    await panel.getByRole("button", { name: "needle from:bob in:general", exact: true }).waitFor()
  }, 60_000)

  test("on a phone the search lies over the room, and more hits come as one scrolls", async () => {
    const page = await browser.signedIn(house, bob, { viewport: PHONE, theme: "dark" })
    await goTo(page, `#/rooms/${roomId}`)
    await page.getByRole("button", { name: "More", exact: true }).first().click()
    await page.getByRole("menuitem", { name: "Search in this room" }).click()
    await page.getByRole("searchbox").fill("talk")
    const hits = page.getByRole("button", { name: /Message by ann/ })
    await hits.first().waitFor()
    const count = await hits.count()
    await expectAccessible(page)

    await hits.last().scrollIntoViewIfNeeded()
    await hits.nth(count).waitFor()
    await hits.first().click()
    await page.waitForURL(/\?at=\d+$/)
    await page.getByRole("searchbox").waitFor({ state: "detached" })
  }, 60_000)

  test("the palette goes to rooms and people and does things, and `?` shows the keys", async () => {
    const page = await browser.signedIn(house, ann)
    await page
      .getByRole("link", { name: /Cake club/ })
      .or(page.getByText("Cake club"))
      .first()
      .waitFor()
    const palette = page.getByRole("combobox", { name: "Rooms, people and actions" })
    async function run(text: string, option: string): Promise<void> {
      await page.keyboard.press("Control+k")
      await palette.waitFor()
      await page.keyboard.type(text)
      await page.getByRole("option", { name: option, selected: true }).waitFor()
      await page.keyboard.press("Enter")
      await palette.waitFor({ state: "detached" })
    }

    await run("cc", "Cake club")
    await page.getByRole("heading", { name: "Cake club", level: 1 }).waitFor()
    await run("bob", "bob")
    await page.getByRole("heading", { name: "bob", level: 1 }).waitFor()
    await run("dark", "Dark theme")
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")

    await page.keyboard.type("what? m/p")
    expect(await page.getByRole("textbox", { name: "Message bob" }).inputValue()).toBe("what? m/p")
    expect(await page.getByRole("dialog").count()).toBe(0)

    await page.keyboard.press("Control+k")
    await page.getByRole("option").first().waitFor()
    await expectAccessible(page)
    await page.keyboard.press("Escape")
    await palette.waitFor({ state: "detached" })
    await page.getByRole("heading", { name: "bob", level: 1 }).focus()
    await page.keyboard.press("?")
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("m")
    await page.getByRole("complementary", { name: "Members" }).waitFor()
  }, 60_000)
})
