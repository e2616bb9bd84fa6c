import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Client } from "../../../src/client/client"
import { createClient } from "../../../src/client/create-client"
import {
  COMMAND_NAMES,
  type CommandContext,
  type CommandError,
  matchCommands,
  readCommand,
  runCommand,
  withoutEscape,
} from "../../../src/web/composer/commands"
import { PASSWORD, type Person, person, roomOf } from "../../support/people"
import { startServer, type TestServer } from "../../support/server"
import { anyMember, anyView } from "./any-view"

describe("a text that begins with a slash", () => {
  test.each([
    ["/topic", { name: "topic", argument: "" }],
    ["/TOPIC  a  b ", { name: "topic", argument: "a  b" }],
    ["/me waves\nand smiles", { name: "me", argument: "waves\nand smiles" }],
    ["/xyzzy", { name: "xyzzy", argument: "" }],
  ])("%j is a command", (text, command) => {
    expect(readCommand(text)).toEqual(command)
  })

  test.each(["hello", "//topic", "/etc/passwd", "/ a", " /topic", "/1", "/"])(
    "%j is none",
    (text) => {
      expect(readCommand(text)).toBeNull()
    },
  )

  test("of two slashes one is shown", () => {
    expect(withoutEscape("//topic")).toBe("/topic")
    expect(withoutEscape("/etc")).toBe("/etc")
  })
})

describe("commands at a server", () => {
  let server: TestServer
  let client: Client
  let ann: Person
  let bob: Person
  let context: CommandContext

  beforeAll(async () => {
    server = await startServer()
    ann = await person(server.url, "ann")
    bob = await person(server.url, "bob")
    client = createClient({ url: server.url })
    await client.login({ username: "ann", password: PASSWORD })
    const room = await roomOf(ann)
    const view = anyView({ membership: anyMember({ role: "owner" }) })
    context = { client, roomId: room.id, view, people: [] }
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  const run = (text: string) => {
    const command = readCommand(text)
    if (command === null) throw new Error(`${text} is no command`)
    return runCommand(context, command)
  }
  const room = async () => (await ann.get(`/rooms/${context.roomId}`)).body
  const problemOf = (text: string) =>
    run(text).then(
      () => "none",
      ({ problem }: CommandError) => problem,
    )

  test("/me and /shrug are said", async () => {
    expect(await run("/me waves")).toEqual({ type: "say", content: "*ann waves*" })
    expect(await run("/shrug so what")).toEqual({
      type: "say",
      content: "so what ¯\\\\\\_(ツ)\\_/¯",
    })
  })

  test("/topic changes what the room is about, or takes it away", async () => {
    await run("/topic lunch, and more")
    expect((await room()).topic).toBe("lunch, and more")

    await run("/topic")

    expect((await room()).topic).toBeNull()
  })

  test("/invite, /mute, /unmute, /kick, /ban and /unban, by name", async () => {
    await run("/invite @Bob")
    expect((await room()).member_count).toBe(2)

    await run("/mute bob 10m too loud")
    const say = () => bob.post(`/rooms/${context.roomId}/messages`, { content: "hi" })
    expect((await say()).body).toMatchObject({ code: "muted" })
    expect((await say()).body.detail).toContain("too loud")
    await run("/unmute bob")
    expect((await say()).status).toBe(200)

    await run("/kick bob")
    expect((await room()).member_count).toBe(1)
    await run("/ban bob")
    expect((await bob.post(`/rooms/${context.roomId}/join`)).body).toMatchObject({ code: "banned" })
    await run("/unban bob")
    expect((await bob.post(`/rooms/${context.roomId}/join`)).status).toBe(200)
  })

  test("/nick changes the name that others see", async () => {
    await run("/nick Ann Lee")

    expect((await bob.get(`/users/${ann.id}`)).body.display_name).toBe("Ann Lee")
    expect(client.me.value?.display_name).toBe("Ann Lee")
  })

  test("/dm opens a conversation, /leave leads out of the room", async () => {
    const talk = await run("/dm @bob")
    expect(talk).toMatchObject({ type: "open", roomId: expect.any(String) })

    expect(await run("/leave")).toEqual({ type: "open", roomId: null })
    const { items } = await client.api.rooms.list({ mine: true })
    expect(items.map(({ id }) => id)).not.toContain(context.roomId)
  })

  test("what can't be read is not tried, and says why", async () => {
    expect(await problemOf("/xyzzy")).toEqual({ type: "unknown", name: "xyzzy" })
    expect(await problemOf("/invite")).toEqual({ type: "argument", name: "invite" })
    expect(await problemOf("/me")).toEqual({ type: "argument", name: "me" })
    expect(await problemOf("/kick nobody")).toEqual({ type: "nobody", name: "nobody" })
  })

  test("offered are those that one may use", () => {
    const offered = (query: string, view: CommandContext["view"]) =>
      matchCommands({ client, view }, query)
    const open = anyView({ room: { ...anyView().room, members_can_invite: true } })
    const talk = anyView({ room: { ...anyView().room, type: "direct" } })

    expect(offered("", context.view)).toEqual(COMMAND_NAMES)
    expect(offered("UN", context.view)).toEqual(["unmute", "unban"])
    expect(offered("", anyView())).toEqual(["me", "shrug", "nick", "dm", "leave"])
    expect(offered("", open)).toEqual(["me", "shrug", "invite", "nick", "dm", "leave"])
    expect(offered("", talk)).toEqual(["me", "shrug", "nick", "dm"])
    expect(offered("", anyView({ membership: null }))).not.toContain("kick")
  })
})
