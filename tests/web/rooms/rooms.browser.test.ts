import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { expectAccessible, openBrowser, PHONE } from "../../support/browser"
import { PASSWORD, type Person, person, roomOf } from "../../support/people"
import { startServer, type TestServer } from "../../support/server"
import { waitUntil } from "../../support/wait"

const browser = openBrowser("the web client's rooms")

const named = (page: Page) => ({
  list: page.getByRole("navigation", { name: "Rooms" }),
  main: page.getByRole("main"),
  button: (name: string | RegExp) => page.getByRole("button", { name, exact: true }),
  dialog: page.getByRole("dialog"),
})

describe.skipIf(!browser.isThere)("rooms, in a browser", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  test("somebody new registers, finds a room, joins it and is told what comes there", async () => {
    const room = await roomOf(ann)
    await ann.patch(`/rooms/${room.id}`, { topic: "Everything and nothing" })
    const page = await browser.open(server)
    const { list, main, button } = named(page)

    await page.getByRole("tab", { name: "Create account" }).click()
    await page.getByLabel("User name").fill("carla")
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await button("Create account").click()
    await main.getByRole("heading", { name: "Welcome, carla!" }).waitFor()
    await expectAccessible(page)
    await button(/^Find a room See/).click()
    await page.getByLabel("Search rooms").fill("gener")
    await main.getByText("Everything and nothing").waitFor()
    await expectAccessible(page)
    await main.getByRole("button", { name: "Join" }).click()

    await list.getByRole("link", { name: "general" }).waitFor()
    await list.locator('[aria-current="page"]').waitFor()
    await waitUntil("the title names the room", async () => {
      return (await page.title()) === "general · Parley"
    })
    await page.goto(`${server.url}/#/directory`)
    await main.getByRole("button", { name: "Open" }).waitFor()
    await ann.post(`/rooms/${room.id}/messages`, { content: "hello @carla" })
    await list.getByText("1 mention of you").waitFor()
    await waitUntil("the title says that something calls", async () => {
      return (await page.title()).startsWith("(1) Room directory")
    })
  })

  test("a room is made and a conversation begun, each by the keyboard alone", async () => {
    const page = await browser.signedIn(server, bob, { theme: "dark" })
    const { list, main, dialog } = named(page)
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }

    await list.getByRole("button", { name: "Create a room" }).focus()
    await press("Enter")
    await dialog.waitFor()
    await expectAccessible(page)
    await press("Enter")
    await page.getByText("A room needs a name.").waitFor()
    await page.keyboard.type("Quiet corner")
    await press("Tab", "Tab", "ArrowDown", "Enter")
    await list.getByRole("link", { name: "Quiet corner" }).waitFor()
    const [made] = (await bob.get("/rooms?mine=true&query=Quiet")).body
    expect(made).toMatchObject({ name: "Quiet corner", type: "private", max_users: 0 })

    await list.getByRole("button", { name: "Write to somebody" }).focus()
    await press("Enter")
    await page.getByRole("combobox", { name: "To" }).waitFor()
    await page.keyboard.type("ann")
    await page.getByRole("option", { name: /ann/ }).waitFor()
    await expectAccessible(page)
    await press("Enter")
    await dialog.getByText("1 person chosen").waitFor()
    await page.getByRole("button", { name: "Start" }).focus()
    await press("Enter")
    await list.locator('[aria-current="page"]', { hasText: "ann" }).waitFor()

    // From row to row, and with Alt from room to room.
    await list.getByRole("link", { name: "ann" }).focus()
    await press("ArrowUp", "Enter")
    await list.locator('[aria-current="page"]', { hasText: "Quiet corner" }).waitFor()
    await press("Alt+ArrowDown")
    await list.locator('[aria-current="page"]', { hasText: "ann" }).waitFor()
    expect(await main.getAttribute("aria-label")).toBe("ann")
  })

  test("a link that invites leads through signing in into its room, and says so when it is spent", async () => {
    const { body: room } = await ann.post("/rooms", { name: "board", type: "private" })
    const { body: invite } = await ann.post(`/rooms/${room.id}/invites`, { max_uses: 1 })
    const page = await browser.open(server, `/#/invite/${invite.code}`, { viewport: PHONE })
    const { list, main, button } = named(page)

    await page.getByText("You've been invited").waitFor()
    await page.getByLabel("User name").fill("dora")
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await button("Create account").click()
    await main.getByRole("heading", { name: "board" }).waitFor()
    expect(new URL(page.url()).hash).toBe(`#/rooms/${room.id}`)
    expect(await list.isVisible()).toBe(false)

    await page.goto(`${server.url}/#/invite/${invite.code}`)
    await page.getByText("This invitation is unknown, used up or expired.").waitFor()
    await expectAccessible(page)
    await button("Back").click()
    await list.getByRole("link", { name: "board" }).waitFor()
    expect(await main.isVisible()).toBe(false)
  })

  test("the directory tells more as one comes to its end, and says when the server is away", async () => {
    const small = await startServer({ env: { CHAT_MAX_ROOMS_PER_USER: "0" } })
    const gil = await person(small.url, "gil")
    for (let count = 1; count <= 120; count++) await gil.post("/rooms", { name: `room ${count}` })
    const page = await browser.signedIn(small, gil)
    const { main, list } = named(page)

    await page.goto(`${small.url}/#/directory`)
    await main.getByRole("heading", { name: "room 120", exact: true }).waitFor()
    expect(await main.getByRole("heading", { name: "room 1", exact: true }).count()).toBe(0)
    await waitUntil("all pages are there", async () => {
      await main.evaluate((element) => element.scrollTo(0, element.scrollHeight))
      return (await main.getByRole("heading", { name: /^room / }).count()) === 120
    })
    await small.stop()
    await list.getByRole("button", { name: "Try now" }).waitFor()
    await page.getByLabel("Search rooms").fill("room 7")
    await main.getByText("The server can't be reached. Are you online?").waitFor()
    await expectAccessible(page)
  })

  test("what is unread is marked as read, notifications are turned off and a room is left from the list", async () => {
    const fay = await person(server.url, "fay")
    const { body: room } = await ann.post("/rooms", { name: "garden" })
    await fay.post(`/rooms/${room.id}/join`)
    await ann.post(`/rooms/${room.id}/messages`, { content: "roses" })
    // Who was there before the page was: nothing is told of her by itself.
    const hal = await person(server.url, "hal")
    await hal.post("/conversations", { user_ids: [fay.id] })
    await hal.connect()
    const page = await browser.signedIn(server, fay)
    const { list, button } = named(page)
    const row = list.getByRole("link", { name: "garden" })
    const choose = async (name: string) => {
      await row.click({ button: "right" })
      await page.getByRole("menuitem", { name }).click()
    }

    await list.getByRole("link", { name: "hal" }).getByText("Online").waitFor()
    await row.getByText("1 unread message").waitFor()
    await expectAccessible(page)
    await choose("Mark as read")
    await row.getByText("1 unread message").waitFor({ state: "detached" })
    await choose("Turn notifications off")
    await row.getByText("No notifications").waitFor()
    await choose("Leave room")
    await button("Leave room").click()
    await row.waitFor({ state: "detached" })
    expect((await fay.get("/rooms?mine=true")).body).toEqual([])
  })
})
