import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { UsageError } from "../../src/cli/usage-error"
import { ChatError } from "../../src/protocol/errors"
import { type Commands, createCommands } from "../support/commands"
import { call } from "../support/people"
import { readEverything } from "../support/rows"
import { expectProblem } from "../support/scenarios"
import { startServer } from "../support/server"

setDefaultTimeout(20_000)

describe("parley invite", () => {
  let house: Commands

  beforeAll(async () => {
    house = createCommands()
    await house.json("user add ann --no-password")
  })
  afterAll(() => house.remove())

  test("add makes a code that is good for one account beside a running server, and then for none", async () => {
    const { stdout, exitCode } = await house.run("invite add --uses 1")
    const code = /^Made invite ([0-9a-f]{32})\n$/.exec(stdout)?.[1] ?? ""
    const server = await startServer({ path: house.path, env: { CHAT_REGISTRATION: "invite" } })
    const register = (username: string, invite_code?: string) =>
      call(server.url, {
        method: "POST",
        path: "/auth/register",
        body: { username, password: "correct horse", invite_code },
      })

    expect(exitCode).toBe(0)
    expectProblem(await register("bob"), "forbidden")
    expect(await house.json("invite list")).toMatchObject([{ code, uses: 0, max_uses: 1 }])
    const bob = await register("bob", code)
    expectProblem(await register("eve", code), "invite_not_found")

    expect(bob.status).toBe(200)
    expect(await house.json("invite list")).toEqual([])
    const authorization = `Bearer ${bob.body.access_token}`
    const accepted = await call(server.url, {
      method: "POST",
      path: `/invites/${(await house.json("invite add")).code}`,
      headers: { authorization },
    })
    expectProblem(accepted, "invite_not_found")
    await server.stop()
  })

  test("revoke ends one, once", async () => {
    const { code } = await house.json("invite add --expires 7d")
    expect((await house.run("invite list")).stdout).toContain(code)

    expect(await house.json(`invite revoke ${code}`)).toEqual({ code })

    expect((await house.run("invite list")).stdout).not.toContain(code)
    const again = await house.json(`invite revoke ${code}`).catch((error) => error)
    expect(again).toBeInstanceOf(ChatError)
    expect(again.code).toBe("invite_not_found")
  })

  test.each([
    ["invite add --uses 0", "--uses: must be a number from 1 to 100000"],
    ["invite add --uses many", "--uses: must be a number from 1 to 100000"],
    ["invite add --expires 0", "--expires: must be between 1s and 3650d"],
    ["invite revoke", "<code> is missing"],
  ])("%s is refused, and nothing is changed", async (words, text) => {
    const before = readEverything(house.path)

    const error = await house.json(words).catch((it) => it)

    expect(error).toBeInstanceOf(UsageError)
    expect(error.message).toContain(text)
    expect(readEverything(house.path)).toEqual(before)
  })
})
