import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { VARIABLES } from "../../src/config"
import { asPerson, call, PASSWORD } from "../support/people"
import { runProgram, serveProgram } from "../support/program"
import { createScratch, type Scratch } from "../support/scratch"

/** As pino writes it. */
const WARN = 40

describe("the command line", () => {
  test("serve --help lists every variable, and what each is without being set", async () => {
    const { exitCode, stdout } = await runProgram(["serve", "--help"])

    expect(exitCode).toBe(0)
    for (const [name, { help }] of Object.entries(VARIABLES)) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"))
      expect(stdout).toContain(help)
    }
    expect(stdout).toContain("(30 in production, 60 in development)")
  })

  test.each([["version"], ["--version"], ["-v"]])("%s tells the version", async (arg) => {
    const { version } = await Bun.file("package.json").json()

    expect(await runProgram([arg])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" })
  })

  test.each([
    [["dance"], 'no command "dance"'],
    [["serve", "now"], 'no command "serve now"'],
    [["serve", "--fast"], "--fast"],
  ])("%j is not understood: exit code 2, and nothing on standard output", async (args, text) => {
    const { exitCode, stdout, stderr } = await runProgram(args)

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" })
    expect(stderr).toContain(text)
  })

  test("wrong settings are all named, with exit code 2, and no server starts", async () => {
    const { exitCode, stderr } = await runProgram(["serve"], { PORT: "many", JWT_SECRET: "short" })

    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      "parley: wrong settings\nPORT: must be a whole number\nJWT_SECRET: must have at least 32 characters\n",
    )
  })

  test("in production no server starts that would believe its clients who they are", async () => {
    const { exitCode, stderr } = await runProgram(["serve"], {
      NODE_ENV: "production",
      CHAT_TRUST_CLIENT_IDS: "true",
    })

    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      "parley: wrong settings\nCHAT_TRUST_CLIENT_IDS: must be false in production: everybody could be anybody\n",
    )
  })
})

describe("a server that runs", () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = createScratch()
  })
  afterEach(() => scratch.remove())

  const env = () => ({ DATA_DIR: scratch.path("data"), LOG_LEVEL: "trace" })
  const files = () => readdirSync(scratch.path("data")).map((name) => scratch.path(`data/${name}`))

  test("keeps a secret of its own, mode 0600, and knows its people again when it comes back", async () => {
    const first = await serveProgram(env())
    const registered = await call(first.url, {
      method: "POST",
      path: "/auth/register",
      body: { username: "ann", password: PASSWORD },
    })
    expect((await first.stop()).exitCode).toBe(0)
    const secret = readFileSync(scratch.path("data/jwt-secret"), "utf8")
    expect(statSync(scratch.path("data/jwt-secret")).mode & 0o777).toBe(0o600)

    const second = await serveProgram(env())
    const answer = await asPerson(second.url, registered).get("/users/me")
    await second.stop()

    expect(answer.body).toMatchObject({ username: "ann" })
    expect(readFileSync(scratch.path("data/jwt-secret"), "utf8")).toBe(secret)
  }, 15_000)

  test("writes no secret down: not in its files, and not in its log", async () => {
    const GATEWAY = "the secret of a gateway"
    const password = "an unusual password 4711"
    const content = "a message between two people"
    const server = await serveProgram({ ...env(), INTERNAL_API_KEY: GATEWAY })
    const post = (path: string, body: unknown, headers = {}) =>
      call(server.url, { method: "POST", path, body, headers })
    const registered = await post("/auth/register", { username: "ann", password })
    const ann = asPerson(server.url, registered)
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const refreshed = await post("/auth/refresh", { refresh_token: ann.refreshToken })
    const room = (await ann.post("/rooms", { name: "general" })).body
    await ann.post(`/rooms/${room.id}/messages`, { content })
    // What goes wrong is what is logged.
    await post("/auth/login", { username: "ann", password: `${password}!` })
    await post("/auth/register", { username: "ann", password, email: password })
    await post("/auth/refresh", { refresh_token: ann.refreshToken })
    await post("/rooms", { name: 7, content }, { "x-api-key": key })
    await call(server.url, {
      method: "GET",
      path: "/users/me",
      headers: { "x-internal-api-key": GATEWAY, "x-user-id": "ann" },
    })
    const onDiskBefore = files().map((path) => readFileSync(path).toString("latin1"))
    const { output } = await server.stop()
    const onDisk = [
      ...onDiskBefore,
      ...files().map((path) => readFileSync(path).toString("latin1")),
    ]

    const secrets = {
      password,
      key,
      refreshToken: ann.refreshToken,
      nextRefreshToken: refreshed.body.refresh_token,
      accessToken: ann.token,
      gateway: GATEWAY,
    }
    expect(output).toContain("Parley is listening")
    // The files are the right ones: what is no secret is found in them.
    expect(onDisk.some((text) => text.includes(content))).toBe(true)
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret, name).toBeString()
      expect(output.includes(secret), `${name} in the log`).toBe(false)
      expect(
        onDisk.some((text) => text.includes(secret)),
        `${name} on the disk`,
      ).toBe(false)
    }
    expect(output).not.toContain(content)
  }, 15_000)

  test.each([
    ["true", 1],
    ["false", 0],
  ])(
    "with CHAT_TRUST_CLIENT_IDS=%s it warns of that so often: %i",
    async (trusts, times) => {
      const server = await serveProgram({ ...env(), CHAT_TRUST_CLIENT_IDS: trusts })
      const answer = await call(server.url, { method: "GET", path: "/users" })
      const { output } = await server.stop()

      const warnings = output
        .split("\n")
        .filter((line) => line.includes('"msg":"CHAT_TRUST_CLIENT_IDS is true'))
      expect(answer.status).toBe(times === 1 ? 200 : 401)
      expect(warnings).toHaveLength(times)
      for (const line of warnings) expect(JSON.parse(line)).toMatchObject({ level: WARN })
    },
    15_000,
  )

  test("refuses a port that is taken, with exit code 1 and the reason", async () => {
    const server = await serveProgram(env())
    const { port } = new URL(server.url)

    const { exitCode, stderr } = await runProgram(["serve"], {
      ...env(),
      DATA_DIR: scratch.path("other"),
      PORT: port,
    })

    await server.stop()
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/in use|EADDRINUSE/)
  }, 15_000)
})
