import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { WebSocket } from "ws"
import { startServer, type TestServer } from "./support/server"
import { createTerminal, type Terminal } from "./support/terminal"
import { waitUntil } from "./support/wait"

const README = readFileSync(join(import.meta.dir, "../README.md"), "utf8")
const SESSION = /^## Two people talk\n([\s\S]*?)^## /m.exec(README)?.[1] ?? ""
const BLOCKS = [...SESSION.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = "", text = ""]) => ({ kind, text }),
)

/** The last frame comes 2 s after bob has gone, and later on a machine with much else to do. */
const FRAME_MS = 15_000

// By its file: Bun puts a WebSocket of its own in place of the package's name.
const PACKAGE = "../node_modules/ws/wrapper.mjs"

describe("the README's session", () => {
  let server: TestServer
  const terminals = new Map<string, Terminal>()
  const sockets: WebSocket[] = []

  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(async () => {
    for (const ws of sockets) ws.terminate()
    for (const terminal of terminals.values()) terminal.close()
    await server.stop()
  })

  test("works as printed, line by line", async () => {
    const same = createComparison()
    /** What the last command has said and goes on saying, and what is still to be compared. */
    let said: string[] = []
    /** The socket that somebody types into, and what it has said. */
    let typed: { readonly ws: WebSocket; readonly said: string[] } | undefined

    for (const { kind, text } of BLOCKS) {
      if (kind === "sh") {
        expect(said, "what was said and not printed").toEqual([])
        const { output, wscat } = await terminalOf(text).run(onThisServer(text))
        said = output.split("\n").filter((line) => line !== "")
        if (wscat === null) continue
        const frames: string[] = []
        const ws = await open(wscat, frames)
        if (wscat.frames.length === 0) typed = { ws, said: frames }
        else said = frames
        for (const frame of wscat.frames) ws.send(frame)
        continue
      }
      for (const line of text.split("\n")) {
        if (line === "" || line.startsWith("Connected")) continue
        if (line.startsWith("> ")) {
          typed?.ws.send(line.slice(2))
          continue
        }
        const isHeard = line.startsWith("< ")
        const source = isHeard ? (typed?.said ?? []) : said
        await waitUntil(`this came: ${line}`, () => source.length > 0, FRAME_MS)
        same(source.shift() ?? "", isHeard ? line.slice(2) : line)
      }
      // wscat -x hangs up two seconds after its frames; a test need not wait for it.
      for (const ws of sockets) if (ws !== typed?.ws) ws.close()
    }

    expect(said).toEqual([])
    expect(typed?.said).toEqual([])
    expect(BLOCKS.filter(({ kind }) => kind === "sh").length).toBeGreaterThan(3)
  }, 90_000)

  /** Each block says in its first line whose terminal it is for. */
  function terminalOf(block: string): Terminal {
    const [name = ""] = block.split("\n")
    expect(name).toMatch(/^# \w+'s terminal$/)
    const terminal = terminals.get(name) ?? createTerminal()
    terminals.set(name, terminal)
    return terminal
  }

  const onThisServer = (text: string) =>
    text
      .replaceAll("http://localhost:3000", server.url)
      .replaceAll("ws://localhost:3000", server.url.replace("http", "ws"))

  async function open(
    { url, headers }: { readonly url: string; readonly headers: Record<string, string> },
    frames: string[],
  ): Promise<WebSocket> {
    const { default: Client } = (await import(PACKAGE)) as { default: typeof WebSocket }
    const ws = new Client(url, { headers })
    sockets.push(ws)
    ws.on("message", (data) => {
      const frame = String(data)
      // "Now and then", says the README; the first may come at any time.
      if (!frame.startsWith('{"type":"heartbeat"')) frames.push(frame)
    })
    await new Promise((resolve, reject) => {
      ws.on("open", resolve)
      ws.on("error", reject)
    })
    return ws
  }
})

const CUT = " …"
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/
const CHANGING = new RegExp(
  `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|${TIME.source}|(?<="epoch":")[^"]+`,
  "g",
)

/**
 * Lines are the same but for ids, times and epochs, and an id that is printed twice is one that
 * came twice. A printed line may be cut.
 */
function createComparison() {
  const cameFor = new Map<string, string>()
  // An epoch is any letters, a Z at its end among them.
  const isTime = (text: string) => TIME.test(text)
  const masked = (line: string) => line.replace(CHANGING, (it) => (isTime(it) ? "<time>" : "<id>"))

  return (came: string, printed: string): void => {
    const isCut = printed.endsWith(CUT)
    const expected = masked(isCut ? printed.slice(0, -CUT.length) : printed)
    const actual = masked(came)
    expect(isCut ? actual.slice(0, expected.length) : actual).toBe(expected)
    const ids = came.match(CHANGING) ?? []
    for (const [index, id] of (printed.match(CHANGING) ?? []).entries()) {
      if (isTime(id)) continue
      const other = cameFor.get(id) ?? ids[index] ?? ""
      cameFor.set(id, other)
      expect(ids[index]).toBe(other)
    }
  }
}
