import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { EXAMPLES } from "../src/protocol/answer-examples"
import { undocumentedAnswer } from "./support/documented"
import { createScratch } from "./support/scratch"
import { openSocket } from "./support/socket"
import { type Handler, type StandIn, standIn } from "./support/stand-in"
import { takeStrange } from "./support/strange"

/** Something that passes for a Parley server and answers as no document says. */
describe("what a server says is held against the documents, for every test", () => {
  let server: StandIn
  let handler: Handler
  beforeEach(() => {
    server = standIn((request) => handler(request))
  })
  afterEach(() => server.stop())

  const problem = (code: string, status: number) =>
    Response.json(
      { type: `urn:parley:error:${code}`, title: "-", status, detail: "-", code },
      { status, headers: { "content-type": "application/problem+json" } },
    )

  test.each<[string, string, Response, string]>([
    [
      "a field too many",
      "/api/v1/users/me",
      Response.json({ ...EXAMPLES.User, hash: "x" }),
      "hash",
    ],
    [
      "a field too few",
      "/api/v1/rooms",
      Response.json([{ ...EXAMPLES.Room, head: undefined }]),
      "head",
    ],
    [
      "a time that is none",
      "/api/v1/users/u",
      Response.json({ ...EXAMPLES.User, created_at: "noon" }),
      "/created_at",
    ],
    [
      "another status",
      "/api/v1/users/me",
      Response.json(EXAMPLES.User, { status: 201 }),
      "answered 201",
    ],
    ["another type", "/api/v1/users/me", new Response(JSON.stringify(EXAMPLES.User)), "text/plain"],
    ["a code of another route", "/api/v1/users/u", problem("room_not_found", 404), "/code"],
    ["a code that is in no table", "/api/v1/users/u", problem("gone_fishing", 404), "/code"],
    [
      "a route that nobody knows",
      "/api/v1/secrets",
      Response.json([]),
      "no such route is documented",
    ],
  ])("%s is noticed", async (_what, path, answer, said) => {
    handler = () => answer

    await fetch(server.url + path)

    const strange = takeStrange()
    expect(strange).toHaveLength(1)
    expect(strange[0]).toContain(said)
  })

  test.each<[string, string, Response]>([
    ["an answer", "/api/v1/users/me", Response.json(EXAMPLES.User)],
    ["a refusal", "/api/v1/users/u", problem("user_not_found", 404)],
    ["nowhere", "/api/v1/nowhere", problem("not_found", 404)],
  ])("%s as documented passes", async (_what, path, answer) => {
    handler = () => answer

    await fetch(server.url + path)

    expect(takeStrange()).toEqual([])
  })

  test("an answer without a body may have none", () => {
    const answer = {
      method: "DELETE",
      path: "/api/v1/rooms/r",
      status: 204,
      headers: new Headers(),
    }

    expect(undocumentedAnswer({ ...answer, text: "" })).toBeNull()
    expect(undocumentedAnswer({ ...answer, text: "{}" })).toContain("a body")
  })

  test("a frame with a field that nobody described is noticed", async () => {
    const socket = await openSocket(`${server.url}/api/v1/ws`)

    socket.sendRaw(JSON.stringify({ type: "heartbeat", data: { heads: {} } }))
    socket.sendRaw(JSON.stringify({ type: "notice", data: { kind: "slow", secret: 7 } }))
    socket.sendRaw(JSON.stringify({ type: "surprise", data: {} }))
    await socket.next("surprise")

    expect(takeStrange()).toEqual([
      expect.stringContaining("secret"),
      expect.stringContaining("surprise is not documented"),
    ])
    socket.close()
  })

  test("the test that has seen such an answer fails, and says what it was", async () => {
    const scratch = createScratch()
    await Bun.write(scratch.path("seen.test.ts"), SEEN)

    const child = Bun.spawn(
      [process.execPath, "test", "--preload", join(SUPPORT, "watch.ts"), "./seen.test.ts"],
      { cwd: scratch.folder, stdout: "ignore", stderr: "pipe", stdin: "ignore" },
    )
    const output = await new Response(child.stderr).text()

    expect(await child.exited).toBe(1)
    expect(output).toContain("(pass) sees what is documented")
    expect(output).toContain("(fail) sees what is not")
    expect(output).toContain("not in the documents:\nGET /api/v1/users/me answered 200: must NOT")
    scratch.remove()
  }, 15_000)
})

const SUPPORT = join(import.meta.dir, "support")

const SEEN = `
import { test } from "bun:test"
import { EXAMPLES } from "${join(import.meta.dir, "../src/protocol/answer-examples")}"
import { standIn } from "${join(SUPPORT, "stand-in")}"
const see = async (more: object) => {
  const server = standIn(() => Response.json({ ...EXAMPLES.User, ...more }))
  await fetch(server.url + "/api/v1/users/me")
  await server.stop()
}
test("sees what is documented", () => see({}))
test("sees what is not", () => see({ hash: "x" }))
`
