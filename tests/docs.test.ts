import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { appendFileSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createScratch, type Scratch } from "./support/scratch"

const ROOT = join(import.meta.dir, "..")

function docs(...args: readonly string[]) {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "src/cli/docs.ts", ...args], {
    cwd: ROOT,
  })
  return { exitCode, stderr: stderr.toString() }
}

describe("generated documents", () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = createScratch()
  })
  afterEach(() => scratch.remove())

  test("docs/ holds what the schemas and tables say now; if not: bun run docs", () => {
    expect(docs("--check")).toEqual({ exitCode: 0, stderr: "" })
  })

  test("a check names each page that is stale or missing, ends with 1, and writes nothing", () => {
    expect(docs("--check", "--folder", scratch.folder)).toEqual({
      exitCode: 1,
      stderr: ["protocol.md", "rest.md", "configuration.md"]
        .map((page) => `${page} is stale: run bun run docs\n`)
        .join(""),
    })
    expect(readdirSync(scratch.folder)).toEqual([])

    expect(docs("--folder", scratch.folder).exitCode).toBe(0)
    appendFileSync(scratch.path("protocol.md"), "an edit")

    expect(docs("--check", "--folder", scratch.folder)).toEqual({
      exitCode: 1,
      stderr: "protocol.md is stale: run bun run docs\n",
    })
  }, 15_000)

  test("decisions are numbered without gaps or doubles, in their names and their titles", () => {
    const names = readdirSync(join(ROOT, "docs/decisions")).sort()
    const titles = names.map((name) => readFileSync(join(ROOT, "docs/decisions", name), "utf8"))
    const numbers = names.map((_, index) => String(index + 1).padStart(4, "0"))

    expect(names.map((name) => name.slice(0, 4))).toEqual(numbers)
    expect(titles.map((text) => text.slice(0, 7))).toEqual(numbers.map((it) => `# ${it} `))
  })

  test("links between documents lead to files", () => {
    const pages = ["README.md", "CHANGELOG.md", ...new Bun.Glob("docs/**/*.md").scanSync(ROOT)]
    const links = pages.flatMap((page) =>
      [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
        ([, target = ""]) => join(ROOT, page, "..", target),
      ),
    )

    expect(links.length).toBeGreaterThan(10)
    expect(links.filter((path) => !Bun.file(path).size && !isFolder(path))).toEqual([])
  })
})

function isFolder(path: string): boolean {
  try {
    return readdirSync(path).length > 0
  } catch {
    return false
  }
}
