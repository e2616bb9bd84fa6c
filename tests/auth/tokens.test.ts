import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import { createTokens } from "../../src/auth/tokens"
import { asSessionId, asUserId } from "../../src/protocol/ids"
import { type House, openHouse } from "../support/house"
import { call, type Person, person } from "../support/people"
import { expectProblem } from "../support/scenarios"

const SECRET = new Uint8Array(32).fill(7)
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())

/** Signs whatever it is given, as a forger would who has a key. */
function forge(header: object, claims: object, { key = SECRET, hash = "sha256" } = {}): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac(hash, key).update(text).digest("base64url")}`
}

describe("access tokens", () => {
  let house: House
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    house = await openHouse({ tokenSecret: SECRET })
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
  })
  afterAll(() => house.stop())

  const ask = (token: string) =>
    call(house.url, {
      method: "GET",
      path: "/users/me",
      headers: { authorization: `Bearer ${token}` },
    })
  const HS256 = { alg: "HS256", typ: "JWT" }

  test("a token that is made by hand with the right key and claims is good: what follows forges one thing each", async () => {
    const answer = await ask(forge(HS256, claimsOf(ann.token)))

    expect(answer.body).toMatchObject({ id: ann.id })
    expect(claimsOf(ann.token)).toMatchObject({ sub: ann.id, sid: expect.any(String) })
  })

  test.each([
    [
      "alg: none, without a signature",
      () => `${part({ alg: "none" })}.${part(claimsOf(ann.token))}.`,
    ],
    [
      "alg: none, with the old signature",
      () => {
        const [, claims, signature] = ann.token.split(".")
        return `${part({ alg: "none" })}.${claims}.${signature}`
      },
    ],
    ["alg: HS512", () => forge({ alg: "HS512" }, claimsOf(ann.token), { hash: "sha512" })],
    ["alg: HS384", () => forge({ alg: "HS384" }, claimsOf(ann.token), { hash: "sha384" })],
    ["alg: RS256, signed with our secret", () => forge({ alg: "RS256" }, claimsOf(ann.token))],
    ["another key", () => forge(HS256, claimsOf(ann.token), { key: new Uint8Array(32).fill(8) })],
    [
      "a key of its own in its header",
      () => {
        const k = Buffer.from(new Uint8Array(32).fill(8)).toString("base64url")
        return forge({ ...HS256, jwk: { kty: "oct", k } }, claimsOf(ann.token), {
          key: new Uint8Array(32).fill(8),
        })
      },
    ],
    [
      "other claims under the old signature",
      () => {
        const [header, , signature] = ann.token.split(".")
        return `${header}.${part({ ...claimsOf(ann.token), sub: bob.id })}.${signature}`
      },
    ],
    [
      "one letter of the signature changed",
      () =>
        ann.token.replace(/.(.)$/, (end) => (end.startsWith("A") ? `B${end[1]}` : `A${end[1]}`)),
    ],
    [
      "the user of one and the session of another",
      () => forge(HS256, { ...claimsOf(ann.token), sid: claimsOf(bob.token).sid }),
    ],
    [
      "the session of one and the user of another",
      () => forge(HS256, { ...claimsOf(ann.token), sub: bob.id }),
    ],
    ["a session that never was", () => forge(HS256, { ...claimsOf(ann.token), sid: "none" })],
    ["no session", () => forge(HS256, { sub: ann.id, exp: claimsOf(ann.token).exp })],
    ["no end", () => forge(HS256, { ...claimsOf(ann.token), exp: undefined })],
    ["an end that is past", () => forge(HS256, { ...claimsOf(ann.token), exp: 1 })],
    ["an end that is text", () => forge(HS256, { ...claimsOf(ann.token), exp: "9999999999" })],
    ["a start to come", () => forge(HS256, { ...claimsOf(ann.token), nbf: 99_999_999_999 })],
    [
      "an extension that must be understood",
      () => forge({ ...HS256, crit: ["x"], x: 1 }, claimsOf(ann.token)),
    ],
    ["claims that are no object", () => forge(HS256, [1])],
    ["four parts", () => `${ann.token}.x`],
    ["nothing but dots", () => ".."],
  ])("refuses one with %s", async (_forgery, make) => {
    expectProblem(await ask(make()), "unauthorized")
  })

  test("one that was believed before is looked at again each time: it expires, and its session ends", async () => {
    const cleo = await person(house.url, "cleo")
    expect((await ask(cleo.token)).status).toBe(200)
    expect((await ask(cleo.token)).status).toBe(200)

    await cleo.post("/auth/logout")

    expectProblem(await ask(cleo.token), "unauthorized")
  })

  test("expire by our clock to the second, remembered or not", async () => {
    let now = 1_000_000_000_000
    const tokens = createTokens({ secret: SECRET, accessTokenMs: 60_000, now: () => now })
    const [seen, unseen] = await Promise.all(
      ["a", "b"].map((name) => tokens.issue(asUserId(name), asSessionId("s"))),
    )
    if (seen === undefined || unseen === undefined) throw new Error("two were made")
    expect(seen.expiresInSeconds).toBe(60)

    now += 59_000
    expect(await tokens.read(seen.token)).toEqual({
      userId: asUserId("a"),
      sessionId: asSessionId("s"),
      expiresAt: 1_000_000_060_000,
    })
    now += 1000
    expect(await tokens.read(seen.token)).toBeNull()
    expect(await tokens.read(unseen.token)).toBeNull()
  })

  test("a new version of @elysiajs/jwt would be noticed here: it signs and verifies outside of a route", async () => {
    const tokens = createTokens({ secret: SECRET, accessTokenMs: 60_000, now: Date.now })
    const { token } = await tokens.issue(asUserId("ann"), asSessionId("s"))

    expect(token.split(".")[0]).toBe(part(HS256))
    expect(Object.keys(claimsOf(token)).sort()).toEqual(["exp", "iat", "sid", "sub"])
    expect(await tokens.read(token)).toMatchObject({ userId: asUserId("ann") })
  })
})
