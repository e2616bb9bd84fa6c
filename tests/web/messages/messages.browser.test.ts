import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import type { Page } from "playwright-core"
import { expectAccessible, openBrowser, PHONE } from "../../support/browser"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../../support/people"
import { createScratch, type Scratch } from "../../support/scratch"
import { startServer, type TestServer } from "../../support/server"
import { png, upload } from "../../support/uploads"
import { waitUntil } from "../../support/wait"
import { fillRoom } from "./long-room"

const browser = openBrowser("the web client's messages")
const MESSAGES = 100_000
const env = { CHAT_MAX_MESSAGES_PER_MIN: "0", CHAT_HTTP_MAX_PER_MIN: "0" }

const messagesOf = (page: Page) => ({
  list: page.getByRole("feed", { name: /^Messages in/ }),
  message: (text: string | RegExp) => page.getByRole("article").filter({ hasText: text }),
  button: (name: string | RegExp) => page.getByRole("button", { name, exact: true }),
  item: (name: string) => page.getByRole("menuitem", { name, exact: true }),
})

const openRoom = (page: Page, path: string) =>
  page.evaluate((hash) => {
    location.hash = hash
  }, `#/rooms/${path}`)

interface Sight {
  readonly text: string
  readonly top: number
  readonly isBlank: boolean
  readonly rows: number
}

/** The first message that begins in sight, and where. */
const sightOf = (page: Page): Promise<Sight> =>
  page.getByRole("feed").evaluate((list): Sight => {
    const sight = list.getBoundingClientRect()
    const rows = [...list.querySelectorAll("article")]
    const inSight = rows.filter((it) => {
      const { top, bottom } = it.getBoundingClientRect()
      return bottom > sight.top && top < sight.bottom
    })
    const first = inSight.find((it) => it.getBoundingClientRect().top >= sight.top) ?? inSight[0]
    const said = first?.querySelector(".message-text")
    return {
      text: said?.textContent?.match(/number \d+\./)?.[0] ?? "",
      top: said?.getBoundingClientRect().top ?? 0,
      isBlank: inSight.length === 0,
      rows: rows.length,
    }
  })

const numberIn = (text: string) => Number(text.match(/\d+/)?.[0])

describe.skipIf(!browser.isThere)("a room of 100,000 messages, in a browser", () => {
  let scratch: Scratch
  let server: TestServer
  let ann: Person
  let bob: Person
  let roomId: string

  beforeAll(async () => {
    scratch = createScratch()
    const path = scratch.path("parley.db")
    const tokenSecret = randomBytes(32)
    const first = await startServer({ path, tokenSecret })
    const [founder, other] = [await person(first.url, "ann"), await person(first.url, "bob")]
    roomId = (await roomOf(founder, [other])).id
    const startedAt = first.clock.now() - MESSAGES * 10_000
    await first.stop()
    fillRoom({ path, roomId, authors: ["ann", "bob"], until: MESSAGES, startedAt })
    server = await startServer({ path, tokenSecret, env })
    const again = async (username: string) =>
      asPerson(
        server.url,
        await call(server.url, {
          method: "POST",
          path: "/auth/login",
          body: { username, password: PASSWORD },
        }),
      )
    ann = await again("ann")
    bob = await again("bob")
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    scratch.remove()
  })

  test("opens at its end, scrolls without a gap, stays put while others write, and is jumped in", async () => {
    const page = await browser.signedIn(server, ann)
    const { list, message, button } = messagesOf(page)
    await openRoom(page, roomId)
    await message("number 100000.").waitFor()
    await expectAccessible(page)

    await list.hover()
    const sights: Sight[] = []
    while (
      (sights.length === 0 || numberIn(sights.at(-1)?.text ?? "") > 99_800) &&
      sights.length < 200
    ) {
      await page.mouse.wheel(0, -700)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null))))
      sights.push(await sightOf(page))
    }

    expect(sights.filter((it) => it.isBlank)).toEqual([])
    expect(Math.max(...sights.map((it) => it.rows))).toBeLessThan(100)
    expect(numberIn(sights.at(-1)?.text ?? "")).toBeLessThanOrEqual(99_800)

    await waitUntil("nothing moves any more", async () => {
      const [one, other] = [await sightOf(page), await sightOf(page)]
      return one.text === other.text && one.top === other.top
    })
    const before = await sightOf(page)
    for (const text of ["one more", "and another", "and a third"]) {
      await bob.post(`/rooms/${roomId}/messages`, { content: text })
    }
    await button("3 new messages").waitFor()
    const after = await sightOf(page)
    expect(after.text).toBe(before.text)
    expect(Math.abs(after.top - before.top)).toBeLessThan(2)

    await button("3 new messages").click()
    await message("and a third").waitFor()
    await openRoom(page, `${roomId}?at=50000`)
    await message("number 50000.").waitFor()
    expect(await message("number 50000.").isVisible()).toBe(true)
    await button("Jump to the latest messages").click()
    await message("and a third").waitFor()
  }, 60_000)

  test("is gone through by keys, which end where the list does", async () => {
    const page = await browser.signedIn(server, bob, { theme: "dark", viewport: PHONE })
    const { list, message } = messagesOf(page)
    await openRoom(page, roomId)
    await message("and a third").waitFor()

    await list.focus()
    for (let presses = 0; presses < 15; presses++) await page.keyboard.press("ArrowUp")
    const focused = page.locator("article:focus")
    const at = numberIn((await focused.textContent())?.match(/number \d+\./)?.[0] ?? "")
    expect(at).toBeLessThan(100_000)
    expect(at).toBeGreaterThan(99_900)
    await page.keyboard.press("End")

    await waitUntil("the last one has the focus", async () =>
      ((await focused.textContent()) ?? "").includes("and a third"),
    )
    await expectAccessible(page)
  }, 30_000)
})

