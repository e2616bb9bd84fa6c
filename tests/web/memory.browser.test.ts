import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { openBrowser } from "../support/browser"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"

const MESSAGES = 200

const browser = openBrowser("what the web client keeps of rows that are out of sight")

describe.skipIf(!browser.isThere)("a room in which much is said", () => {
  let server: TestServer
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    server = await startServer({
      env: { CHAT_MAX_MESSAGES_PER_MIN: "0", CHAT_HTTP_MAX_PER_MIN: "0" },
    })
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
  })
  afterAll(() => server.stop())

  test("keeps no row that is out of sight, and was not drawn with all others", async () => {
    const room = await roomOf(bob, [ann])
    const page = await browser.signedIn(server, ann)
    await page.evaluate(`location.hash = "#/rooms/${room.id}"`)
    await page.getByRole("textbox", { name: /^Message / }).waitFor()

    for (let sent = 1; sent <= MESSAGES; sent++) {
      await bob.post(`/rooms/${room.id}/messages`, { content: `message ${sent}` })
      // Rows that come together may leave together: each is to be drawn among the others.
      await page.evaluate("new Promise(requestAnimationFrame)")
    }
    await page
      .getByRole("article")
      .filter({ hasText: `message ${MESSAGES}` })
      .waitFor()

    const { kept, shown } = await nodesOf(page)
    expect(kept).toBeLessThan(2 * shown)
  })
})

/** Nodes that the page holds once it has let go of what it does not need, and those that it shows. */
async function nodesOf(page: Page): Promise<{ readonly kept: number; readonly shown: number }> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send("HeapProfiler.enable")
  await devtools.send("HeapProfiler.collectGarbage")
  const { nodes } = await devtools.send("Memory.getDOMCounters")
  const shown = await page.evaluate<number>(COUNT)
  return { kept: nodes, shown }
}

const COUNT = `(() => {
  const walk = document.createTreeWalker(document)
  let count = 1
  while (walk.nextNode()) count++
  return count
})()`
