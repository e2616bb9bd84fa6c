import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { expectAccessible, openBrowser, PHONE } from "../support/browser"
import { PASSWORD } from "../support/people"
import { startServer, type TestServer } from "../support/server"

const browser = openBrowser("the first minute in the web client")

describe.skipIf(!browser.isThere)("the first minute", () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  async function register(page: Page, name: string): Promise<void> {
    await page.getByRole("tab", { name: "Create account" }).click()
    await page.getByLabel("User name").fill(name)
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await page.getByRole("button", { name: "Create account" }).click()
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByRole("textbox", { name: /^Message / }).fill(text)
    await page.keyboard.press("Enter")
  }

  test("two who have never been there make accounts and a room, and talk, at a desk and on a phone", async () => {
    const desk = await browser.open(server)
    const phone = await browser.open(server, "/", { viewport: PHONE, theme: "dark" })

    await register(desk, "ann")
    await desk.getByRole("button", { name: /^Create a room For a team/ }).click()
    await desk.getByLabel("Name", { exact: true }).fill("kitchen")
    await desk.keyboard.press("Enter")
    await say(desk, "who cooks today?")
    await register(phone, "bob")
    await phone.getByRole("button", { name: /^Find a room See what/ }).click()
    await phone.getByRole("button", { name: "Join" }).click()
    await phone.getByText("who cooks today?").waitFor()
    await say(phone, "I do")

    await desk.getByText("I do").waitFor()
    await expectAccessible(desk)
    await expectAccessible(phone)
    await phone.getByRole("button", { name: "Back" }).click()
    await say(desk, "@bob thank you")
    await phone.getByText("1 mention of you").waitFor()
    await phone.getByRole("link", { name: /kitchen/ }).click()
    await phone.getByText("thank you").waitFor()
    expect(new URL(phone.url()).hash).toStartWith("#/rooms/")
  })
})
