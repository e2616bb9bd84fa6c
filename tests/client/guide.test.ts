import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { createScratch, type Scratch } from "../support/scratch"
import { startServer, type TestServer } from "../support/server"

/** Blocks of one language in a part of a document, from one heading to the next. */
function blocksOf(path: string, language: string, heading?: string): string {
  const text = readFileSync(path, "utf8")
  const part =
    heading === undefined ? text : (text.split(/^## /m).find((it) => it.startsWith(heading)) ?? "")
  return [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , code]) => code)
    .join("")
}

describe("programs with the SDK, as they are printed", () => {
  let scratch: Scratch
  let server: TestServer

  beforeAll(async () => {
    server = await startServer()
    scratch = createScratch()
    mkdirSync(scratch.path("node_modules"))
    symlinkSync(resolve("."), scratch.path("node_modules/parley"))
  })
  afterAll(async () => {
    await server.stop()
    scratch.remove()
  })

  function start(name: string, program: string) {
    expect(program).toContain("http://localhost:3000")
    writeFileSync(scratch.path(name), program.replaceAll("http://localhost:3000", server.url))
    const command = [process.execPath, name]
    return Bun.spawn(command, { cwd: scratch.folder, stdout: "pipe", stderr: "inherit" })
  }

  test("the guide's print what it says, and come to their end", async () => {
    const program = start("guide.ts", blocksOf("docs/client.md", "ts"))

    expect(await new Response(program.stdout).text()).toBe(blocksOf("docs/client.md", "text"))
    expect(await program.exited).toBe(0)
  }, 30_000)

  test("the README's has ten lines, and prints what it says", async () => {
    const heading = "A client in ten lines"
    const code = blocksOf("README.md", "ts", heading)
    expect(
      code
        .trim()
        .split("\n")
        .filter((line) => line !== ""),
    ).toHaveLength(10)

    const program = start("quick.ts", code)
    const expected = blocksOf("README.md", "text", heading)
    let printed = ""
    for await (const chunk of program.stdout) {
      printed += new TextDecoder().decode(chunk)
      if (printed.length >= expected.length) break
    }
    program.kill()

    expect(printed).toBe(expected)
    await program.exited
  }, 30_000)
})