describe.skipIf(!browser.isThere)("what is done with messages, in a browser", () => {
  let server: TestServer
  let ann: Person
  let bob: Person
  let roomId: string

  beforeAll(async () => {
    server = await startServer({ env })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    roomId = (await roomOf(ann, [bob])).id
  })
  afterAll(() => server.stop())

  const said = async (who: Person, content: string, more: object = {}): Promise<string> => {
    const { body } = await who.post(`/rooms/${roomId}/messages`, { content, ...more })
    return body.id
  }
  const read = async (id: string) => (await bob.get(`/messages/${id}`)).body

  test("reacting, pinning, forwarding and deleting, each told to everybody", async () => {
    const lunch = await said(bob, "Who is for lunch?")
    const wrong = await said(bob, "something he should not have said")
    const { body: other } = await ann.post("/rooms", { name: "kitchen" })
    const page = await browser.signedIn(server, ann)
    const { message, item } = messagesOf(page)
    await openRoom(page, roomId)
    const menuOf = async (text: string) => {
      await message(text).hover()
      await message(text).getByRole("button", { name: "More" }).click()
    }

    await message("Who is for lunch?").hover()
    await message("Who is for lunch?").getByRole("button", { name: "React with 👍" }).click()
    const reaction = message("Who is for lunch?").getByRole("button", { name: /^👍 1: you/ })
    await reaction.waitFor()
    expect(await reaction.getAttribute("aria-pressed")).toBe("true")
    expect((await read(lunch)).reactions).toMatchObject([{ emoji: "👍", users: [ann.id] }])
    await bob.put(`/messages/${lunch}/reactions/${encodeURIComponent("👍")}`)
    await message("Who is for lunch?")
      .getByRole("button", { name: /^👍 2: .*bob/ })
      .click()
    await message("Who is for lunch?")
      .getByRole("button", { name: /^👍 1: bob/ })
      .waitFor()

    await menuOf("Who is for lunch?")
    await expectAccessible(page)
    await item("Pin").click()
    await message("Who is for lunch?").getByText("Pinned").waitFor()
    expect((await read(lunch)).pinned).toBe(true)

    await menuOf("Who is for lunch?")
    await item("Forward").click()
    await page.getByRole("dialog").getByRole("button", { name: "kitchen" }).click()
    await page.getByText("Forwarded to kitchen").waitFor()
    const { body: forwarded } = await ann.get(`/rooms/${other.id}/messages`)
    expect(forwarded).toMatchObject([{ content: "Who is for lunch?", forwarded_from: lunch }])

    await menuOf("something he should not have said")
    await item("Delete").click()
    await expectAccessible(page)
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click()
    await page.getByText("This message was deleted.").waitFor()
    expect(await message("something he should not have said").count()).toBe(0)
    expect((await read(wrong)).deleted_at).not.toBeNull()
  }, 30_000)

  test("an answer leads to what it answers, an edit shows what was said before, a thread opens beside", async () => {
    const question = await said(bob, "Where do we meet?")
    await said(ann, "At the station", { reply_to: question })
    const typo = await said(bob, "At eigth")
    await bob.patch(`/messages/${typo}`, { content: "At eight" })
    await said(bob, "I bring the map", { thread_id: question })
    const page = await browser.signedIn(server, ann, { theme: "dark" })
    const { message } = messagesOf(page)
    await openRoom(page, roomId)

    await message("At the station")
      .getByRole("button", { name: /Where do we meet/ })
      .click()
    await page.locator(".message-highlighted").filter({ hasText: "Where do we meet?" }).waitFor()
    await message("At eight")
      .getByRole("button", { name: /^Edited/ })
      .click()
    await page.getByRole("dialog", { name: "Earlier versions" }).getByText("At eigth").waitFor()
    await expectAccessible(page)
    await page.keyboard.press("Escape")
    expect(await message("I bring the map").count()).toBe(0)

    await page.getByRole("link", { name: "1 reply: open the thread" }).click()
    const thread = page.getByRole("complementary", { name: "Thread" })
    await thread.getByRole("article").filter({ hasText: "I bring the map" }).waitFor()
    await said(bob, "And the tent", { thread_id: question })
    await thread.getByRole("article").filter({ hasText: "And the tent" }).waitFor()
    await page.getByRole("link", { name: "2 replies: open the thread" }).waitFor()
    await expectAccessible(page)
    await thread.getByRole("button", { name: "Close" }).click()
    expect(await thread.count()).toBe(0)
  }, 30_000)

  test("what the other side refuses stays, to be sent again or thrown away", async () => {
    const { body: talk } = await ann.post("/conversations", { user_ids: [bob.id] })
    await bob.put(`/users/${ann.id}/block`)
    const page = await browser.signedIn(server, ann)
    const { message, button } = messagesOf(page)
    await openRoom(page, talk.id)
    const box = page.getByRole("textbox", { name: "Message bob" })
    for (const text of ["are you there?", "never mind"]) {
      await box.fill(text)
      await box.press("Enter")
      await message(text).getByRole("alert").getByText("Not sent.").waitFor()
    }
    await expectAccessible(page)

    await bob.delete(`/users/${ann.id}/block`)
    await message("never mind").getByRole("button", { name: "Discard" }).click()
    await message("are you there?").getByRole("button", { name: "Send again" }).click()

    await button("Send again").waitFor({ state: "detached" })
    await message("are you there?").getByRole("time").last().waitFor()
    const { body: told } = await bob.get(`/rooms/${talk.id}/messages`)
    expect(told.map(({ content }: { content: string }) => content)).toEqual(["are you there?"])
    expect(await message("never mind").count()).toBe(0)
  }, 30_000)

  test("pictures open large, one after the other, also those of a single pixel", async () => {
    const files = [
      { name: "wide.png", content: png(600, 40) },
      { name: "dot.png", content: png(1, 1) },
      { name: "notes.txt", content: "to be read" },
    ]
    const kept = await Promise.all(files.map((file) => upload(server.url, bob, file)))
    await said(bob, "see", { attachment_ids: kept.map(({ body }) => body.id) })
    const page = await browser.signedIn(server, ann)
    const { message } = messagesOf(page)
    await openRoom(page, roomId)
    const dot = message("see").getByRole("button", { name: /dot\.png/ })
    await dot.waitFor()
    await expectAccessible(page)

    await dot.click()
    await page.getByRole("dialog", { name: /dot\.png/ }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press("ArrowRight")
    await page.getByRole("dialog", { name: /wide\.png/ }).waitFor()
    await page.keyboard.press("Escape")

    await page.getByRole("dialog").waitFor({ state: "detached" })
    expect(await dot.evaluate((it) => it === document.activeElement)).toBe(true)
  }, 30_000)

  test("a finger that rests on a message opens its menu, one that scrolls does not", async () => {
    await said(bob, "press me")
    await said(bob, "scroll me")
    const page = await browser.signedIn(server, ann, { viewport: PHONE })
    const { message } = messagesOf(page)
    await openRoom(page, roomId)
    const finger = { pointerType: "touch", bubbles: true, clientX: 100, clientY: 500 }
    await message("scroll me").waitFor()
    await page.clock.install()

    await message("scroll me").dispatchEvent("pointerdown", finger)
    await message("scroll me").dispatchEvent("pointermove", { ...finger, clientY: 460 })
    await page.clock.runFor(1_000)
    expect(await page.getByRole("menu").count()).toBe(0)
    await message("press me").dispatchEvent("pointerdown", finger)
    await page.clock.runFor(1_000)
    await page.getByRole("menu").waitFor()
    await message("press me").dispatchEvent("pointerup", finger)
    await page.getByRole("menuitem", { name: "Reply", exact: true }).click()
    await page.getByText("Answer to bob").waitFor()
    expect(await page.getByRole("main").getByText("press me").count()).toBe(2)
  }, 30_000)

  test("what came while one was away stands below a line, and is read once it was seen", async () => {
    await said(ann, "before")
    const { body: marks } = await ann.get(`/rooms/${roomId}/messages?limit=1`)
    await ann.put(`/rooms/${roomId}/read`, { seq: marks[0].seq })
    const last = await said(bob, "while you were away")
    const page = await browser.signedIn(server, ann)
    const { message } = messagesOf(page)

    await openRoom(page, roomId)

    await message("while you were away").getByText("New", { exact: true }).waitFor()
    const { seq } = await read(last)
    await waitUntil("it is told that she has seen it", async () => {
      const { body } = await ann.get("/unread")
      return body.find((it: { room_id: string }) => it.room_id === roomId)?.last_read_seq >= seq
    })
    expect(await message("while you were away").getByText("New", { exact: true }).count()).toBe(1)
  }, 30_000)
})
