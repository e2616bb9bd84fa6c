import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createClaims } from "../../src/auth/claims"
import { createKeys } from "../../src/auth/keys"
import { createRateLimit } from "../../src/core/rate-limit"
import type { Claim } from "../../src/protocol/claims"
import type { Actor } from "../../src/protocol/entities"
import { asUserNumericId, SYSTEM_USER_ID } from "../../src/protocol/ids"
import { LIMITS } from "../../src/protocol/limits"
import { codeOf, openChat, type TestChat } from "../support/chat"
import { changeRows, readEverything, readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"

let scratch: Scratch
let path: string
let house: TestChat
let ann: Actor

beforeEach(async () => {
  scratch = createScratch()
  path = scratch.path("parley.db")
  house = await openChat({ path })
  ann = await house.person("ann")
})
afterEach(async () => {
  await house.close()
  scratch.remove()
})

function openClaims(trustsClaims = true) {
  const { store, now } = house
  const makings = createRateLimit(LIMITS.claimedUsersPerMinuteMax, now)
  return createClaims({ store, trustsClaims, makings, now, newId: () => Bun.randomUUIDv7() })
}

const change = (statement: string) => changeRows(path, statement)
const users = () => readRows(path, "select * from users where numeric_id > 0 order by numeric_id")

describe("a claim beside credentials", () => {
  const names = ({ user }: Actor): Claim[] => [
    user.id,
    "ann",
    "Ann",
    "ANN",
    user.numericId,
    String(user.numericId),
  ]

  test.each([true, false])("names the one who has them, trusted or not (%p)", async (trusts) => {
    for (const claim of names(ann))
      expect(await openClaims(trusts).checkClaim(ann, claim)).toBe(ann)
  })

  test.each([true, false])("is forbidden for anybody else, trusted or not (%p)", async (trusts) => {
    const bob = await house.person("bob")
    const claims = openClaims(trusts)
    await openClaims().checkClaim(null, "carl")
    const before = readEverything(path)
    const nobodys: Claim[] = ["nobody", 99, -1, 1.5, Number.NaN, "", " ann", "1e0", "9".repeat(30)]

    for (const claim of [...names(bob).slice(4), bob.user.id, "bob", "carl", 0, ...nobodys]) {
      expect([claim, await codeOf(claims.checkClaim(ann, claim))]).toEqual([claim, "forbidden"])
    }
    expect(readEverything(path)).toEqual(before)
  })

  test("of one who came by a claim names that very user again, and no other", async () => {
    const claims = openClaims()
    const carl = await claims.checkClaim(null, "carl")
    await claims.checkClaim(null, "dora")

    expect(await claims.checkClaim(carl, "CARL")).toBe(carl)
    expect(await codeOf(claims.checkClaim(carl, "dora"))).toBe("forbidden")
  })

  test("says in its refusal where it stood", async () => {
    const asked = openClaims().checkClaim(ann, "bob", { field: "sender_id" })

    await expect(asked).rejects.toThrow("sender_id is another user's id")
  })
})

describe("a claim without credentials", () => {
  test("is nothing where claims are not trusted, and neither is a visitor", async () => {
    const claims = openClaims(false)
    const before = readEverything(path)

    expect(await codeOf(claims.checkClaim(null, "carl"))).toBe("unauthorized")
    expect(await codeOf(claims.checkClaim(null, "ann"))).toBe("unauthorized")
    expect(await codeOf(claims.identifyVisitor())).toBe("unauthorized")
    expect(readEverything(path)).toEqual(before)
  })

  test("makes the user it names: text is the public id, and the name where it can be one", async () => {
    const long = "x".repeat(100)
    const { user, via } = await openClaims().checkClaim(null, "user123")
    const nameless = await openClaims().checkClaim(null, long)
    const short = await openClaims().checkClaim(null, "_")

    expect(via).toEqual({ type: "claim" })
    expect(user).toMatchObject({ id: "user123", username: "user123", numericId: 2, role: "user" })
    expect(nameless.user).toMatchObject({ id: long, username: "user-3", numericId: 3 })
    expect(short.user).toMatchObject({ id: "_", username: "user-4" })
    expect(users()[1]).toMatchObject({ origin: "claimed", password_hash: null, email: null })
  })

  test("a number, or digits alone, is the numeric id", async () => {
    const claims = openClaims()
    const { user } = await claims.checkClaim(null, 4711)

    expect(user).toMatchObject({ numericId: 4711, username: "user-4711" })
    expect(user.id).toMatch(/^[0-9a-f-]{36}$/)
    for (const same of ["4711", "04711", user.id, "User-4711"]) {
      expect((await claims.checkClaim(null, same)).user).toEqual(user)
    }
    expect((await claims.checkClaim(null, "next")).user.numericId).toBe(asUserNumericId(4712))
  })

  test("makes a user whose wanted name is taken, by another name", async () => {
    await house.person("user-3")

    const { user } = await openClaims().checkClaim(null, 3)

    expect(user.username).toMatch(/^user-3-[0-9a-f]{8}$/)
  })

  test("finds the same user ever after, and so do twenty at once", async () => {
    const claims = openClaims()
    const crowd: Claim[] = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "crowd" : "CROWD"))
    const actors = await Promise.all(crowd.map((claim) => claims.checkClaim(null, claim)))
    const numbers = await Promise.all(crowd.map(() => claims.checkClaim(null, 77)))

    expect(new Set(actors.map(({ user }) => user.numericId)).size).toBe(1)
    expect(new Set(numbers.map(({ user }) => user.id)).size).toBe(1)
    expect(users()).toHaveLength(3)
  })

  test.each<[Claim]>([
    [""],
    ["."],
    [".."],
    ["a b"],
    ["a/b"],
    ["é"],
    ["a\0"],
    ["x".repeat(101)],
    [-1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1_000_000_000],
    ["1000000000"],
    ["9".repeat(30)],
  ])("of %p is invalid_request, and makes nobody", async (claim) => {
    const before = readEverything(path)

    expect(await codeOf(openClaims().checkClaim(null, claim))).toBe("invalid_request")

    expect(readEverything(path)).toEqual(before)
  })

  test("is forbidden for whoever has an account, by any of their names, and for the server's own user", async () => {
    const { id, numericId } = ann.user
    const before = readEverything(path)

    for (const claim of [id, "ann", "ANN", numericId, SYSTEM_USER_ID, "system", 0, "0", -0]) {
      expect([claim, await codeOf(openClaims().checkClaim(null, claim))]).toEqual([
        claim,
        "forbidden",
      ])
    }
    expect(readEverything(path)).toEqual(before)
  })

  test.each([
    ["has a password", "update users set password_hash = 'x' where id = 'carl'"],
    ["is an admin", "update users set role = 'admin' where id = 'carl'"],
    ["is of another origin", "update users set origin = 'local' where id = 'carl'"],
    ["has an identity elsewhere", "update users set issuer = 'i', subject = 's' where id = 'carl'"],
    [
      "has a key, be it revoked",
      `insert into api_keys (id, user_numeric_id, name, hash, scopes, created_at, revoked_at)
       select 'k', numeric_id, 'bot', 'h', '[]', 1, 2 from users where id = 'carl'`,
    ],
  ])("is forbidden once the user %s", async (_what, statement) => {
    const claims = openClaims()
    const { user } = await claims.checkClaim(null, "carl")
    change(statement)

    for (const claim of ["carl", user.numericId]) {
      expect(await codeOf(claims.checkClaim(null, claim))).toBe("forbidden")
    }
    expect((await claims.checkClaim(null, "dora")).user.id).not.toBe(user.id)
  })

  test.each([
    ["disabled", "update users set disabled_at = 1 where id = 'carl'"],
    ["deleted", "update users set deleted_at = 1, username_key = 'deleted-2' where id = 'carl'"],
  ])(
    "is unauthorized once the user is %s, and their ids are nobody else's",
    async (_, statement) => {
      const claims = openClaims()
      await claims.checkClaim(null, "carl")
      change(statement)
      const before = readEverything(path)

      for (const claim of ["carl", 2]) {
        expect(await codeOf(claims.checkClaim(null, claim))).toBe("unauthorized")
      }
      expect(readEverything(path)).toEqual(before)
    },
  )

  test("refuses the 601st user of a minute that is made by a claim, and goes on with those who are there", async () => {
    const claims = openClaims()
    for (let made = 0; made < 300; made++) await claims.checkClaim(null, `user.${made}`)
    for (let made = 0; made < 300; made++) await addUser(claims, `other.${made}`)

    expect(await codeOf(claims.checkClaim(null, "one-more"))).toBe("rate_limited")
    expect(await codeOf(addUser(claims, "one-more"))).toBe("rate_limited")
    expect(await codeOf(claims.identifyVisitor())).toBe("rate_limited")
    expect((await claims.checkClaim(null, "user.7")).user.username).toBe("user.7")
    expect(users()).toHaveLength(601)

    house.advance(60_000)
    expect((await claims.checkClaim(null, "one-more")).user.username).toBe("one-more")
  })
})

