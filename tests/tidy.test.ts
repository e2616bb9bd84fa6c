import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { basename } from "node:path"

const FORBIDDEN_NAMES = ["utils", "helpers", "manager", "service", "services", "common", "types"]
const LINES_MAX = 350

const list = (pattern: string) => [...new Bun.Glob(pattern).scanSync(".")].sort()
const sources = list("src/**/*.{ts,tsx}").filter((path) => !path.endsWith(".generated.ts"))
const tests = list("tests/**/*.{ts,tsx}")

interface Rule {
  readonly name: string
  readonly files: readonly string[]
  readonly isBroken: (path: string, text: string) => boolean
  /** What the rule must find: without it, a rule that finds nothing would pass as well. */
  readonly example: readonly [path: string, text: string]
}

const stem = (path: string) => basename(path).replace(/\.tsx?$/, "")
/** Said in two parts here, or this file would break its own rules. */
const word = (...parts: readonly string[]) => parts.join("")

const rules: readonly Rule[] = [
  {
    name: `no ${word("FIX", "ME")} on main`,
    files: [...sources, ...tests],
    isBroken: (_path, text) => text.includes(word("FIX", "ME")),
    example: ["src/a.ts", `// ${word("FIX", "ME")}: later`],
  },
  {
    name: "no any",
    files: sources,
    isBroken: (_path, text) => /(:|<|\bas|,|\||&) *any\b(?! [a-z])/.test(withoutComments(text)),
    example: ["src/a.ts", "const a = b as any"],
  },
  {
    name: "nothing that silences the compiler or the linter",
    files: sources,
    isBroken: (_path, text) => /@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(text),
    example: ["src/a.ts", `// ${word("@ts-", "ignore")}`],
  },
  {
    name: "no assertion that something is not null",
    files: sources,
    isBroken: (_path, text) => /[\w)\]]!(\.|\[|\(|;|,|\)|$)/m.test(withoutComments(text)),
    example: ["src/a.ts", "const a = b!.c"],
  },
  {
    name: "named exports only",
    files: [...sources, ...tests],
    isBroken: (_path, text) => /^export default\b/m.test(text),
    example: ["src/a.ts", `${word("export ", "default")} 7`],
  },
  {
    name: "file names in kebab-case",
    files: [...sources, ...tests],
    isBroken: (path) =>
      !path.split("/").every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(part)),
    example: ["src/writeQueue.ts", ""],
  },
  {
    name: `no file of src over ${LINES_MAX} lines, but for golden frames`,
    files: sources.filter((path) => !path.endsWith("/examples.ts")),
    isBroken: (_path, text) => text.split("\n").length - 1 > LINES_MAX,
    example: ["src/a.ts", "\n".repeat(LINES_MAX + 1)],
  },
  {
    name: "names that say what is inside",
    files: [...sources, ...tests],
    isBroken: (path) => path.split("/").some((part) => FORBIDDEN_NAMES.includes(stem(part))),
    example: ["src/core/utils.ts", ""],
  },
  {
    name: "casts to unknown first stand beside a comment that says why",
    files: sources,
    isBroken: (_path, text) =>
      text.split("\n").some((line, index, lines) => {
        if (!line.includes("as unknown as")) return false
        return !lines
          .slice(Math.max(0, index - 4), index)
          .some((it) => /^\s*(\/\/|\*|\/\*)/.test(it))
      }),
    example: ["src/a.ts", "const a = b as unknown as C"],
  },
]

describe("the code is tidy", () => {
  test("there is code to look at", () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(tests.length).toBeGreaterThan(10)
  })

  test.each([...rules])("$name", ({ files, isBroken, example }) => {
    expect(isBroken(...example)).toBe(true)

    expect(files.filter((path) => isBroken(path, readFileSync(path, "utf8")))).toEqual([])
  })
})

const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1")
