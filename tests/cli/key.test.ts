import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { UsageError } from "../../src/cli/usage-error"
import { ChatError } from "../../src/protocol/errors"
import { type Commands, createCommands } from "../support/commands"
import { readEverything, readRows } from "../support/rows"

const DAY_MS = 86_400_000

setDefaultTimeout(20_000)

describe("parley key", () => {
  let house: Commands

  beforeAll(async () => {
    house = createCommands()
    await house.json("user add ann --no-password")
    await house.json("user add bob --no-password")
    await house.json("user disable bob")
  })
  afterAll(() => house.remove())

  const keys = () => readRows(house.path, "select * from api_keys order by created_at")

  test("add shows the key this once, and what is stored is not the key", async () => {
    const startedAt = Date.now()
    const words = ["key", "add", "ann", "--name", "nightly build", "--expires", "30d"]

    const { exitCode, stdout, stderr } = await house.run(words)

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    const [, id = "", key = ""] =
      /^Made key (\S+) of ann\nThe key, shown this once: (prk_[\w-]{43})\n$/.exec(stdout) ?? []
    const [row] = keys()
    expect(row).toMatchObject({ id, name: "nightly build", scopes: "[]", revoked_at: null })
    expect(row?.expires_at).toBeWithin(startedAt + 30 * DAY_MS, Date.now() + 30 * DAY_MS + 1)
    const listed = await house.run("key list ann")
    expect(listed.stdout).toContain("nightly build")
    expect(listed.stdout + JSON.stringify(keys())).not.toContain(key)
  })

  test("add gives any scopes, whoever the user is: who runs the server is above admins", async () => {
    const words = ["key", "add", "ann", "--name", "app", "--scope", "users", "--scope", "rooms"]

    const { id, key } = await house.json(words)

    expect(key).toStartWith("prk_")
    const listed = await house.json("key list ann")
    expect(listed[0]).toEqual({
      id,
      name: "app",
      scopes: ["users", "rooms"],
      created_at: expect.any(String),
      expires_at: null,
      last_used_at: null,
    })
    expect((await house.json("user show ann")).keys).toEqual(listed)
  })

  test("revoke ends one key, once, and no other", async () => {
    const { id } = await house.json("key add ann --name doomed")
    const others = (await house.json("key list ann")).filter((it: { id: string }) => it.id !== id)

    expect((await house.run(`key revoke ${id}`)).stdout).toBe(`Revoked key ${id}\n`)

    expect(await house.json("key list ann")).toEqual(others)
    expect(others.length).toBeGreaterThan(0)
    const again = await house.json(`key revoke ${id}`).catch((error) => error)
    expect([again.code, again.message]).toEqual(["not_found", "there is no such key"])
  })

  test.each([
    ["key add bob --name late", ChatError, "this account is disabled"],
    ["key add system --name mine", ChatError, "nobody can be or change the server's own user"],
    ["key list nobody", ChatError, "There is no such user"],
    ["key revoke nothing", ChatError, "there is no such key"],
    ["key add ann", UsageError, "--name is missing"],
    ["key add ann --name n --scope a,,b", UsageError, "--scope: Invalid option"],
    ["key add ann --name n --expires soon", UsageError, "--expires: must be a duration like"],
    ["key add ann --name n --expires 0", UsageError, "--expires: must be between 1s and 3650d"],
    ["key add ann --name n --expires 3651d", UsageError, "--expires: must be between 1s and"],
    ["key revoke", UsageError, "<id> is missing"],
  ])("%s is refused, and nothing is changed", async (words, kind, text) => {
    const before = readEverything(house.path)

    const error = await house.json(words).catch((it) => it)

    expect(error).toBeInstanceOf(kind)
    expect(error.message).toContain(text)
    expect(readEverything(house.path)).toEqual(before)
  })
})
