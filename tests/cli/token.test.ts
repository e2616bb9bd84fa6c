import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { UsageError } from "../../src/cli/usage-error"
import { ChatError } from "../../src/protocol/errors"
import { type Commands, createCommands } from "../support/commands"
import { asPerson, type Person } from "../support/people"
import { readEverything, readRows } from "../support/rows"
import { startServer, type TestServer } from "../support/server"

const SECRET = "a secret of the server and the command line"
const HOUR_MS = 3_600_000

setDefaultTimeout(20_000)

describe("parley token", () => {
  let house: Commands
  let server: TestServer

  beforeAll(async () => {
    house = createCommands({ JWT_SECRET: SECRET })
    await house.json("user add ann --no-password")
    await house.json("user add bob --no-password")
    await house.json("user disable bob")
    const tokenSecret = new TextEncoder().encode(SECRET)
    server = await startServer({ path: house.path, tokenSecret })
  })
  afterAll(async () => {
    await server.stop()
    house.remove()
  })

  const bearer = (token: string): Person =>
    asPerson(server.url, {
      status: 200,
      headers: new Headers(),
      body: { access_token: token, refresh_token: "", user: { id: "", username: "ann" } },
    })

  test("issue prints a token alone, good for an hour at the server, with a session that is in the list", async () => {
    const { exitCode, stdout, stderr } = await house.run("token issue ann")

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const ann = bearer(stdout.trim())
    expect((await ann.get("/users/me")).body).toMatchObject({ username: "ann" })
    const [session] = (await ann.get("/auth/sessions")).body
    expect(session).toMatchObject({ user_agent: "parley token", address: null, current: true })
    expect(Date.parse(session.expires_at) - Date.parse(session.created_at)).toBe(HOUR_MS)
    const claims = JSON.parse(Buffer.from(stdout.split(".")[1] ?? "", "base64url").toString())
    const expiresAt = Math.floor(Date.parse(session.expires_at) / 1000)
    expect(claims.exp).toBeWithin(expiresAt, expiresAt + 2)
    // It cannot be prolonged: there is no refresh token that somebody could have.
    expect(readRows(house.path, "select * from refresh_tokens")).toEqual([])
  })

  test("issue makes one of another length, which ends then", async () => {
    const { access_token, expires_in, session_id } = await house.json(
      "token issue ann --expires 2h",
    )

    expect(expires_in).toBe(7_200)
    const ann = bearer(access_token)
    expect((await ann.get("/auth/sessions")).body.map((it: { id: string }) => it.id)).toContain(
      session_id,
    )
    server.clock.advance(2 * HOUR_MS + 1_000)
    expect((await ann.get("/users/me")).status).toBe(401)
    server.clock.advance(-2 * HOUR_MS - 1_000)
  })

  test("revoke ends the session, once, and no other", async () => {
    const doomed = await house.json("token issue ann")
    const other = await house.json("token issue ann")

    const { stdout } = await house.run(`token revoke ${doomed.session_id}`)

    expect(stdout).toBe(`Ended session ${doomed.session_id}\n`)
    expect((await bearer(doomed.access_token).get("/users/me")).status).toBe(401)
    expect((await bearer(other.access_token).get("/users/me")).status).toBe(200)
    const again = await house.json(`token revoke ${doomed.session_id}`).catch((error) => error)
    expect([again.code, again.message]).toEqual(["not_found", "there is no such session"])
  })

  test.each([
    ["token issue bob", ChatError, "this account is disabled"],
    ["token issue 0", ChatError, "nobody can be or change the server's own user"],
    ["token issue nobody", ChatError, "There is no such user"],
    ["token revoke nothing", ChatError, "there is no such session"],
    ["token issue", UsageError, "<user> is missing"],
    ["token issue ann --expires 500ms", UsageError, "--expires: must be between 1s and 3650d"],
    ["token revoke", UsageError, "<session id> is missing"],
  ])("%s is refused, and nothing is changed", async (words, kind, text) => {
    const before = readEverything(house.path)

    const error = await house.json(words).catch((it) => it)

    expect(error).toBeInstanceOf(kind)
    expect(error.message).toContain(text)
    expect(readEverything(house.path)).toEqual(before)
  })
})
