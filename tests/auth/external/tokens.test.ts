import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createPrivateKey } from "node:crypto"
import { exportPKCS8, type JWTPayload, SignJWT } from "jose"
import {
  type AppKey,
  AUDIENCE,
  appKey,
  claimsFor,
  forged,
  ISSUER,
  openApp,
  part,
  signed,
} from "../../support/app"
import { type House, openHouse } from "../../support/house"
import { call, type Person, person } from "../../support/people"
import { expectProblem } from "../../support/scenarios"

const OWN_SECRET = new Uint8Array(32).fill(7)
const SECRET = "the secret of the app, 32 letters"
const NAMES = { JWT_EXTERNAL_ISSUER: ISSUER, JWT_EXTERNAL_AUDIENCE: AUDIENCE }
const HS256 = { alg: "HS256", typ: "JWT" }

const ask = (house: House, token: string) =>
  call(house.url, {
    method: "GET",
    path: "/users/me",
    headers: { authorization: `Bearer ${token}` },
  })

const publicKeyOf = ({ pem }: AppKey) => ({ JWT_EXTERNAL_PUBLIC_KEY: pem })
const claims = (more: JWTPayload = {}) => claimsFor("42", Date.now(), more)
const seconds = () => Math.floor(Date.now() / 1000)

describe("a token of the app, by the kind of its key", () => {
  test("HS256 with the shared secret is good, and other hashes with it are not", async () => {
    const house = await openHouse({ env: { ...NAMES, JWT_EXTERNAL_SECRET: SECRET } })

    expect((await ask(house, forged(HS256, claims(), SECRET))).status).toBe(200)
    const longer = new SignJWT(claims()).setProtectedHeader({ alg: "HS384" })
    const token = await longer.sign(new TextEncoder().encode(SECRET))
    expectProblem(await ask(house, token), "unauthorized")

    await house.stop()
  })

  test.each(["RS256", "ES256", "EdDSA"])(
    "%s is good by its public key and from the set of keys, and by no other key or algorithm",
    async (alg) => {
      const [key, other] = [await appKey(alg, "one"), await appKey(alg, "one")]
      const app = openApp(key.jwk)
      const byKey = await openHouse({ env: { ...NAMES, ...publicKeyOf(key) } })
      const oneLine = key.pem.trim().replaceAll("\n", "\\n")
      const byLine = await openHouse({ env: { ...NAMES, JWT_EXTERNAL_PUBLIC_KEY: oneLine } })
      const bySet = await openHouse({ env: { ...NAMES, JWT_EXTERNAL_JWKS_URL: app.url } })

      for (const house of [byKey, byLine, bySet]) {
        expect((await ask(house, await signed(key, claims()))).status).toBe(200)
        // The same name, and somebody else's key.
        expectProblem(await ask(house, await signed(other, claims())), "unauthorized")
        for (const secret of [key.pem, key.pem.trim(), JSON.stringify(key.jwk)]) {
          const confused = forged({ alg: "HS256", kid: "one" }, claims({ a: 1 }), secret)
          expectProblem(await ask(house, confused), "unauthorized")
          const claimed = forged({ alg, kid: "one" }, claims({ a: 1 }), secret)
          expectProblem(await ask(house, claimed), "unauthorized")
        }
        await house.stop()
      }
      await app.stop()
    },
  )

  test("the type of the key pins the algorithm: RS384, RS512 and PS256 by an RSA key are refused", async () => {
    const key = await appKey("RS256", "one")
    const app = openApp(key.jwk)
    const { alg: _alg, ...jwkOfAnyAlgorithm } = key.jwk
    const anyAlgorithm = openApp(jwkOfAnyAlgorithm)
    const settings = [
      publicKeyOf(key),
      { JWT_EXTERNAL_JWKS_URL: app.url },
      { JWT_EXTERNAL_JWKS_URL: anyAlgorithm.url },
    ]
    const pair = createPrivateKey(await exportPKCS8(key.privateKey))
    const by = (alg: string) =>
      new SignJWT(claims()).setProtectedHeader({ alg, kid: "one" }).sign(pair)

    for (const env of settings) {
      const house = await openHouse({ env: { ...NAMES, ...env } })
      expect((await ask(house, await by("RS256"))).status).toBe(200)
      for (const alg of ["RS384", "RS512", "PS256"]) {
        expectProblem(await ask(house, await by(alg)), "unauthorized")
      }
      await house.stop()
    }
    await app.stop()
    await anyAlgorithm.stop()
  })

  test("a secret among the app's public keys verifies nothing", async () => {
    const k = Buffer.from(SECRET).toString("base64url")
    const app = openApp({ kty: "oct", kid: "one", alg: "HS256", k }, { kty: "oct", kid: "two", k })
    const house = await openHouse({ env: { ...NAMES, JWT_EXTERNAL_JWKS_URL: app.url } })

    for (const kid of ["one", "two"]) {
      expectProblem(
        await ask(house, forged({ alg: "HS256", kid }, claims(), SECRET)),
        "unauthorized",
      )
    }
    expect(app.asked()).toBe(0)

    await house.stop()
    await app.stop()
  })
})

