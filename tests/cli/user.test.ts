import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, statSync } from "node:fs"
import { UsageError } from "../../src/cli/usage-error"
import { ChatError } from "../../src/protocol/errors"
import { SYSTEM_USER_ID } from "../../src/protocol/ids"
import { type Commands, createCommands } from "../support/commands"
import { changeRows, readEverything, readRows } from "../support/rows"

const ID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

// Most of these start the program a few times.
setDefaultTimeout(20_000)

describe("parley user", () => {
  let house: Commands

  beforeAll(async () => {
    house = createCommands()
    await house.json("user add ann --no-password")
    await house.json("user add bob --no-password --email bob@example.org")
  })
  afterAll(() => house.remove())

  const row = (username: string) =>
    readRows(house.path, `select * from users where username = '${username}'`)[0]

  test("add, in a folder that is not there yet, makes a database for its owner's eyes only, and an admin with a password that is shown once", async () => {
    const fresh = createCommands()

    const { exitCode, stdout, stderr } = await fresh.run("user add root --admin")

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    const [, id, path, password = ""] =
      /^Added admin root \((\S+)\) to (\S+)\nPassword, shown this once: (\S+)\n$/.exec(stdout) ?? []
    expect([id, path]).toEqual([ID, fresh.path])
    expect(password).toMatch(/^[\w-]{20}$/)
    const [user] = readRows(fresh.path, "select * from users where numeric_id > 0")
    expect(user).toMatchObject({ username: "root", role: "admin", origin: "local" })
    expect(await Bun.password.verify(password, String(user?.password_hash))).toBe(true)
    expect(user?.password_hash).toStartWith("$argon2id$v=19$m=19456,t=2,")
    expect(statSync(fresh.dataDir).mode & 0o077).toBe(0)
    expect(statSync(fresh.path).mode & 0o077).toBe(0)
    fresh.remove()
  })

  test("add takes a password from standard input, without the line end, and tells all but that", async () => {
    const words = [
      "user",
      "add",
      "cleo",
      "--email",
      "Cleo@example.org",
      "--display-name",
      "Cléo C.",
    ]

    const { exitCode, stdout, stderr } = await house.run(
      [...words, "--json", "--password-stdin"],
      "battery staple\n",
    )

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    expect(JSON.parse(stdout)).toEqual({
      user: {
        id: ID,
        numeric_id: expect.any(Number),
        username: "cleo",
        display_name: "Cléo C.",
        avatar_url: null,
        created_at: TIME,
        last_seen_at: null,
        email: "Cleo@example.org",
        role: "user",
        disabled_at: null,
      },
    })
    const hash = String(row("cleo")?.password_hash)
    expect(await Bun.password.verify("battery staple", hash)).toBe(true)
  })

  test("list shows the newest first, but not the server's own user; show and list tell no hash", async () => {
    const names = (users: readonly { username: string }[]) => users.map((it) => it.username)
    const [all, some, one, text, shown] = await Promise.all([
      house.json("user list"),
      house.json("user list --query bo"),
      house.json("user list --limit 1"),
      house.run("user list"),
      house.run("user show CLEO"),
    ])

    expect(names(all)).toEqual(["cleo", "bob", "ann"])
    expect(names(some)).toEqual(["bob"])
    expect(names(one)).toEqual(["cleo"])
    expect(text.stdout.split("\n")[0]).toMatch(/^number +username +role +state +last seen +id$/)
    expect(shown.stdout).toMatch(/^username +cleo$/m)
    expect(shown.stdout).toMatch(/^no sessions\n\nno keys$/m)
    const said = JSON.stringify(all) + text.stdout + shown.stdout
    expect(said).not.toMatch(/argon2|system/)
  })

  test("a user is named by username, public id or numeric id", async () => {
    const { id, numeric_id } = row("ann") ?? {}
    const claims = ["ANN", String(id), String(numeric_id)]

    const found = await Promise.all(claims.map((claim) => house.json(`user show ${claim}`)))

    expect(found.map(({ user }) => user.id)).toEqual([id, id, id])
  })

  test("show makes what others have written harmless to a terminal", async () => {
    await house.json(["user", "set", "ann", "--display-name", "\u001b[2JAnn\u202e"])

    const { stdout } = await house.run("user show ann")

    expect(stdout).toMatch(/^display name +\ufffd\[2JAnn\ufffd$/m)
    expect((await house.json("user show ann")).user.display_name).toBe("\u001b[2JAnn\u202e")
  })

  test("set changes role, address and name, and nothing else", async () => {
    const { updated_at: _, ...before } = row("bob") ?? {}

    const { user } = await house.json("user set bob --admin --email b@example.org --display-name B")

    expect(user).toMatchObject({ role: "admin", email: "b@example.org", display_name: "B" })
    const changes = { role: "admin", email: "b@example.org", email_key: "b@example.org" }
    expect(row("bob")).toEqual({
      ...before,
      ...changes,
      display_name: "B",
      updated_at: expect.any(Number),
    })
    expect((await house.json("user set bob --no-admin")).user).toMatchObject({ role: "user" })
    // One's own address in other letters is not taken.
    await house.json("user set bob --email B@example.org")
    expect(row("bob")).toMatchObject({ role: "user", email: "B@example.org" })
  })

  test("disable and enable say what is so, also when it was so before", async () => {
    expect((await house.run("user disable bob")).stdout).toBe("bob is disabled\n")
    const { disabled_at } = row("bob") ?? {}
    expect(disabled_at).toBeNumber()

    await house.json("user disable bob")
    expect(row("bob")).toMatchObject({ disabled_at: disabled_at ?? 0 })
    expect((await house.run("user enable bob")).stdout).toBe("bob is enabled\n")
    expect(row("bob")).toMatchObject({ disabled_at: null })
  })

  test("password gives another one and ends all sessions; sessions-end ends them alone", async () => {
    const hash = row("ann")?.password_hash ?? null
    await house.json("token issue ann")
    await house.json("token issue bob")

    const { password } = await house.json("user password ann")

    const newHash = String(row("ann")?.password_hash)
    expect(newHash).not.toBe(String(hash))
    expect(await Bun.password.verify(password, newHash)).toBe(true)
    expect((await house.json("user show ann")).sessions).toEqual([])
    expect((await house.json("user show bob")).sessions).toHaveLength(1)
    expect(await house.json("user sessions-end bob")).toEqual({ ended: 1 })
    expect((await house.json("user show bob")).sessions).toEqual([])

    await house.run("user password ann --password-stdin", "another password\r\n")
    expect(await Bun.password.verify("another password", String(row("ann")?.password_hash))).toBe(
      true,
    )
  })

  test("password is refused for a user who logs in elsewhere, and nothing is changed", async () => {
    await house.json("user add guest --no-password")
    changeRows(house.path, "update users set origin = 'external' where username = 'guest'")
    const before = readEverything(house.path)

    const error = await house.json("user password guest").catch((it) => it)

    expect([error.code, error.message]).toEqual([
      "forbidden",
      "this user logs in elsewhere, not here",
    ])
    expect(readEverything(house.path)).toEqual(before)
  })

  test.each(["user password claimed", "user set claimed --admin", "key add claimed --name bot"])(
    "%s is refused, for anybody can be who was made by a claim",
    async (words) => {
      if (row("claimed") === undefined) {
        await house.json("user add claimed --no-password")
        changeRows(house.path, "update users set origin = 'claimed' where username = 'claimed'")
      }
      const before = readEverything(house.path)

      const error = await house.json(words).catch((it) => it)

      expect([error.code, error.message]).toEqual([
        "forbidden",
        "this user was made by a claim, so anybody can be them: no password, key or role",
      ])
      expect(readEverything(house.path)).toEqual(before)
    },
  )

  const failed: readonly [words: string, code: string, text: string][] = [
    ["user add ANN --no-password", "conflict", "username: is taken"],
    ["user add system --no-password", "conflict", "username: is taken"],
    ["user add dora --email CLEO@example.org", "conflict", "email: is taken"],
    ["user set bob --email CLEO@example.org", "conflict", "email: is taken"],
    ["user show nobody", "user_not_found", "There is no such user"],
    ["user disable 404", "user_not_found", "There is no such user"],
    ["user set 0 --admin", "forbidden", "nobody can be or change the server's own user"],
    ["user password system", "forbidden", "nobody can be or change the server's own user"],
    [`user disable ${SYSTEM_USER_ID}`, "forbidden", "nobody can be or change"],
    ["user sessions-end system", "forbidden", "nobody can be or change"],
  ]
  test.each([...failed])("%s → %s, and nothing is changed", async (words, code, text) => {
    const before = readEverything(house.path)

    const error = await house.json(words).catch((it) => it)

    expect(error).toBeInstanceOf(ChatError)
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(text)])
    expect(readEverything(house.path)).toEqual(before)
  })

  const misunderstood: readonly [words: string, text: string][] = [
    ["user add 123", "username: must not be only digits"],
    ["user add dora --email dora", "--email: Invalid email address"],
    ["user add dora --password-stdin --no-password", "give only one of --password-stdin"],
    ["user set bob --admin --no-admin", "give only one of --admin and --no-admin"],
    ["user set bob", "say what to change"],
    ["user list --limit 0", "--limit: must be a number from 1 to 10000"],
    ["user list --limit 10001", "--limit: must be a number from 1 to 10000"],
    ["user show", "<user> is missing"],
    ["user show ann bob", '"bob" is one word too many'],
    ["user add dora --fast", "--fast"],
    ["user dance", 'there is no command "user dance"'],
  ]
  test.each([...misunderstood])("%s is not understood: %s", async (words, text) => {
    const before = readEverything(house.path)

    const error = await house.json(words).catch((it) => it)

    expect(error).toBeInstanceOf(UsageError)
    expect(error.message).toContain(text)
    expect(readEverything(house.path)).toEqual(before)
  })

  test("what is wrong is said on standard error, with 1 for what fails and 2 for what is not understood", async () => {
    const [taken, short, alone] = await Promise.all([
      house.run("user add ANN"),
      house.run("user add dora --password-stdin", "short\n"),
      house.run("user"),
    ])

    expect(taken).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "parley: username: is taken (conflict)\n",
    })
    expect(short).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "parley: password: must have 8 to 1024 characters\n",
    })
    expect([alone.exitCode, alone.stdout]).toEqual([2, ""])
    expect(alone.stderr).toStartWith("parley: user what?\n\nparley user: ")
    expect(row("dora")).toBeUndefined()
  })

  test("every field that is wrong is named at once, with the usage", async () => {
    const { stderr } = await house.run(["user", "add", "x", "--email", "y", "--display-name", ""])

    expect(stderr).toBe(
      `parley: username: must be 2 to 32 letters, digits or _ . -
--email: Invalid email address
--display-name: must have 1 to 64 characters

Usage: parley user add <username> [--admin] [--email E] [--display-name N] [--password-stdin] [--no-password] [--json]
`,
    )
  })

  test("a password that is no text is refused, and not stored as another one", async () => {
    const input = Uint8Array.from([...Buffer.from("12345678"), 0xff])

    const { exitCode, stderr } = await house.run("user add dora --password-stdin", input)

    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining("UTF-8") })
    expect(row("dora")).toBeUndefined()
  })

  test("only add makes a database: elsewhere a folder without one is a mistake", async () => {
    const elsewhere = createCommands()

    const { exitCode, stdout, stderr } = await elsewhere.run("user list")

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" })
    expect(stderr).toBe(`parley: there is no database ${elsewhere.path}: is DATA_DIR right?\n`)
    expect(existsSync(elsewhere.dataDir)).toBe(false)
    elsewhere.remove()
  })

  test("help is there for the program, the group and each command, and touches nothing", async () => {
    const elsewhere = createCommands()
    const [program, group, command] = await Promise.all([
      elsewhere.run("--help"),
      elsewhere.run("user --help"),
      elsewhere.run("user add -h"),
    ])

    expect([program.exitCode, group.exitCode, command.exitCode]).toEqual([0, 0, 0])
    for (const name of ["user", "key", "token"]) {
      expect(program.stdout).toMatch(new RegExp(`^  ${name} `, "m"))
    }
    for (const name of ["add", "list", "show", "set", "password", "disable", "enable"]) {
      expect(group.stdout).toMatch(new RegExp(`^  ${name} `, "m"))
    }
    for (const name of ["admin", "email", "display-name", "password-stdin", "json"]) {
      expect(command.stdout).toMatch(new RegExp(`^  --${name} `, "m"))
    }
    expect(existsSync(elsewhere.dataDir)).toBe(false)
    elsewhere.remove()
  })
})
