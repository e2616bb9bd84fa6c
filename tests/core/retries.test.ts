import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createClaims } from "../../src/auth/claims"
import { createRateLimit } from "../../src/core/rate-limit"
import { asRoomId } from "../../src/protocol/ids"
import { bothDatabases, postgresGround } from "../support/both-databases"
import { codeOf, openChat, type TestChat } from "../support/chat"

const canRunPostgres = bothDatabases.some(({ name }) => name === "Postgres")
if (!canRunPostgres) console.warn("Left out, because there is no Postgres: what retries count as")

/** Writes that Postgres undoes, so that their scripts run again or their deed has not been done. */
describe.skipIf(!canRunPostgres)("what is counted of a write that Postgres undoes", () => {
  let ground: Awaited<ReturnType<typeof postgresGround>>
  let house: TestChat

  beforeEach(async () => {
    ground = await postgresGround()
    house = await openChat({ ground, settings: { joinsPerMinuteMax: 2 } })
    await ground.change("create sequence undone")
  }, 30_000)
  afterEach(async () => {
    await house.close()
    await ground.remove()
  }, 30_000)

  /** The first so many commits of new rows in the table fail: sequences are never undone. */
  async function undo(table: string, { times, code }: { times: number; code: string }) {
    await ground.change(`
      create or replace function undo() returns trigger language plpgsql as $$
      begin
        if nextval('undone') <= ${times} then raise exception 'undone' using errcode = '${code}';
        end if;
        return null;
      end $$`)
    await ground.change(`
      create constraint trigger undo after insert on ${table} deferrable initially deferred
      for each row execute function undo()`)
  }
  const timesTried = async () => (await ground.rows("select last_value from undone"))[0]?.[0]

  function openClaims(makingsMax: number) {
    const { store, now } = house
    const makings = createRateLimit(makingsMax, now)
    const newId = () => Bun.randomUUIDv7()
    return createClaims({ store, trustsClaims: true, makings, now, newId })
  }
  const account = (username: string) => ({
    username,
    displayName: null,
    password: null,
    email: null,
  })

  test("a user who is made by a claim at the third try is one of 2 a minute", async () => {
    await undo("users", { times: 2, code: "40001" })
    const claims = openClaims(2)

    await claims.checkClaim(null, "eve")
    expect(await timesTried()).toBe(3)

    expect(await codeOf(claims.checkClaim(null, "fay"))).toBe("no error")
    expect(await codeOf(claims.checkClaim(null, "gil"))).toBe("rate_limited")
  }, 30_000)

  test("a user who is added at the third try is one of 2 a minute", async () => {
    await undo("users", { times: 2, code: "40001" })
    const claims = openClaims(2)

    await claims.addUser(account("eve"))

    expect(await codeOf(claims.addUser(account("fay")))).toBe("no error")
    expect(await codeOf(claims.addUser(account("gil")))).toBe("rate_limited")
  }, 30_000)

  test("a user who could not be made counts as none", async () => {
    await undo("users", { times: 1, code: "P0001" })
    const claims = openClaims(1)

    expect(await codeOf(claims.checkClaim(null, "eve"))).not.toBe("no error")

    expect(await codeOf(claims.checkClaim(null, "eve"))).toBe("no error")
    expect(await codeOf(claims.checkClaim(null, "fay"))).toBe("rate_limited")
  }, 30_000)

  test("a conversation that could not be begun counts as no join, and one at the second try as one", async () => {
    const [ann, bob, eve] = [
      await house.person("ann"),
      await house.person("bob"),
      await house.person("eve"),
    ]
    const open = (other: typeof ann) =>
      house.chat.conversations.openConversation(ann, [other.user.id])
    await undo("rooms", { times: 1, code: "P0001" })
    expect(await codeOf(open(bob))).not.toBe("no error")

    await open(bob)
    await open(bob)
    await open(eve)

    expect(await codeOf(open(ann))).toBe("rate_limited")
  }, 30_000)

  test("who comes into a room of a new name at the third try has joined once", async () => {
    const eve = { user: (await house.person("eve")).user, via: { type: "claim" } } as const
    await undo("rooms", { times: 2, code: "40001" })
    const enter = (name: string) =>
      house.chat.entering.enterRoom(eve, {
        roomId: asRoomId(name),
        createsMissing: true,
        countsReturns: false,
      })

    await enter("attic")
    expect(await timesTried()).toBe(3)

    expect(await codeOf(enter("cellar"))).toBe("no error")
    expect(await codeOf(enter("garden"))).toBe("rate_limited")
  }, 30_000)
})
