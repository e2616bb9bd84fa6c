import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Commands, createCommands } from "../support/commands"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { type ServerProcess, startServerProcess, UNLIMITED } from "../support/server-process"
import { openSocket, type TestSocket } from "../support/socket"
import { createTerminal } from "../support/terminal"
import { waitUntil } from "../support/wait"

const ROOT = join(import.meta.dir, "../..")
const MAIN = `bun --no-env-file src/main.ts`

/** What a running server promises, counted from the end of the command. */
const FOLLOWS_MS = 2_000

describe("an operator beside a running server", () => {
  let house: Commands
  let server: ServerProcess
  let root: Person

  beforeAll(async () => {
    house = createCommands()
    const made = await house.run("user add root --admin --password-stdin", `${PASSWORD}\n`)
    expect(made.stderr).toBe("")
    server = await startServerProcess({ dataDir: house.dataDir, env: UNLIMITED })
    root = asPerson(server.url, await login("root"))
  }, 15_000)
  afterAll(async () => {
    await server.terminate()
    house.remove()
  })

  const login = (username: string, password = PASSWORD) =>
    call(server.url, { method: "POST", path: "/auth/login", body: { username, password } })

  /** Runs a command that must succeed, and says when it had ended. */
  async function operate(words: string, input?: string): Promise<number> {
    const { exitCode, stderr } = await house.run(words, input)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    return performance.now()
  }

  async function closeCode(socket: TestSocket, endedAt: number): Promise<number> {
    const { code } = await socket.closed
    expect(performance.now() - endedAt).toBeLessThan(FOLLOWS_MS)
    return code
  }

  test("the first admin was made before the first start, and acts as one", async () => {
    const ann = await person(server.url, "ann1")
    const room = await roomOf(ann)

    expect((await ann.get(`/users/${root.id}`)).body).not.toHaveProperty("email")
    expect((await root.get(`/users/${ann.id}`)).body).toHaveProperty("email")
    expect((await root.patch(`/rooms/${room.id}`, { name: "renamed" })).status).toBe(200)
  })

  test("a user who is disabled is out within 2 s, by every way in, and comes back when enabled", async () => {
    const ann = await person(server.url, "ann2")
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const program = await openSocket(`${server.url}/api/v1/ws`, { headers: { "x-api-key": key } })
    const sockets = [await ann.connect(), program]
    const witness = await root.connect()

    const endedAt = await operate("user disable ann2")

    for (const socket of sockets) expect(await closeCode(socket, endedAt)).toBe(4201)
    const refresh = () =>
      call(server.url, {
        method: "POST",
        path: "/auth/refresh",
        body: { refresh_token: ann.refreshToken },
      })
    const withKey = () =>
      call(server.url, { method: "GET", path: "/users/me", headers: { "x-api-key": key } })
    const ways = async () =>
      (await Promise.all([ann.get("/users/me"), login("ann2"), refresh(), withKey()])).map(
        ({ status }) => status,
      )
    expect(await ways()).toEqual([401, 401, 401, 401])
    await expect(ann.connect()).rejects.toThrow("refused")
    expect(await witness.ask("ping")).toMatchObject({ type: "ok" })

    await operate("user enable ann2")

    expect(await ways()).toEqual([200, 200, 200, 200])
  }, 15_000)

  test("another password ends every session within 2 s, and is the one to log in with", async () => {
    const ann = await person(server.url, "ann3")
    const sockets = [await ann.connect(), await asPerson(server.url, await login("ann3")).connect()]

    const endedAt = await operate("user password ann3 --password-stdin", "another password")

    for (const socket of sockets) expect(await closeCode(socket, endedAt)).toBe(4102)
    expect((await ann.get("/users/me")).status).toBe(401)
    expect((await login("ann3")).status).toBe(401)
    expect((await login("ann3", "another password")).status).toBe(200)
  }, 15_000)

  test("an issued token opens a socket, which closes within 2 s of its being revoked", async () => {
    const issued = await house.json("token issue root")
    const { key, id } = await house.json("key add root --name bot")
    const open = (headers: Record<string, string>) =>
      openSocket(`${server.url}/api/v1/ws`, { headers })
    const byToken = await open({ authorization: `Bearer ${issued.access_token}` })
    const byKey = await open({ "x-api-key": key })

    expect(await closeCode(byToken, await operate(`token revoke ${issued.session_id}`))).toBe(4102)
    expect(await byKey.ask("ping")).toMatchObject({ type: "ok" })
    expect(await closeCode(byKey, await operate(`key revoke ${id}`))).toBe(4102)
    expect((await root.get("/users/me")).status).toBe(200)
  }, 15_000)

  test("who becomes an admin is one on open sockets within 2 s, and no longer when it is taken back", async () => {
    const ann = await person(server.url, "ann4")
    const room = await roomOf(root, [ann])
    const socket = await ann.connect()
    const sayAsSystem = async () =>
      (await socket.ask("message.send", { room_id: room.id, content: "beep", type: "system" })).type
    expect(await sayAsSystem()).toBe("error")

    await operate("user set ann4 --admin")
    await waitUntil("she is an admin", async () => (await sayAsSystem()) === "ok", FOLLOWS_MS)

    await operate("user set ann4 --no-admin")
    await waitUntil("she is none", async () => (await sayAsSystem()) === "error", FOLLOWS_MS)
  }, 15_000)

  test("the README's commands work as printed", async () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8")
    const section = /^## Administration\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? ""
    const [, first = ""] = /^```text\n\$ (.*)\n/m.exec(section) ?? []
    const [, printed = ""] = /^```text\n.*\n([\s\S]*?)^```$/m.exec(section) ?? []
    const [, block = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(section) ?? []
    const fresh = createCommands()
    const terminals = [createTerminal(), createTerminal()]
    const run = async (at: number, commands: string, dataDir: string) => {
      const here = commands
        .replaceAll("./parley", MAIN)
        .replaceAll("http://localhost:3000", server.url)
      const said = await terminals[at]?.run(`set -e\nexport DATA_DIR='${dataDir}'\n${here}`)
      return said?.output ?? ""
    }
    const masked = (text: string) =>
      text
        .replace(/\(.*\) to .*/, "(id) to path")
        .replace(/once: .*/, "once: password")
        .trim()

    const output = await run(0, first, fresh.dataDir)
    const later = await run(1, block, house.dataDir)

    expect(masked(output)).toBe(masked(printed))
    expect(block.trim().split("\n").length).toBeGreaterThan(8)
    // Their last words, each of which another command said.
    for (const words of [
      "eve is disabled",
      "eve is enabled",
      '"display_name":"Eve E."',
      "ended: 1",
    ]) {
      expect(later).toContain(words)
    }
    for (const terminal of terminals) terminal.close()
    fresh.remove()
  }, 30_000)
})
