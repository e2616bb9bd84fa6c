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

  test("what people are called, and say, runs nothing, asks nobody and looks like nothing else", async () => {
    const image = "<img src=x onerror=alert(1)>"
    const topic = `${image} ${"A".repeat(200)}`
    const mallory = await person(server.url, "mallory")
    await mallory.patch("/users/me", {
      display_name: `\u202E${image}\n joined`,
      avatar_url: "https://evil.example/a.png",
    })
    const { body: den } = await mallory.post("/rooms", { name: "\u202Ehtol <b>den</b>", topic })
    await ann.post(`/rooms/${den.id}/join`)
    const say = (content: string, more = {}) =>
      mallory.post(`/rooms/${den.id}/messages`, { content, ...more })
    await say(`${image} [a](javascript:alert(1)) ![p](https://evil.example/p.png)`)
    await say(`Z${"\u0351\u0352\u0353".repeat(300)}`)
    const { body: root } = await say("[https://bank.example](https://evil.example)")
    await ann.post(`/rooms/${den.id}/messages`, { content: "an answer", thread_id: root.id })
    const page = await browser.signedIn(server, ann)
    const go = (hash: string) =>
      page.evaluate((to) => {
        location.hash = to
      }, hash)

    await go(`#/rooms/${den.id}`)
    await page.getByText("This is where htol <b>den</b> begins.").waitFor()
    await page.getByText(`${image} joined`, { exact: true }).first().waitFor()
    await page.getByText("[https://bank.example](https://evil.example)").waitFor()
    expect(await page.title()).toContain("htol <b>den</b>")
    expect(await page.getByRole("link", { name: /bank/ }).count()).toBe(0)
    const isTopicWide = await page
      .getByText(topic)
      .last()
      .evaluate((it) => it.scrollWidth > it.clientWidth)
    expect(isTopicWide).toBe(false)

    await go(`#/rooms/${den.id}?thread=${root.id}`)
    await page.getByText("an answer").waitFor()
    await mallory.delete(`/messages/${root.id}`)
    await page.getByText("This message was deleted.").last().waitFor()
    for (const hash of ["#/rooms/nonsense", "#/rooms/__proto__"]) {
      await go(hash)
      await page.getByText("There is no such room").waitFor()
    }
    for (const hash of ["#/rooms/..", "#/", "#/rooms/%E0%A4%A"]) {
      await go(hash)
      if (hash !== "#/") await page.getByText("The room could not be loaded").waitFor()
    }
    await go("#/invite/..")
    await page.getByText("This invitation didn't work").waitFor()
    await go(`#/rooms/${den.id}?at=999999999999999`)
    await page.getByText("This is where htol <b>den</b> begins.").waitFor()
    await mallory.delete(`/rooms/${den.id}`)
    await page.getByText("This room has been deleted").waitFor()
  })
})
