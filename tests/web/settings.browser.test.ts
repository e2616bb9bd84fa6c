import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Locator, Page } from "playwright-core"
import { expectAccessible, openBrowser } from "../support/browser"
import { call, PASSWORD, type Person, person } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { png } from "../support/uploads"

const browser = openBrowser("settings, in a browser")

const PICTURE = Buffer.from(png(30, 20))

/** What a page does when a picture is dragged over a part of it and let go there. */
const dropPicture = (area: Locator) =>
  area.evaluate(
    (element, bytes) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }))
      for (const type of ["dragover", "drop"]) {
        const how = { bubbles: true, cancelable: true, dataTransfer }
        element.dispatchEvent(new DragEvent(type, how))
      }
    },
    [...PICTURE],
  )

describe.skipIf(!browser.isThere)("settings", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  const tab = (page: Page, name: string) => page.getByRole("tab", { name }).click()
  const press = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).click()
  const logIn = (username: string, password: string) =>
    call(server.url, { method: "POST", path: "/auth/login", body: { username, password } })

  async function open(page: Page): Promise<void> {
    await page.goto(`${server.url}/#/settings/profile`)
    await page.getByRole("heading", { name: "Settings" }).waitFor()
  }

  test("ann changes how others see her, and how the page looks", async () => {
    const page = await browser.signedIn(server, ann)
    await open(page)

    await page.getByLabel("Name to show").fill("Ann of Cleves")
    await page.getByLabel("User name").fill("bob")
    await press(page, "Save")
    await page.getByText("Somebody else has this name.").waitFor()
    expect((await ann.get("/users/me")).body.display_name).toBeNull()
    await page.getByLabel("User name").fill("anne")
    await press(page, "Save")
    await page.getByText("Saved").waitFor()
    expect((await ann.get("/users/me")).body).toMatchObject({
      username: "anne",
      display_name: "Ann of Cleves",
    })

    const picker = page.locator("input[type=file]")
    await picker.setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: PICTURE })
    await page.getByText("This is not a picture that browsers can show.").waitFor()
    await picker.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PICTURE })
    await page.getByRole("button", { name: "Remove" }).click()
    await page.getByRole("button", { name: "Remove" }).waitFor({ state: "detached" })
    await dropPicture(page.getByRole("region", { name: "Picture" }))
    await page.getByRole("button", { name: "Remove" }).waitFor()
    const { avatar_url } = (await ann.get("/users/me")).body
    const asBob = { headers: { authorization: `Bearer ${bob.token}` } }
    expect((await fetch(server.url + avatar_url, asBob)).status).toBe(200)
    await expectAccessible(page)
    await page.getByRole("button", { name: "Remove" }).click()
    await page.getByRole("button", { name: "Remove" }).waitFor({ state: "detached" })
    expect((await ann.get("/users/me")).body.avatar_url).toBeNull()

    await tab(page, "Appearance")
    await page.getByText("Dark", { exact: true }).click()
    await page.locator("html[data-theme=dark]").waitFor()
    await expectAccessible(page)
    await page.getByText("Deutsch", { exact: true }).click()
    await page.getByRole("heading", { name: "Einstellungen" }).waitFor()
    await page.getByText("English", { exact: true }).click()

    await tab(page, "Notifications")
    const desktop = page.getByRole("switch", { name: "Show notifications" })
    expect(await desktop.getAttribute("aria-checked")).toBe("false")
    await expectAccessible(page)
    await tab(page, "About")
    await page.getByText("Parley 0.0.0").waitFor()
    await expectAccessible(page)
  }, 60_000)

  test("bob keeps others out: sessions, keys, people and the password; then he goes", async () => {
    const eve = await person(server.url, "eve")
    await bob.put(`/users/${eve.id}/block`)
    const page = await browser.signedIn(server, bob)
    await open(page)

    await tab(page, "Security")
    await page.getByText("This one").waitFor()
    await expectAccessible(page)
    await press(page, "End all others")
    await page.getByRole("dialog").getByRole("button", { name: "End all others" }).click()
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await page.getByRole("button", { name: "End all others" }).waitFor({ state: "detached" })
    expect((await bob.get("/users/me")).status).toBe(401)
    await page.getByLabel("Current password").fill("wrong horse")
    await page.getByLabel("New password").fill("short")
    await press(page, "Change password")
    await page.getByText("At least 8 characters, please.").waitFor()
    await page.getByLabel("New password").fill("battery staple")
    await press(page, "Change password")
    await page.getByText("This is not your current password.").waitFor()
    await page.getByLabel("Current password").fill(PASSWORD)
    await press(page, "Change password")
    await page.getByText("Password changed.").waitFor()
    expect((await logIn("bob", "battery staple")).status).toBe(200)

    await tab(page, "API keys")
    await press(page, "Create key")
    await page.getByText("Please give it a name.").waitFor()
    await page.getByLabel("Name", { exact: true }).fill("deploys")
    await press(page, "Create key")
    const key = (await page.locator("code").textContent()) ?? ""
    const withKey = () =>
      call(server.url, { method: "GET", path: "/users/me", headers: { "x-api-key": key } })
    expect((await withKey()).body.username).toBe("bob")
    await expectAccessible(page)
    await press(page, "Done")
    expect(await page.content()).not.toContain(key)
    await press(page, "Delete the key deploys")
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click()
    await page.getByText("No keys yet.").waitFor()
    expect((await withKey()).status).toBe(401)

    await tab(page, "Blocked")
    await press(page, "Unblock eve")
    await page.getByText("You have blocked nobody.").waitFor()
    await expectAccessible(page)

    await tab(page, "Account")
    await page.getByLabel("Type bob to go on").fill("Bob")
    await press(page, "Delete my account for good")
    await page.getByText("This is not your user name.").waitFor()
    await expectAccessible(page)
    await page.getByLabel("Type bob to go on").fill("bob")
    await press(page, "Delete my account for good")
    await page.getByLabel("User name or e-mail").waitFor()
    expect((await logIn("bob", "battery staple")).status).toBe(401)
  }, 60_000)
})
