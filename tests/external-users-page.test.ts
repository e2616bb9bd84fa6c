import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createScratch, type Scratch } from "./support/scratch"
import { startServer, type TestServer } from "./support/server"
import { createTerminal, type Terminal } from "./support/terminal"
import { waitUntil } from "./support/wait"

const ROOT = join(import.meta.dir, "..")
const PAGE = readFileSync(join(ROOT, "docs/external-users.md"), "utf8")

/** The blocks of code under a heading, by their language. */
function blocksUnder(heading: string) {
  const section = PAGE.split(/^## /m).find((it) => it.startsWith(heading)) ?? ""
  const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  const of = (language: string) =>
    blocks.filter(([, it]) => it === language).map(([, , text = ""]) => text)
  const [program = ""] = of("js")
  const [name = ""] = program.match(/(?<=^\/\/ )\S+/) ?? []
  const [start = "", check = ""] = of("sh")
  const settings = [...start.matchAll(/^(JWT_[A-Z_]+)=(\S+) \\$/gm)].map(
    ([, variable = "", value = ""]) => [variable, value] as const,
  )
  return { program, name, settings, check, printed: of("text")[0] ?? "" }
}

const withoutIds = (text: string) =>
  text.trim().replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, "…")

describe("the page about users of one's own app works as printed", () => {
  let scratch: Scratch
  let terminal: Terminal
  let server: TestServer | undefined

  beforeEach(() => {
    scratch = createScratch()
    symlinkSync(join(ROOT, "node_modules"), scratch.path("node_modules"))
    terminal = createTerminal()
  })
  afterEach(async () => {
    terminal.close()
    await server?.stop()
    scratch.remove()
  })

  async function check(
    { settings, check, printed }: ReturnType<typeof blocksUnder>,
    here: (text: string) => string,
  ): Promise<void> {
    expect(settings).toHaveLength(3)
    server = await startServer({
      env: Object.fromEntries(settings.map(([name, value]) => [name, here(value)])),
    })
    await terminal.run(`cd '${scratch.folder}'`)
    const commands = here(check).replaceAll("http://localhost:3000", server.url)
    const { output } = await terminal.run(commands)
    expect(withoutIds(output)).toBe(withoutIds(printed))
    expect(printed).toContain('"username":"dora"')
  }

  test("with a secret", async () => {
    const blocks = blocksUnder("Try it with a secret")
    writeFileSync(scratch.path(blocks.name), blocks.program)

    await check(blocks, (text) => text)
  }, 15_000)

  test("with a set of keys", async () => {
    const blocks = blocksUnder("In earnest, with a set of keys")
    const port = freePort()
    const here = (text: string) => text.replaceAll("4000", String(port))
    writeFileSync(scratch.path(blocks.name), here(blocks.program))
    const app = Bun.spawn(["node", blocks.name], { cwd: scratch.folder })

    try {
      await waitUntil("the app listens", () => isAnswered(`http://localhost:${port}/`), 10_000)
      await check(blocks, here)
    } finally {
      app.kill()
      await app.exited
    }
  }, 25_000)
})

function freePort(): number {
  const probe = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() })
  const { port = 0 } = probe
  probe.stop(true)
  return port
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    await fetch(url)
    return true
  } catch {
    return false
  }
}
