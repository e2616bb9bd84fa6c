import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { createScratch, type Scratch } from "./support/scratch"

const ROOT = join(import.meta.dir, "..")

/** A small house in which every rule is broken once, and one import each that is right. */
const FILES: Readonly<Record<string, string>> = {
  "src/protocol/ids.ts": "export const id = 1\nexport type Id = number",
  "src/store/index.ts":
    'import { id } from "../protocol/ids"\nexport const store = id\nexport type Store = number',
  "src/core/rooms.ts":
    'import type { Store } from "../store"\nexport const rooms = (store: Store) => store\nexport type Rooms = number',
  "src/http/rooms.ts": 'import { rooms } from "../core/rooms"\nexport const route = rooms',
  "src/pages/build.ts": "export const build = 1\nexport type Page = number",
  "src/http/pages.ts": 'import type { Page } from "../pages/build"\nexport type Shown = Page',
  "src/dialects/dialect.ts": "export type Dialect = number",
  "src/dialects/second/index.ts": "export const second = 2",
  "src/sockets/routes.ts": "export const sockets = 1",
  "src/server.ts":
    'export * from "./http/rooms"\nexport * from "./sockets/routes"\nexport * from "./broken"',

  "src/protocol/up.ts": 'import type { Rooms } from "../core/rooms"\nexport type Up = Rooms',
  "src/store/up.ts": 'import type { Rooms } from "../core/rooms"\nexport type Up = Rooms',
  "src/core/up.ts": 'import type { route } from "../http/rooms"\nexport type Up = typeof route',
  "src/core/resource.ts": 'import { store } from "../store"\nexport const resource = store',
  "src/core/framework.ts":
    'import { Database } from "bun:sqlite"\nexport const Framework = Database',
  "src/auth/up.ts": 'import type { Rooms } from "../core/rooms"\nexport type Up = Rooms',
  "src/http/deep.ts": 'import type { Store } from "../store"\nexport type Deep = Store',
  "src/http/eager.ts": 'import { build } from "../pages/build"\nexport const eager = build',
  "src/pages/up.ts": 'import type { Rooms } from "../core/rooms"\nexport type Up = Rooms',
  "src/sockets/deep.ts": 'import type { Store } from "../store"\nexport type Deep = Store',
  "src/dialects/first/index.ts": 'import { second } from "../second"\nexport const first = second',
  "src/dialects/first/clock.ts": 'import { now } from "node:process"\nexport const clock = now',
  "src/web/clock.ts": 'import { now } from "node:process"\nexport const clock = now',
  "src/client/schema.ts": 'import { id } from "../protocol/ids"\nexport const schema = id',
  "src/client/typed.ts": 'import type { Id } from "../protocol/ids"\nexport type Typed = Id',
  "src/client/packed.ts": 'import { z } from "zod"\nexport const packed = z',
  "src/circle-a.ts": 'import { b } from "./circle-b"\nexport const a = () => b',
  "src/circle-b.ts": 'import { a } from "./circle-a"\nexport const b = () => a',
  "src/orphan.ts": "export const orphan = 1",
}

const BROKEN: readonly (readonly [rule: string, from: string])[] = [
  ["protocol-imports-down", "src/protocol/up.ts"],
  ["store-imports-down", "src/store/up.ts"],
  ["core-imports-down", "src/core/up.ts"],
  ["core-gets-resources-as-parameters", "src/core/resource.ts"],
  ["core-knows-no-framework", "src/core/framework.ts"],
  ["auth-imports-down", "src/auth/up.ts"],
  ["http-imports-down", "src/http/deep.ts"],
  ["pages-imports-down", "src/pages/up.ts"],
  ["pages-are-loaded-when-asked-for", "src/http/eager.ts"],
  ["sockets-imports-down", "src/sockets/deep.ts"],
  ["one-dialect-never-imports-another", "src/dialects/first/index.ts"],
  ["protocols-are-pure", "src/dialects/first/clock.ts"],
  ["browsers-have-neither-bun-nor-node", "src/web/clock.ts"],
  ["the-sdk-holds-no-schemas", "src/client/schema.ts"],
  ["the-sdk-depends-on-nothing", "src/client/packed.ts"],
  ["no-cycles", "src/circle-a.ts"],
  ["no-orphans", "src/orphan.ts"],
]

describe("the rules of the layers", () => {
  let scratch: Scratch
  let found: readonly string[]

  beforeAll(async () => {
    scratch = createScratch()
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(scratch.path(path)), { recursive: true })
      writeFileSync(scratch.path(path), text)
    }
    const imports = Object.keys(FILES)
      .filter((path) => !path.includes("orphan") && path !== "src/server.ts")
      .map((path) => `import "./${path.slice(4, -3)}"`)
    writeFileSync(scratch.path("src/broken.ts"), imports.join("\n"))
    for (const name of [".dependency-cruiser.cjs", "tsconfig.json"]) {
      cpSync(join(ROOT, name), scratch.path(name))
    }
    found = await cruise(scratch.folder)
  })
  afterAll(() => scratch.remove())

  test.each([...BROKEN])("%s finds %s", (rule, from) => {
    expect(found).toContain(`${rule} ${from}`)
  })

  test("find nothing in what is right, and so tell a type-only import from another", () => {
    const right = [
      "src/store/index.ts",
      "src/core/rooms.ts",
      "src/http/rooms.ts",
      "src/http/pages.ts",
      "src/server.ts",
      "src/client/typed.ts",
    ]
    expect(found.filter((it) => right.some((path) => it.endsWith(` ${path}`)))).toEqual([])
  })

  test("hold in the house itself", async () => {
    expect(await cruise(ROOT)).toEqual([])
  }, 20_000)
})

/** Every rule that is broken, and by which file. */
async function cruise(folder: string): Promise<readonly string[]> {
  const child = Bun.spawn(
    [
      ...[
        process.execPath,
        join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs"),
      ],
      ...["--config", ".dependency-cruiser.cjs", "--output-type", "json", "src"],
    ],
    { cwd: folder, stdout: "pipe", stderr: "inherit", stdin: "ignore" },
  )
  const { summary } = JSON.parse(await new Response(child.stdout).text())
  await child.exited
  return summary.violations.map(
    (it: { rule: { name: string }; from: string }) => `${it.rule.name} ${it.from}`,
  )
}
