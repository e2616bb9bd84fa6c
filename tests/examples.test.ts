import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { pythonWith } from "./support/python"
import { createScratch } from "./support/scratch"
import { type ServerProcess, startServerProcess } from "./support/server-process"
import { openTerminalChat, type TerminalChat } from "./support/terminal-chat"

const README = readFileSync("docs/examples/README.md", "utf8")
const PRINTED_SERVER = "http://localhost:3000"
const PRINTED_ROOM = "01a1fd00-1852-72c4-b783-86315672464d"

/** What each prints when two people talk, and by what it tells who may come now. */
const SCRIPTS = [
  {
    name: "room-commands",
    ready: /^\* ann joined the room$/,
    room: /^made the room (.+)$/,
    bobIsIn: /^\* bob joined the room$/,
    bobHears: ["* bob joined the room", "bob: hi ann"],
    annHears: ["* bob joined the room", "bob: hi ann", "ann: hi bob", "* bob left the room"],
    refusal: /did not let us in .*401.*Is TOKEN right\?$/,
  },
  {
    name: "socketio-rooms",
    ready: /^joined general$/,
    bobIsIn: /^joined general$/,
    bobHears: ["* here: ann, bob", "bob: hi ann", "ann: hi bob"],
    annHears: ["* bob came", "* bob is typing", "bob: hi ann", "ann: hi bob", "* bob went"],
    refusal: /^not connected: Unauthorized. Is TOKEN right\?$/,
  },
  {
    name: "room-path",
    ready: /^\* 0 messages were there before$/,
    room: /^made the room (.+)$/,
    bobIsIn: /^\* 0 messages were there before$/,
    bobHears: ["bob: hi ann", "ann: hi bob"],
    annHears: [
      "* User bob joined the chat",
      "bob: hi ann",
      "ann: hi bob",
      "* User bob left the chat",
    ],
    refusal: /^the server makes no room \(401\)/,
  },
  {
    name: "socketio-conversations",
    ready: /^in conversation \d+$/,
    bobIsIn: /^in conversation \d+$/,
    bobHears: ["you: hi ann", /^\* message \d+ is stored$/, "ann: hi bob"],
    annHears: ["* bob is typing", "bob: hi ann", "you: hi bob", "* bob is offline"],
    refusal: /^\/api\/v1\/users\/me says 401: /,
  },
] as const

/** The shell commands that stand under a heading, by their first line, which says whose they are. */
function blocksUnder(heading: string): ReadonlyMap<string, string> {
  const section = README.split(/^## /m).find((it) => it.startsWith(`${heading}\n`)) ?? ""
  return new Map(
    [...section.matchAll(/^```sh\n(.*)\n([\s\S]*?)^```$/gm)].map(([, first = "", rest = ""]) => [
      first,
      first.startsWith("#") ? rest : `${first}\n${rest}`,
    ]),
  )
}

const PYTHON = pythonWith("websockets")

describe("the examples run as their page says", () => {
  const scratch = createScratch()
  const open: TerminalChat[] = []
  let server: ServerProcess
  let trusting: ServerProcess

  /** As printed, but for what is this machine's: the server, and what is called npx and python3. */
  function here(commands: string, runtime: "node" | "bun" = "node"): string {
    return commands
      .replaceAll("npx -y bun@1.4.5", `'${process.execPath}' --no-env-file`)
      .replaceAll(/\bnode (?=docs)/g, runtime === "bun" ? `'${process.execPath}' ` : "node ")
      .replaceAll("python3 ", `${PYTHON} `)
      .replaceAll(PRINTED_SERVER, server.url)
  }

  function start(commands: string, env: Readonly<Record<string, string>> = {}): TerminalChat {
    const started = openTerminalChat(commands, {
      DATA_DIR: scratch.folder,
      SERVER: server.url,
      ...env,
    })
    open.push(started)
    return started
  }

  beforeAll(async () => {
    server = await startServerProcess({ dataDir: scratch.folder })
    trusting = await startServerProcess({
      dataDir: scratch.path("trusting"),
      env: { CHAT_TRUST_CLIENT_IDS: "true" },
    })
    const blocks = [...blocksUnder("A server and two people").values()]
    expect(blocks[0]).toBe("npx -y bun@1.4.5 run start\n")
    for (const commands of blocks.slice(1)) expect(await start(here(commands)).end()).toBe(0)
    expect(open.flatMap(({ lines }) => lines)).toEqual([
      expect.stringMatching(/^Added user ann /),
      expect.stringMatching(/^Added user bob /),
      expect.stringMatching(/"access_token":"/),
    ])
  }, 60_000)
  afterEach(() => {
    for (const it of open) it.kill()
  })
  afterAll(async () => {
    await server.terminate()
    await trusting.terminate()
    scratch.remove()
  })

  const runs = SCRIPTS.flatMap((script) =>
    (script.name === "room-path" ? (["node"] as const) : (["node", "bun"] as const)).map(
      (runtime) => ({
        ...script,
        runtime,
        program: script.name === "room-path" ? "Python" : runtime,
      }),
    ),
  )

  describe.each(runs)("$name, with $program", (script) => {
    const { name, ready, bobIsIn, bobHears, annHears, refusal, runtime } = script
    const isSkipped = name === "room-path" && PYTHON === null

    test.skipIf(isSkipped)(
      "two people talk, and each sees what happens",
      async () => {
        const blocks = blocksUnder(name)
        const ann = start(here(blocks.get("# ann's terminal") ?? "", runtime))
        await ann.heard(ready)
        const room = "room" in script ? script.room.exec(await ann.heard(script.room))?.[1] : ""
        const bob = start(
          here(blocks.get("# bob's terminal") ?? "", runtime).replaceAll(PRINTED_ROOM, room ?? ""),
        )

        await bob.heard(bobIsIn)
        bob.type("hi ann")
        await ann.heard(/: hi ann$/)
        ann.type("hi bob")
        await bob.heard(/: hi bob$/)
        expect(await bob.end()).toBe(0)
        await ann.heard(annHears[annHears.length - 1] ?? "")

        for (const line of bobHears) await bob.heard(line)
        for (const line of annHears) await ann.heard(line)
        expect(await ann.end()).toBe(0)
        expect([...ann.lines, ...bob.lines].filter((line) => line.startsWith("!"))).toEqual([])
      },
      60_000,
    )

    test.skipIf(isSkipped)(
      "who is refused is told so, and it ends with 1",
      async () => {
        const commands = here(blocksUnder(name).get("# ann's terminal") ?? "", runtime)
        const ann = start(commands.replace(/\$\(.*?\)/, "nonsense"))

        await ann.heard(refusal)
        expect(await ann.ended).toBe(1)
      },
      30_000,
    )
  })

  test.skipIf(PYTHON === null)(
    "room-path: where client ids are trusted, a name is enough",
    async () => {
      const commands = here(blocksUnder("room-path").get("# dora's terminal") ?? "")
      const dora = start(commands, { SERVER: trusting.url })
      await dora.heard("* 0 messages were there before")
      const ede = start(commands.replace("dora", "ede"), { SERVER: trusting.url })
      await dora.heard("* User ede joined the chat")

      dora.type("hi ede")
      await ede.heard("dora: hi ede")

      expect([await dora.end(), await ede.end()]).toEqual([0, 0])
    },
    30_000,
  )
})
