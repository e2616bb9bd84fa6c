import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import type { ApiMessage } from "../../../src/protocol/answers"
import { expectAccessible, openBrowser, PHONE } from "../../support/browser"
import { type Person, person, roomOf } from "../../support/people"
import { startServer, type TestServer } from "../../support/server"
import { waitUntil } from "../../support/wait"

const browser = openBrowser("the composer of the web client")

/** What a page does when files come by the clipboard, or are dropped onto the room. */
const bringFiles = (page: Page, how: "paste" | "drop", names: readonly string[]) =>
  page.getByRole("textbox", { name: "Message general" }).evaluate(
    async (box, { how, names }) => {
      const canvas = new OffscreenCanvas(300, 200)
      canvas.getContext("2d")?.fillRect(0, 0, 300, 200)
      const picture = await canvas.convertToBlob()
      const files = new DataTransfer()
      for (const name of names) {
        const parts = name.endsWith(".png") ? picture : new Blob(["hello"], { type: "text/plain" })
        files.items.add(new File([parts], name, { type: parts.type }))
      }
      const bubbles = { bubbles: true, cancelable: true }
      if (how === "paste") {
        box.dispatchEvent(new ClipboardEvent("paste", { ...bubbles, clipboardData: files }))
        return
      }
      const room = box.closest("main") ?? box
      for (const type of ["dragover", "drop"]) {
        room.dispatchEvent(new DragEvent(type, { ...bubbles, dataTransfer: files }))
      }
    },
    { how, names },
  )

