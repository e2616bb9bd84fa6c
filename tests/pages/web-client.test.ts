import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { pathToFileURL } from "node:url"
import { buildWeb } from "../../src/pages/build"
import { embedWeb } from "../../src/pages/embed"
import { createWebClient } from "../../src/pages/web-client"
import type { WebFile } from "../../src/pages/web-file"
import { createScratch, type Scratch } from "../support/scratch"

const BUILD = require.resolve("../../src/pages/build")

let scratch: Scratch
beforeEach(() => {
  scratch = createScratch()
  mkdirSync(scratch.path("playground"))
  write("early.ts", "document.title = `early`")
  write("both.ts", `import "./both.css"\nexport const both = () => "what both pages share"`)
  write("both.css", ".both { color: red }")
  write("later.ts", `import "./later.css"\nexport const later = "what comes later"`)
  write("later.css", ".later { color: blue }")
  write(
    "main.tsx",
    `import { both } from "./both"
     document.title = both()
     addEventListener("click", async () => console.log((await import("./later")).later))`,
  )
  write(
    "playground/main.tsx",
    `import { both } from "../both"\nconsole.log("the playground", both())`,
  )
})
afterEach(() => scratch.remove())

const write = (name: string, text: string) => writeFileSync(scratch.path(name), text)
const open = (isProduction: boolean) => createWebClient({ isProduction, folder: scratch.folder })
const text = ({ bytes }: WebFile) => bytes.text()
const namesIn = (html: string, ext: string) =>
  [...html.matchAll(/"\/assets\/([^"]+)"/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name.endsWith(ext))

describe("the web client from source", () => {
  test("is made of its sources: early first, then what is shared, then the page's own", async () => {
    const client = open(true)
    const html = await text(await client.page("home"))

    const scripts = await Promise.all(
      namesIn(html, ".js").map(async (name) => {
        const file = await client.asset(name)
        return file === null ? null : text(file)
      }),
    )
    expect(html.indexOf("/assets/early-")).toBeLessThan(html.indexOf("/assets/main-"))
    expect(scripts.join()).toContain("early")
    expect(scripts.join()).toContain("what both pages share")
    expect(scripts.join()).not.toContain("what comes later")
    expect(scripts.join()).not.toContain("the playground")
  })

  test("brings the styles of everything that comes later in the page's one file", async () => {
    const client = open(true)
    const [name = "", ...others] = namesIn(await text(await client.page("home")), ".css")
    const styles = await client.asset(name)

    expect(others).toEqual([])
    expect(styles === null ? "" : await text(styles)).toMatch(/\.both.*\.later/s)
  })

  test("is not made again in production, whatever becomes of its sources", async () => {
    const client = open(true)
    const before = await client.page("home")
    touch("both.ts", "export const both = () => 'another'")

    expect(await client.page("home")).toBe(before)
  })

  test("follows its sources in development, under other names", async () => {
    const client = open(false)
    const before = await client.page("home")
    const same = await client.page("home")
    touch("both.ts", "export const both = () => 'another'")
    const after = await client.page("home")

    expect(same).toBe(before)
    expect(after.hash).not.toBe(before.hash)
    const scripts = namesIn(await text(after), ".js")
    expect(scripts.filter((name) => !name.startsWith("early"))).not.toEqual(
      namesIn(await text(before), ".js").filter((name) => !name.startsWith("early")),
    )
  })

  test("has its sources beside it in development only", async () => {
    const maps = async (isProduction: boolean) => {
      const client = open(isProduction)
      const [name = ""] = namesIn(await text(await client.page("home")), ".js")
      return client.asset(`${name}.map`)
    }

    expect(await maps(true)).toBeNull()
    expect((await maps(false))?.type).toStartWith("application/json")
  })

  test("has the same names wherever it is made, or one node could not send another's", async () => {
    mkdirSync(scratch.path("elsewhere"))
    const namesFrom = (cwd: string) => {
      const program = `import { buildWeb } from ${JSON.stringify(BUILD)}
        const { assets } = await buildWeb(${JSON.stringify({ folder: scratch.folder, effort: "fast", isReadable: false })})
        console.log(Object.keys(assets).sort().join("\\n"))`
      const { stdout } = Bun.spawnSync([process.execPath, "-e", program], { cwd })
      return String(stdout).trim().split("\n")
    }

    const names = namesFrom(scratch.path("elsewhere"))

    expect(names).toHaveLength(7)
    expect(namesFrom("/")).toEqual(names)
    expect(namesFrom(scratch.folder)).toEqual(names)
  })

  test("has another name for what loads another content, and the old one for all else", async () => {
    const names = async () => {
      const { assets } = await buildWeb({
        folder: scratch.folder,
        effort: "fast",
        isReadable: false,
      })
      return Object.keys(assets)
    }
    const before = await names()
    write("later.ts", `import "./later.css"\nexport const later = "what comes much later"`)
    const after = await names()

    const kept = before.filter((name) => after.includes(name))
    expect(after).toHaveLength(before.length)
    expect(kept.map((name) => name.replace(/-.*\./, "."))).toContain("early.js")
    expect(kept).toHaveLength(before.length - 2)
  })

  test("says where what is wrong with its sources, and is made once they are right", async () => {
    write("both.ts", "export const both = (")
    const client = open(true)
    const error = await client.page("home").catch((it: unknown) => it)

    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toMatch(/cannot be made of its sources\n.*both\.ts:1:\d+: Unexpected/)
    write("both.ts", "export const both = () => 'mended'")

    expect(await text(await client.page("home"))).toContain("<script")
  })

  test("is made once for many who ask at once", async () => {
    const client = open(true)
    const [first, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => client.page("playground")),
    )

    for (const other of others) expect<unknown>(other).toBe(first)
  })

  /** Changed a minute from now: clocks of files are coarse. */
  function touch(name: string, content: string): void {
    write(name, content)
    const soon = new Date(Date.now() + 60_000)
    utimesSync(scratch.path(name), soon, soon)
  }
})

test("a program that was built has the web client in it, and needs no sources", async () => {
  const made = createScratch()
  writeFileSync(
    made.path("program.ts"),
    `import { createWebClient } from ${JSON.stringify(require.resolve("../../src/pages/web-client"))}
     export const client = createWebClient({ isProduction: false })`,
  )
  const plugin = await embedWeb({ folder: scratch.folder, scratch: made.folder })
  const built = await Bun.build({
    entrypoints: [made.path("program.ts")],
    target: "bun",
    outdir: made.path("out"),
    publicPath: made.path("out/"),
    plugins: [plugin],
  })
  rmSync(scratch.folder, { recursive: true })

  const { client } = await import(pathToFileURL(made.path("out/program.js")).href)
  const page: WebFile = await client.page("home")
  const [name = ""] = namesIn(await text(page), ".css")
  const styles: WebFile | null = await client.asset(name)

  expect(built.success).toBe(true)
  expect(page.type).toBe("text/html;charset=utf-8")
  expect(styles === null ? "" : await text(styles)).toContain(".later")
  expect(page.brotli?.size).toBeLessThan(page.bytes.size)
  expect(await text(await client.icon())).toStartWith("<svg")
  expect(await client.asset("nothing.js")).toBeNull()
  made.remove()
})
