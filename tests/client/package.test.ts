import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { createScratch, type Scratch } from "../support/scratch"
import { startServer, type TestServer } from "../support/server"

const GZIPPED_BYTES_MAX = 20_000

/** What of Node has a WebSocket: of its own, or when it is asked for; null: none. */
function socketFlags(): readonly string[] | null {
  const node = Bun.which("node")
  if (node === null) return null
  const version = Bun.spawnSync([node, "--version"]).stdout.toString()
  const [major = 0, minor = 0] = version.slice(1).split(".").map(Number)
  if (major >= 22) return []
  return major >= 20 && minor >= 10 ? ["--experimental-websocket"] : null
}

const NODE_FLAGS = socketFlags()
if (NODE_FLAGS === null)
  console.warn("skipped: the SDK in Node, for there is no Node 20.10 or later")

const SCRIPT = `
import { createClient, ParleyError } from "parley/client"

const client = createClient({ url: process.argv[2] })
await client.register({ username: "ann", password: "correct horse" })
const heard = new Promise((resolve) => client.on("room.added", ({ room }) => resolve(room.name)))
client.connect()
await new Promise((resolve) => {
  client.connection.subscribe(() => client.connection.value.status === "live" && resolve())
})
await client.api.rooms.create({ name: "from node" })
console.log(await heard)
await client.login({ username: "ann", password: "wrong" }).catch((error) => {
  console.log(error instanceof ParleyError, error.code)
})
await client.close()
`

const TYPED = `
import { type Client, createClient, type ApiMessage } from "parley/client"

const client: Client = createClient({ url: "https://chat.example" })
const messages: readonly ApiMessage[] = await client.api.messages.history("general")
const names: readonly string[] = messages.map(({ user }) => user.username)
client.on("message.created", ({ message }) => message.content.length + names.length)
// @ts-expect-error there is no such field
client.api.rooms.get("general").then(({ nonsense }) => nonsense)
`

describe("the SDK as a package", () => {
  let scratch: Scratch
  let folder: string
  let printed: string

  beforeAll(async () => {
    scratch = createScratch()
    folder = scratch.path("package")
    printed = run([process.execPath, "src/cli/build-client.ts", folder]).out
    // As npm takes it in: what is packed, in a folder of its name.
    const packed = run([process.execPath, "pm", "pack", "--destination", scratch.folder], folder)
    const [tarball = ""] = /\S+\.tgz/.exec(packed.out) ?? []
    run(["tar", "xzf", join(scratch.folder, tarball.split("/").at(-1) ?? ""), "-C", scratch.folder])
    cpSync(scratch.path("package"), scratch.path("app/node_modules/parley"), { recursive: true })
    writeFileSync(scratch.path("app/package.json"), '{"type":"module"}')
  }, 60_000)
  afterAll(() => scratch.remove())

  const installed = () => scratch.path("app/node_modules/parley")

  test("is one module under 20 kB gzipped, of which the build tells the size", () => {
    const gzipped = Bun.gzipSync(readFileSync(join(installed(), "index.js")), { level: 9 }).length

    expect(gzipped).toBeLessThan(GZIPPED_BYTES_MAX)
    expect(printed).toContain(`${(gzipped / 1024).toFixed(1)} KiB gzipped`)
  })

  test("holds no schemas, nothing of the server, and needs nothing to be installed", () => {
    const code = readFileSync(join(installed(), "index.js"), "utf8")
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(installed(), "package.json"), "utf8"),
    )

    expect(code).not.toMatch(/zod|elysia|drizzle|\bBun\b|node:/i)
    expect(code).not.toMatch(/\b(import|require)\s*[({"']/)
    expect([dependencies, peerDependencies]).toEqual([undefined, undefined])
    expect(readdirSync(installed()).sort()).toEqual([
      "LICENSE",
      "index.js",
      "package.json",
      "types",
    ])
  })

  test("types a program of Node's, with no other types but the browser's and without leaving any out", () => {
    writeFileSync(scratch.path("app/typed.ts"), TYPED)

    const { out, code } = run(
      [
        ...[process.execPath, resolve("node_modules/typescript/bin/tsc"), "typed.ts"],
        ...["--noEmit", "--strict", "--target", "esnext", "--module", "nodenext"],
        ...["--lib", "esnext,dom"],
      ],
      scratch.path("app"),
    )

    expect([out, code]).toEqual(["", 0])
  }, 30_000)

  describe.skipIf(NODE_FLAGS === null)("in Node", () => {
    let server: TestServer

    beforeAll(async () => {
      server = await startServer()
    })
    afterAll(() => server.stop())

    test("registers, connects, hears and is refused", async () => {
      writeFileSync(scratch.path("app/app.js"), SCRIPT)

      const node = Bun.spawn(
        ["node", ...(NODE_FLAGS ?? []), "--no-warnings", "app.js", server.url],
        {
          cwd: scratch.path("app"),
          stderr: "inherit",
        },
      )

      expect(await new Response(node.stdout).text()).toBe("from node\ntrue unauthorized\n")
      expect(await node.exited).toBe(0)
    }, 30_000)
  })

  test("is found by its name in this repository, too, where Bun runs its sources", () => {
    symlinkSync(resolve("."), scratch.path("app/node_modules/parley-sources"))
    writeFileSync(
      scratch.path("app/bun.js"),
      'console.log(import.meta.resolve("parley-sources/client").endsWith("src/client/index.ts"))',
    )

    expect(run([process.execPath, "bun.js"], scratch.path("app")).out).toBe("true\n")
  })
})

function run(command: string[], cwd = resolve(".")) {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd })
  return { out: stdout.toString() + (exitCode === 0 ? "" : stderr.toString()), code: exitCode }
}
