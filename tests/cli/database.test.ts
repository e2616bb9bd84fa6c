import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { administer } from "../../src/cli/administer"
import { openDatabase } from "../../src/cli/database"
import type { GroupName } from "../../src/cli/groups"
import { readConfig } from "../../src/config"
import { canRunPostgres, emptyDatabase, type TestDatabase } from "../support/postgres"
import { createScratch, type Scratch } from "../support/scratch"

describe.skipIf(!canRunPostgres())("with DATABASE_URL", () => {
  let postgres: TestDatabase
  let scratch: Scratch

  // The first one starts a Postgres.
  beforeEach(async () => {
    postgres = await emptyDatabase()
    scratch = createScratch()
  }, 30_000)
  afterEach(async () => {
    await postgres.drop()
    scratch.remove()
  })

  const env = (folder: string) => ({ DATABASE_URL: postgres.url, DATA_DIR: scratch.path(folder) })
  const open = (folder: string, more: Record<string, string> = {}) =>
    openDatabase(readConfig({ ...env(folder), ...more }), { publish: () => undefined })

  test("two servers with folders of their own sign tokens by one key, and JWT_SECRET goes before it", async () => {
    const [one, two] = [await open("one"), await open("two")]
    const third = await open("three", { JWT_SECRET: "s".repeat(32) })

    const secrets = [await one.loadTokenSecret(), await two.loadTokenSecret()]

    expect(secrets[0]).toHaveLength(32)
    expect(secrets[1]).toEqual(secrets[0])
    expect(await third.loadTokenSecret()).toEqual(new TextEncoder().encode("s".repeat(32)))
    for (const { database } of [one, two, third]) await database.close()
  })

  test("two servers know by one id that they share a database, and another database has another", async () => {
    const [one, two] = [await open("one"), await open("two")]
    const elsewhere = await emptyDatabase()
    const other = await open("three", { DATABASE_URL: elsewhere.url })

    const ids = [await one.loadId(), await two.loadId(), await one.loadId()]

    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[\w-]{36}$/)
    expect(await other.loadId()).not.toBe(ids[0])
    for (const { database } of [one, two, other]) await database.close()
    await elsewhere.drop()
  })

  test("commands work on Postgres, whose password they do not show", async () => {
    const said = await administer("user", ["add", "ann", "--no-password"], env("commands"))
    const shown = await administer("user", ["show", "ann", "--json"], env("elsewhere"))

    const { host, pathname, password } = new URL(postgres.url)
    expect(said).toContain(`to ${host}${pathname}`)
    expect(said).not.toContain(password)
    expect(JSON.parse(shown)).toMatchObject({ user: { username: "ann" } })
  })

  test("what each group of commands makes is there for the next one", async () => {
    const say = async (group: GroupName, ...words: readonly string[]) =>
      JSON.parse(await administer(group, [...words, "--json"], env("commands")))
    await say("user", "add", "ann", "--no-password")

    const key = await say("key", "add", "ann", "--name", "bot")
    const invite = await say("invite", "add", "--uses", "2")
    const token = await say("token", "issue", "ann")
    await say("user", "disable", "ann")

    expect(await say("key", "list", "ann")).toMatchObject([{ id: key.id, name: "bot" }])
    expect(await say("invite", "list")).toMatchObject([{ code: invite.code, max_uses: 2 }])
    expect(JSON.stringify(token)).toMatch(/"eyJ[\w-]+\.[\w-]+\.[\w-]+"/)
    expect((await say("user", "show", "ann")).user.disabled_at).not.toBeNull()
  })
})
