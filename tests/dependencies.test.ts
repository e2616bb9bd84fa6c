import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { Elysia } from "elysia"
import { z } from "zod"
import packageJson from "../package.json"

describe("what we are built on", () => {
  test("each version is exact: an update is a decision, and comes past the tests below", () => {
    const versions = Object.entries({
      ...packageJson.dependencies,
      ...packageJson.devDependencies,
    })

    expect(versions.length).toBeGreaterThan(5)
    for (const [name, version] of versions) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    }
  })

  test("no package runs a script when it is installed: one of ours would report every installation", () => {
    // Without the empty list Bun trusts some hundred packages, @scarf/scarf among them.
    expect(packageJson.trustedDependencies).toEqual([])
  })

  test("the lock file names no registry's address: it holds at any mirror", () => {
    expect(readFileSync("bun.lock", "utf8")).not.toMatch(/https?:\/\//)
  })

  test("a new version of Elysia would be noticed here: it hands sockets upgraded by hand to the methods of their data", async () => {
    const happened: string[] = []
    class Recorder {
      open(ws: { send(text: string): unknown; ping(): unknown }): void {
        happened.push("open")
        ws.ping()
        ws.send("hello")
      }
      message(_ws: unknown, input: unknown): void {
        happened.push(`message ${typeof input} ${input}`)
      }
      pong(): void {
        happened.push("pong")
      }
      close(_ws: unknown, code: number): void {
        happened.push(`close ${code}`)
        ended.resolve()
      }
    }
    const ended = Promise.withResolvers<void>()
    const app = new Elysia()
      .get("/ws", ({ request, server }) => {
        if (server?.upgrade(request, { data: new Recorder() })) return undefined
        return "no upgrade"
      })
      .listen({ port: 0, hostname: "127.0.0.1" })
    const ws = new WebSocket(`ws://127.0.0.1:${app.server?.port}/ws`)
    ws.onmessage = () => {
      ws.send("a frame that is {no: JSON")
      ws.send("7")
      ws.close(1000)
    }

    await ended.promise

    // The pong may come before or after the frames, which are text, and not parsed.
    expect(happened.filter((it) => it !== "pong")).toEqual([
      "open",
      "message string a frame that is {no: JSON",
      "message string 7",
      "close 1000",
    ])
    expect(happened).toContain("pong")
    await app.stop(true)
  })

  test("a new version of Elysia would be noticed here: its failures have the codes and the fields that we translate", async () => {
    const seen: unknown[] = []
    class OurError extends Error {}
    const app = new Elysia()
      .onError(({ code, error }) => {
        const issues = "all" in error && Array.isArray(error.all) ? error.all : []
        const cause = error instanceof Error && error.cause instanceof OurError
        seen.push({ code, paths: issues.map((it) => it.path), isOurs: cause })
        return "refused"
      })
      .onParse(({ request }) => {
        if (request.headers.has("x-refuse")) throw new OurError()
      })
      .post("/", () => "fine", { body: z.object({ list: z.array(z.object({ a: z.number() })) }) })
    const post = (body: string, headers = {}) =>
      app.handle(
        new Request("http://localhost/", {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body,
        }),
      )

    await post('{"list": [{"a": 1}, {"a": "x"}]}')
    await post("7")
    await post("{}", { "x-refuse": "1" })
    await app.handle(new Request("http://localhost/nowhere"))

    expect(seen).toEqual([
      { code: "VALIDATION", paths: ["list.1.a"], isOurs: false },
      { code: "VALIDATION", paths: ["root"], isOurs: false },
      { code: "PARSE", paths: [], isOurs: true },
      { code: "NOT_FOUND", paths: [], isOurs: false },
    ])
  })
})
