import { afterAll, beforeAll, expect, test } from "bun:test"
import { expectAccessible, openBrowser, PHONE } from "../support/browser"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"

const browser = openBrowser("the admin's view in a browser")

let house: House
let root: Person
let ann: Person
let bob: Person

beforeAll(async () => {
  house = await openHouse()
  root = await person(house.url, "root")
  changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
  await roomOf(ann, [bob])
  await ann.post("/rooms", { name: "Secret plans", type: "private" })
})
afterAll(() => house.stop())

test.if(browser.isThere)(
  "an admin sees how the server is doing, and keeps somebody out and lets them in again",
  async () => {
    const page = await browser.signedIn(house, root)
    const socket = await bob.connect()
    await page.goto(`${house.url}/#/admin`)

    await page.getByRole("heading", { name: "Administration" }).waitFor()
    await page.getByText("of 3 accounts").waitFor()
    // The second look, two seconds later: only now there are rates, and bob is a line of his own.
    const messages = page.getByRole("figure", { name: "Messages per second" })
    await messages.getByText("As a table").click()
    const row = messages.getByRole("row").nth(1)
    expect(await row.getByRole("cell").textContent()).toMatch(/^[\d.,]+$/)
    expect(await page.getByRole("img", { name: /^Memory/ }).count()).toBe(1)
    await expectAccessible(page)

    await page.getByRole("tab", { name: "People" }).click()
    await page.getByRole("searchbox", { name: "Search by name or e-mail" }).fill("bo")
    await page.getByRole("row", { name: /ann/ }).waitFor({ state: "detached" })
    await expectAccessible(page)
    await page.getByRole("button", { name: "Disable bob" }).click()
    const dialog = page.getByRole("dialog", { name: "Disable bob?" })
    await expectAccessible(page)
    await dialog.getByRole("button", { name: "Disable", exact: true }).click()
    expect((await socket.closed).code).toBe(4201)
    await page.getByRole("button", { name: "Enable bob" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Enable" }).click()
    await page.getByRole("button", { name: "Disable bob" }).waitFor()
    expect((await bob.get("/users/me")).status).toBe(200)

    await page.getByRole("tab", { name: "Rooms" }).click()
    await page.getByRole("rowheader", { name: /Secret plans/ }).waitFor()
    // What is said in private rooms stays there: an admin can't open one from here.
    expect(await page.getByRole("link", { name: "Secret plans" }).count()).toBe(0)
    expect(await page.getByRole("table").getByRole("link", { name: "general" }).count()).toBe(1)
    await expectAccessible(page)
  },
  60_000,
)

test.if(browser.isThere)(
  "on a phone and in the dark an admin finds the same, and who is none finds nothing",
  async () => {
    const page = await browser.signedIn(house, root, { viewport: PHONE, theme: "dark" })
    await page.goto(`${house.url}/#/admin`)
    await page.getByText("of 3 accounts").waitFor()
    const isTooWide = "document.documentElement.scrollWidth > innerWidth"
    expect(await page.evaluate(isTooWide)).toBe(false)
    await expectAccessible(page)
    await page.getByRole("tab", { name: "People" }).click()
    await page.getByRole("button", { name: "Disable ann" }).waitFor()
    expect(await page.evaluate(isTooWide)).toBe(false)
    await expectAccessible(page)

    const other = await browser.signedIn(house, ann)
    await other.goto(`${house.url}/#/admin`)
    await other.getByRole("heading", { name: "Only admins can see this" }).waitFor()
    expect(await other.getByRole("tab").count()).toBe(0)
  },
  60_000,
)
