import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { openBrowser, signIn } from "../support/browser"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"

const browser = openBrowser("the web client under attack")

describe.skipIf(!browser.isThere)("what others may do to the web client", () => {
  let server: TestServer
  let ann: Person
  let bob: Person
  let room: { readonly id: string }
  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    room = await roomOf(ann, [bob])
  })
  afterAll(() => server.stop())

  const openRoom = async (page: Page) => {
    await page.evaluate((id) => {
      location.hash = `#/rooms/${id}`
    }, room.id)
    const box = page.getByRole("textbox", { name: "Message general" })
    await box.waitFor()
    return box
  }

  test("where a session was ended from elsewhere, the next account finds nothing of the first", async () => {
    const page = await browser.signedIn(server, ann)
    const box = await openRoom(page)
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles({
        name: "hers.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("hers"),
      })
    await page.getByText("hers.txt").waitFor()
    await box.fill("not for bob")
    await page.waitForFunction(() => JSON.stringify(localStorage).includes("not for bob"))

    const { body: sessions } = await ann.get("/auth/sessions")
    for (const { id, current } of sessions) if (!current) await ann.delete(`/auth/sessions/${id}`)
    await page.getByLabel("User name or e-mail").waitFor()
    await signIn(page, bob)
    const his = await openRoom(page)

    expect(await his.inputValue()).toBe("")
    expect(await page.getByText("hers.txt").count()).toBe(0)
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("not for bob")
  })
})