describe.skipIf(!browser.isThere)("writing, in a browser", () => {
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

  const latest = async () => (await bob.get(`/rooms/${room.id}/messages?limit=1`)).body[0]
  const open = async (page: Page) => {
    await page.getByRole("link", { name: "general" }).click()
    const box = page.getByRole("textbox", { name: "Message general" })
    await box.waitFor()
    return box
  }
  /** The last message of the room, once it is what a test waits for. */
  const toSay = async (isIt: (message: ApiMessage) => boolean): Promise<ApiMessage> => {
    await waitUntil("the message is there", async () => {
      const message = await latest()
      return message !== undefined && isIt(message)
    })
    return latest()
  }

  test("by keyboard alone: somebody is called, a message sent and edited, an emoji found, a draft kept", async () => {
    await bob.post(`/rooms/${room.id}/messages`, { content: "hello **ann**" })
    const page = await browser.signedIn(server, ann)
    const box = await open(page)

    await box.focus()
    await page.keyboard.type("hi @bo")
    await page.getByRole("option", { name: "bob" }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press("Enter")
    await page.keyboard.type("look: ")
    await page.keyboard.press("Control+b")
    await page.keyboard.type("this")
    await page.keyboard.press("Control+b")
    await page.keyboard.press("Enter")
    const sent = await toSay(({ user_id }) => user_id === ann.id)
    expect(sent).toMatchObject({ content: "hi @bob look: **this**", mentions: [bob.id] })
    expect(await box.inputValue()).toBe("")
    await page.getByRole("main").locator("strong", { hasText: "this" }).waitFor()

    await page.keyboard.press("ArrowUp")
    await page.getByText("Editing your message").waitFor()
    await page.keyboard.type(", please")
    await page.keyboard.press("Enter")
    const edited = await toSay(({ edited_at }) => edited_at !== null)
    expect(edited).toMatchObject({ id: sent.id, content: "hi @bob look: **this**, please" })

    await page.getByRole("button", { name: "Emoji", exact: true }).focus()
    await page.keyboard.press("Enter")
    await page.keyboard.type("tada")
    await page.getByRole("grid", { name: "1 emoji found" }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    expect(await box.inputValue()).toBe("🎉")
    expect(await box.evaluate((it) => it === document.activeElement)).toBe(true)
    await page.keyboard.press("Backspace")

    await page.getByRole("main").getByText("hello ann").hover()
    await page.getByRole("button", { name: "Reply", exact: true }).click()
    await page.getByText("Answer to bob").waitFor()
    await page.keyboard.type("hello yourself")
    await page.keyboard.press("Enter")
    const answer = await toSay(({ content }) => content === "hello yourself")
    expect((await bob.get(`/messages/${answer.reply_to}`)).body.content).toBe("hello **ann**")
    await page.getByText("Answer to bob").waitFor({ state: "detached" })

    const asked: string[] = []
    page.on("request", (request) => asked.push(request.url()))
    await page.keyboard.type("@bo")
    await page.getByRole("option", { name: "bob" }).waitFor()
    await page.keyboard.press("Enter")
    expect(await box.inputValue()).toBe("@bob ")
    expect(asked.filter((url) => url.includes("/members"))).toEqual([])
    await box.fill("")

    await page.keyboard.type("- one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    expect(await box.inputValue()).toBe("- one\n- two")
    await page.reload()
    await page.getByRole("textbox", { name: "Message general" }).waitFor()
    expect(await box.inputValue()).toBe("- one\n- two")

    await box.pressSequentially(" and a secret")
    expect(await box.inputValue()).toBe("- one\n- two and a secret")
    await page.getByRole("button", { name: /^ann ?Online/ }).click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click()
    await page.getByLabel("User name or e-mail").waitFor()
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("secret")
  }, 30_000)

  test("commands are carried out, later messages wait, and what is unknown stays to be mended", async () => {
    const page = await browser.signedIn(server, ann, { viewport: PHONE })
    await page.evaluate(() => localStorage.setItem("parley.language", "de"))
    await page.reload()
    await page.getByRole("link", { name: "general" }).click()
    const box = page.getByRole("textbox", { name: "Nachricht an general" })
    await box.waitFor()

    await box.fill("/top")
    await page.getByRole("option", { name: "/topic" }).waitFor()
    await box.press("Tab")
    await page.keyboard.type("Kuchen")
    await box.press("Enter")
    await page.getByText("/topic: erledigt").waitFor()
    expect((await bob.get(`/rooms/${room.id}`)).body.topic).toBe("Kuchen")

    await box.fill("/xyzzy")
    await box.press("Enter")
    await page.getByRole("alert").getByText("/xyzzy").waitFor()
    expect(await box.inputValue()).toBe("/xyzzy")

    await box.fill("bis morgen")
    await page.getByRole("button", { name: "Später senden" }).click()
    await page.getByRole("menuitem", { name: /^Morgen früh/ }).click()
    await page.getByText("1 Nachricht wird später gesendet").waitFor()
    expect(await box.inputValue()).toBe("")
    await page.getByRole("button", { name: "Anzeigen", exact: true }).click()
    await page.getByRole("dialog").getByText("bis morgen").waitFor()
    await expectAccessible(page)
    await page.getByRole("button", { name: "Löschen" }).click()
    await page.getByText("1 Nachricht wird später gesendet").waitFor({ state: "detached" })
    expect((await ann.get("/scheduled")).body).toEqual([])
  }, 30_000)

  test("who is muted is told so in place of the box, until it is over", async () => {
    const page = await browser.signedIn(server, bob)
    const box = await open(page)

    await ann.put(`/rooms/${room.id}/mutes/${bob.id}`, {})
    await page.getByText("You are muted in this room.").waitFor()
    await box.waitFor({ state: "detached" })
    await ann.delete(`/rooms/${room.id}/mutes/${bob.id}`)

    await box.waitFor()
  }, 30_000)

  test("files are pasted and dropped, and go with one message", async () => {
    const page = await browser.signedIn(server, ann, { theme: "dark" })
    const box = await open(page)
    const files = page.getByRole("list", { name: "Files of this message" })

    await bringFiles(page, "paste", ["picture.png"])
    await bringFiles(page, "drop", ["one.txt", "two.txt"])
    await page.getByText("3 files are ready").waitFor()
    await expectAccessible(page)
    await page.getByRole("button", { name: "Remove one.txt" }).click()
    await box.fill("two files")
    await box.press("Enter")

    const { content, attachments } = await toSay((it) => it.attachments.length > 0)
    expect(content).toBe("two files")
    expect(attachments.map(({ name }) => name)).toEqual(["picture.png", "two.txt"])
    await files.waitFor({ state: "detached" })
  }, 30_000)
})
