import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { DESKTOP, expectAccessible, openBrowser, PHONE, signIn } from "../../support/browser"
import { PASSWORD, person } from "../../support/people"
import { startServer, type TestServer } from "../../support/server"
import { waitUntil } from "../../support/wait"

const browser = openBrowser("signing in to the web client")

describe.skipIf(!browser.isThere)("signing in, in a browser", () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer({ env: { CHAT_SERVER_NAME: "Moorland" } })
    await person(server.url, "ann")
  })
  afterAll(() => server.stop())

  test("what is wrong is said at its field, and the focus goes there", async () => {
    const page = await browser.open(server)
    const focused = () => page.evaluate("document.activeElement.name")

    await page.getByRole("heading", { name: "Moorland" }).waitFor()
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText("Please enter your name.").waitFor()
    await waitUntil("the name is to be mended", async () => (await focused()) === "username")
    await page.getByLabel("User name or e-mail").fill("ann")
    await page.getByLabel("Password", { exact: true }).fill("not this one")
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText("That name and password don't belong together.").waitFor()
    await expectAccessible(page)

    await page.getByRole("tab", { name: "Create account" }).click()
    await page.getByLabel("User name").fill("Ann")
    await page.getByLabel("Password", { exact: true }).fill("short")
    await page.getByRole("button", { name: "Create account" }).click()
    await page.getByText("At least 8 characters, please.").waitFor()
    await waitUntil("the password is to be mended", async () => (await focused()) === "password")
    await page.getByRole("button", { name: "Show password" }).click()
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await page.getByRole("button", { name: "Create account" }).click()
    await page.getByText("Somebody else has this name.").waitFor()
  })

  test("language and colours are chosen before, and kept; one is signed in after a reload, and out for good", async () => {
    const page = await browser.open(server, "/", { theme: "dark", viewport: PHONE })
    const themeNow = () => page.evaluate("document.documentElement.dataset.theme")

    await page.getByRole("button", { name: "Sign in" }).waitFor()
    expect(await themeNow()).toBe("dark")
    await expectAccessible(page)
    await page.getByLabel("Language").selectOption("Deutsch")
    await page.getByLabel("Farben").selectOption("Hell")
    expect(await themeNow()).toBe("light")
    await page.reload()
    await page.getByLabel("Benutzername oder E-Mail").fill("ann")
    expect(await themeNow()).toBe("light")
    await page.getByLabel("Passwort", { exact: true }).fill(PASSWORD)
    await page.getByRole("button", { name: "Anmelden" }).click()
    await page.getByRole("navigation", { name: "Räume" }).waitFor()
    await page.reload()
    await page.getByRole("button", { name: /^ann/ }).click()
    await page.getByRole("menuitem", { name: "Abmelden" }).click()
    await page.getByRole("button", { name: "Abmelden" }).click()

    await page.getByRole("heading", { name: "Moorland" }).waitFor()
    await page.reload()
    await page.getByLabel("Benutzername oder E-Mail").waitFor()
  })

  test("whose session is ended elsewhere is told so, where one signs in again", async () => {
    const bob = await person(server.url, "bob")
    const page = await browser.signedIn(server, bob)
    const { body: sessions } = await bob.get("/auth/sessions")

    for (const { id, current } of sessions) {
      if (!current) await bob.delete(`/auth/sessions/${id}`)
    }
    await page.getByText("You were signed out. Please sign in again.").waitFor()
    await signIn(page, bob)
    expect(await page.getByText("You were signed out.").count()).toBe(0)
  })

  test("a server that takes only the invited asks for the code, and one that takes nobody says so", async () => {
    const invited = await startServer({ env: { CHAT_REGISTRATION: "invite" } })
    const closed = await startServer({ env: { CHAT_REGISTRATION: "closed" } })

    const page = await browser.open(invited, "/", { viewport: DESKTOP })
    await page.getByRole("tab", { name: "Create account" }).click()
    await page.getByLabel("Invitation code").fill("nonsense")
    await page.getByLabel("User name").fill("gil")
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await page.getByRole("button", { name: "Create account" }).click()
    await page.getByText("This code is unknown, used up or expired.").waitFor()
    const other = await browser.open(closed)
    await other.getByText("New accounts are made by the people who run this server.").waitFor()
    expect(await other.getByRole("tab").count()).toBe(0)

    await invited.stop()
    await closed.stop()
  })
})
