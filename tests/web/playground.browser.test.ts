import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Locator, Page } from "playwright-core"
import type { ProtocolId } from "../../src/web/playground/protocols"
import { expectAccessible, openBrowser } from "../support/browser"
import { PASSWORD, type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"

const browser = openBrowser("the playground, in a browser")

describe.skipIf(!browser.isThere)("the playground", () => {
  let server: TestServer
  let ann: Person
  let bob: Person
  let roomId: string

  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    roomId = (await roomOf(ann, [bob])).id
  })
  afterAll(() => server.stop())

  const paneOf = (page: Page, number: number) =>
    page.getByRole("region", { name: `Connection ${number}`, exact: true })

  async function signIn(pane: Locator, { name }: Person): Promise<void> {
    await pane.getByLabel("User name", { exact: true }).fill(name)
    await pane.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await pane.getByRole("button", { name: "Sign in" }).click()
    await pane.getByText(`Signed in as ${name}`).waitFor()
  }

  async function pasteToken(pane: Locator, { name, token }: Person): Promise<void> {
    await pane.getByRole("tab", { name: "Token" }).click()
    await pane.getByLabel("Access token").fill(token)
    await pane.getByRole("button", { name: "Use this token" }).click()
    await pane.getByText(`Signed in as ${name}`).waitFor()
  }

  async function choose(pane: Locator, protocol: ProtocolId): Promise<void> {
    const disconnect = pane.getByRole("button", { name: "Disconnect" })
    if (await disconnect.isVisible()) await disconnect.click()
    await pane.getByLabel("Protocol").selectOption(protocol)
  }

  async function connect(pane: Locator, protocol: ProtocolId): Promise<void> {
    await choose(pane, protocol)
    await pane.getByRole("button", { name: "Connect", exact: true }).click()
    await pane.getByText("Connected", { exact: true }).waitFor()
  }

  async function send(pane: Locator, command: string, field?: readonly [string, string]) {
    await pane.getByLabel("Command").selectOption(command)
    if (field !== undefined) await pane.getByLabel(field[0], { exact: true }).fill(field[1])
    await pane.getByRole("button", { name: "Send", exact: true }).click()
  }

  const frame = (pane: Locator, name: string, text: string) =>
    pane.getByRole("listitem").filter({ hasText: name }).filter({ hasText: text })

  test("what is said by each of the six protocols arrives in the other connection", async () => {
    const page = await browser.open(server, "/playground")
    await page.getByRole("button", { name: "Add a second connection" }).click()
    const [here, there] = [paneOf(page, 1), paneOf(page, 2)]
    await signIn(here, ann)
    await pasteToken(there, bob)
    await connect(there, "native")
    await frame(there, "hello", "connection_id").waitFor()
    await send(there, "subscribe (all)")
    await frame(there, "ok", "recovered").waitFor()

    await here.getByLabel("Room", { exact: true }).fill(roomId)
    const ways: readonly [ProtocolId, join: string | null, say: readonly [string, string]][] = [
      ["room-commands", "join_room", ["send_message", "content"]],
      ["room-path", null, ["text", "content"]],
      ["gateway-events", "chat.join", ["chat.message", "message"]],
      ["socketio-rooms", "joinRoom", ["sendMessage", "content"]],
    ]
    for (const [protocol, join, [say, field]] of ways) {
      await connect(here, protocol)
      if (join !== null) await send(here, join)
      await send(here, say, [field, `by ${protocol}`])
      await frame(there, "message.created", `by ${protocol}`).waitFor()
    }

    await choose(here, "socketio-conversations")
    await here.getByLabel("User name of the other").fill("bob")
    await here.getByRole("button", { name: "Begin" }).click()
    await connect(here, "socketio-conversations")
    await send(here, "join-conversation")
    await frame(here, "ack join-conversation", '"success":true').waitFor()
    await send(here, "send-message", ["content", "by socketio-conversations"])
    await frame(there, "message.created", "by socketio-conversations").waitFor()
    await here.getByRole("button", { name: "Engine.IO packets" }).click()
    await frame(here, "message", "42/chat,").first().waitFor()

    await connect(there, "socketio-rooms")
    await send(there, "joinRoom", ["roomId", roomId])
    await frame(there, "joinedRoom", roomId).first().waitFor()
    await connect(here, "native")
    await send(here, "message.send", ["content", "by native"])
    await frame(there, "receiveMessage", "by native").waitFor()

    await expectAccessible(page)
    const shown = (await page.content()) + page.url()
    expect(shown).toContain("by native")
    expect(shown).not.toContain(bob.token)
    // Ann's is another than that of her registration: any token begins so.
    expect(shown).not.toMatch(/eyJ[\w-]{10}/)
    expect(
      await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"),
    ).not.toContain("eyJ")
  }, 90_000)

  test("ready-made: two people talk, one of them as who is signed in here anyway", async () => {
    const page = await browser.open(server, "/playground")
    await page.context().addCookies([{ name: "access_token", value: ann.token, url: server.url }])
    await page.reload()
    const [here, there] = [paneOf(page, 1), paneOf(page, 2)]
    await here.getByRole("button", { name: "Go on as ann" }).click()
    await page.getByRole("button", { name: "Add a second connection" }).click()
    const run = page.getByRole("button", { name: "Run" })
    expect(await run.isDisabled()).toBe(true)
    await pasteToken(there, bob)

    await run.click()

    await frame(here, "message.created", "Hello by gateway-events").waitFor()
    await frame(there, "chat.message", "Hello by native").waitFor()
    // Bob is bob, though the browser sends ann's cookie with every socket.
    await frame(here, "message.created", '"username":"bob"').waitFor()
  }, 60_000)

  test("who is refused is told why, and a close code is said in words", async () => {
    const page = await browser.open(server, "/playground")
    const pane = paneOf(page, 1)
    await pasteToken(pane, bob)

    await choose(pane, "room-path")
    await pane.getByLabel("Room", { exact: true }).fill("nowhere")
    await pane.getByRole("button", { name: "Connect", exact: true }).click()
    await pane.getByText("There is no such room, or it is hidden from you.").waitFor()

    await pane.getByLabel("Room", { exact: true }).fill(roomId)
    await connect(pane, "room-path")
    await frame(pane, "history", "messages").waitFor()
    await ann.put(`/rooms/${roomId}/bans/${bob.id}`, {})
    await pane.getByText("Closed with 4403. You were removed from the room.").waitFor()

    await connect(pane, "native")
    await send(pane, "read", ["seq", "three"])
    await pane.getByText("This is not a number.").waitFor()
    await pane.getByRole("tab", { name: "Raw" }).click()
    await pane.getByLabel("Frame, as it goes over the wire").fill("no JSON")
    await pane.getByRole("button", { name: "Send as it is" }).click()
    await frame(pane, "error", "invalid_request").waitFor()
    await frame(pane, "error", "invalid_request").click()
    await pane.getByText("The server could not make sense of this.").waitFor()
    expect(await frame(pane, "error", "invalid_request").count()).toBe(1)
  }, 60_000)
})