describe("tokens of the app", () => {
  let house: House
  let ann: Person

  beforeAll(async () => {
    house = await openHouse({
      env: { ...NAMES, JWT_EXTERNAL_SECRET: SECRET },
      tokenSecret: OWN_SECRET,
    })
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  const made = (more: object = {}) => forged(HS256, { ...claims(), ...more }, SECRET)
  const withHeader = (more: object) => forged({ ...HS256, ...more }, claims(), SECRET)

  test("one that is made by hand with the right key and claims is good: what follows changes one thing each", async () => {
    const answer = await ask(house, made())

    expect(answer.status).toBe(200)
    expect(answer.body.id).not.toBe(ann.id)
  })

  test.each<[string, () => string]>([
    ["a list of audiences with ours in it", () => made({ aud: ["other", AUDIENCE] })],
    ["a key's name", () => withHeader({ kid: "2026-11_a.b" })],
    ["the longest name of a key", () => withHeader({ kid: "k".repeat(128) })],
    ["no type", () => forged({ alg: "HS256" }, claims(), SECRET)],
    ["the type of access tokens", () => withHeader({ typ: "at+jwt" })],
    ["a start within 30 s: the app's clock is ahead", () => made({ nbf: seconds() + 25 })],
    ["an end in a second or two", () => made({ exp: seconds() + 2 })],
    ["a subject of one letter", () => made({ sub: "x" })],
    ["a subject of 255 letters", () => made({ sub: "é".repeat(255) })],
  ])("takes one with %s", async (_what, make) => {
    expect((await ask(house, make())).status).toBe(200)
  })

  test.each<[string, () => string]>([
    ["alg: none, without a signature", () => `${part({ alg: "none" })}.${part(claims())}.`],
    [
      "alg: none, with a signature",
      () => `${part({ alg: "none" })}.${made().split(".").slice(1).join(".")}`,
    ],
    ["no alg", () => forged({ typ: "JWT" }, claims(), SECRET)],
    ["another secret", () => forged(HS256, claims(), "another secret of the same length")],
    ["our own secret", () => forged(HS256, claims(), OWN_SECRET)],
    [
      "the claims of one of our sessions too, under our own secret",
      () => {
        const ours = JSON.parse(Buffer.from(ann.token.split(".")[1] ?? "", "base64url").toString())
        return forged(HS256, claims({ ...ours }), OWN_SECRET)
      },
    ],
    [
      "other claims under the old signature",
      () => {
        const [header, , signature] = made().split(".")
        return `${header}.${part(claims({ sub: "43" }))}.${signature}`
      },
    ],
    ["another issuer", () => made({ iss: "https://evil.example" })],
    ["the issuer and a slash", () => made({ iss: `${ISSUER}/` })],
    ["no issuer", () => made({ iss: undefined })],
    ["issuers in a list", () => forged(HS256, { ...claims(), iss: [ISSUER] }, SECRET)],
    ["another audience", () => made({ aud: "elsewhere" })],
    ["no audience", () => made({ aud: undefined })],
    ["an empty list of audiences", () => made({ aud: [] })],
    ["an end that is past", () => made({ exp: seconds() - 1 })],
    ["no end", () => made({ exp: undefined })],
    ["an end that is text", () => forged(HS256, { ...claims(), exp: "9999999999" }, SECRET)],
    ["a start to come", () => made({ nbf: seconds() + 60 })],
    ["no subject", () => made({ sub: undefined })],
    ["an empty subject", () => made({ sub: "" })],
    ["a subject of 256 letters", () => made({ sub: "x".repeat(256) })],
    ["a subject that is a number", () => forged(HS256, { ...claims(), sub: 42 }, SECRET)],
    ["a subject with NUL", () => made({ sub: "a\0b" })],
    ["half of a letter as subject", () => made({ sub: "\ud800" })],
    ["a key in its header", () => withHeader({ jwk: { kty: "oct", k: "AAAA" } })],
    ["the address of a key", () => withHeader({ jku: "http://127.0.0.1:1/" })],
    ["the address of a certificate", () => withHeader({ x5u: "http://127.0.0.1:1/" })],
    ["a certificate", () => withHeader({ x5c: ["MIIB"] })],
    ["an extension that must be understood", () => withHeader({ crit: ["x"], x: 1 })],
    ["a payload as it is", () => withHeader({ crit: ["b64"], b64: true })],
    ["the type of a logout token", () => withHeader({ typ: "logout+jwt" })],
    ["a key's name that climbs", () => withHeader({ kid: "../../dev/null" })],
    ["a key's name with two dots", () => withHeader({ kid: "a..b" })],
    ["a key's name with a slash", () => withHeader({ kid: "keys/one" })],
    ["a key's name with a backslash", () => withHeader({ kid: "keys\\one" })],
    ["a key's name in percents", () => withHeader({ kid: "%2e%2e%2fone" })],
    ["a key's name with a quote", () => withHeader({ kid: "x' or '1'='1" })],
    ["a key's name with a line break", () => withHeader({ kid: "one\n" })],
    ["an empty name of a key", () => withHeader({ kid: "" })],
    ["a key's name of 129 letters", () => withHeader({ kid: "k".repeat(129) })],
    ["a key's name that is a number", () => withHeader({ kid: 1 })],
    ["claims that are no object", () => forged(HS256, [1], SECRET)],
    ["four parts", () => `${made()}.x`],
    ["no signature", () => made().split(".").slice(0, 2).join(".")],
    ["8 KiB and more", () => made({ filler: "x".repeat(8 * 1024) })],
  ])("refuses one with %s, and makes nobody", async (_what, make) => {
    const before = house.rows("select id from users")

    expectProblem(await ask(house, make()), "unauthorized")
    expect(house.rows("select id from users")).toEqual(before)
  })

  test("our own tokens stay good beside them, but not under the app's secret", async () => {
    const [, ours = ""] = ann.token.split(".")
    const own = JSON.parse(Buffer.from(ours, "base64url").toString())

    expect((await ask(house, ann.token)).body.id).toBe(ann.id)
    expectProblem(await ask(house, forged(HS256, own, SECRET)), "unauthorized")
    expectProblem(
      await ask(house, forged(HS256, { ...own, iss: ISSUER, aud: AUDIENCE }, OWN_SECRET)),
      "unauthorized",
    )
  })

  test("expire to the second, remembered or not", async () => {
    const own = await openHouse({ env: { ...NAMES, JWT_EXTERNAL_SECRET: SECRET } })
    const [seen, unseen] = ["1", "2"].map((sub) =>
      forged(HS256, claims({ sub, exp: seconds() + 60 }), SECRET),
    )
    expect((await ask(own, seen ?? "")).status).toBe(200)
    expect((await ask(own, seen ?? "")).status).toBe(200)

    own.clock.advance(61_000)

    expectProblem(await ask(own, seen ?? ""), "unauthorized")
    expectProblem(await ask(own, unseen ?? ""), "unauthorized")
    await own.stop()
  })

  test("given no app is set, then its tokens are nobody's", async () => {
    const own = await openHouse()

    expectProblem(await ask(own, made()), "unauthorized")
    await own.stop()
  })
})