describe("a visitor", () => {
  test("is one user for all", async () => {
    const claims = openClaims()
    const visitors = await Promise.all([1, 2, 3].map(() => claims.identifyVisitor()))

    expect(visitors.map(({ user }) => user.id)).toEqual(Array(3).fill("visitor"))
    expect(visitors[0]).toMatchObject({ user: { username: "visitor" }, via: { type: "claim" } })
    expect(users()).toHaveLength(2)
  })

  test("is nobody who registered by that name, and has another then", async () => {
    const registered = await house.person("visitor")

    const { user } = await openClaims().identifyVisitor()

    expect(user).toMatchObject({ id: "visitor", username: "user-3" })
    expect(user.numericId).not.toBe(registered.user.numericId)
  })
})

describe("whoever came by a claim", () => {
  const keysOf = () =>
    createKeys({ store: house.store, now: house.now, newId: () => Bun.randomUUIDv7() })
  const wish = { name: "bot", scopes: [], expiresAt: null }

  test("makes no keys, and is given none by anybody", async () => {
    const carl = await openClaims().checkClaim(null, "carl")
    const byGateway: Actor = { user: carl.user, via: { type: "gateway" } }

    expect(await codeOf(keysOf().createKey(carl, wish))).toBe("forbidden")
    expect(await codeOf(keysOf().createKey(byGateway, wish))).toBe("forbidden")
    expect(await codeOf(keysOf().makeKey(carl.user, wish))).toBe("forbidden")
    expect(readRows(path, "select * from api_keys")).toEqual([])
    expect((await keysOf().makeKey(ann.user, wish)).key).toStartWith("prk_")
  })

  test("makes none as a user with an account either, should it ever come to that", async () => {
    const actor: Actor = { user: ann.user, via: { type: "claim" } }

    expect(await codeOf(keysOf().createKey(actor, wish))).toBe("forbidden")
  })
})

const addUser = (claims: ReturnType<typeof openClaims>, username: string) =>
  claims.addUser({ username, password: null, email: null, displayName: null })
