import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createJwks } from "../../../src/auth/external/jwks"
import {
  type App,
  type AppKey,
  AUDIENCE,
  appKey,
  claimsFor,
  ISSUER,
  openApp,
  part,
  signed,
} from "../../support/app"
import { type House, openHouse } from "../../support/house"
import { type Answer, call } from "../../support/people"
import { expectProblem } from "../../support/scenarios"
import { waitUntil } from "../../support/wait"

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

describe("the app's set of keys", () => {
  let app: App
  let house: House
  let one: AppKey
  let two: AppKey
  const broken = () => new Response("broken", { status: 500 })

  beforeEach(async () => {
    one = await appKey("ES256", "one")
    two = await appKey("EdDSA", "two")
    app = openApp(one.jwk)
    house = await openHouse({
      env: {
        JWT_EXTERNAL_JWKS_URL: app.url,
        JWT_EXTERNAL_ISSUER: ISSUER,
        JWT_EXTERNAL_AUDIENCE: AUDIENCE,
      },
    })
  })
  afterEach(async () => {
    await house.stop()
    await app.stop()
  })

  const ask = (token: string): Promise<Answer> =>
    call(house.url, {
      method: "GET",
      path: "/users/me",
      headers: { authorization: `Bearer ${token}` },
    })
  const by = (key: AppKey, subject = "42") => {
    const day = 24 * 60 * MINUTE_MS
    const exp = Math.floor((house.clock.now() + day) / 1000)
    return signed(key, claimsFor(subject, house.clock.now(), { exp }))
  }
  /** Has the algorithm and the name, and a signature of nothing. */
  const junk = (kid: string) =>
    `${part({ alg: "ES256", kid })}.${part(claimsFor("42"))}.${"A".repeat(86)}`

  test("is fetched when the first token needs it, once for many at a time, and not again for 5 minutes", async () => {
    expect(app.asked()).toBe(0)
    const tokens = await Promise.all(["a", "b", "c", "d"].map((it) => by(one, it)))

    const answers = await Promise.all(tokens.map(ask))
    house.clock.advance(5 * MINUTE_MS - 2 * SECOND_MS)
    answers.push(await ask(await by(one, "e")))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(app.asked()).toBe(1)
    house.clock.advance(2 * SECOND_MS)
    await ask(await by(one, "f"))
    expect(app.asked()).toBe(2)
  })

  test("given the app takes a new key, then its tokens are good as soon as 10 s after the last look, and the old key's too", async () => {
    expect((await ask(await by(one))).status).toBe(200)
    app.tell(one.jwk, two.jwk)
    house.clock.advance(10 * SECOND_MS)

    expect((await ask(await by(two))).status).toBe(200)

    expect((await ask(await by(one))).status).toBe(200)
    expect(app.asked()).toBe(2)
  })

  test("given a token names an unknown key within 10 s of the last look, then it is refused without one", async () => {
    await ask(await by(one))
    app.tell(one.jwk, two.jwk)
    house.clock.advance(9 * SECOND_MS)

    expectProblem(await ask(await by(two)), "unauthorized")

    expect(app.asked()).toBe(1)
  })

  test("given somebody makes up a hundred names of keys, then the app is asked once in 10 s", async () => {
    await ask(await by(one))
    for (const round of [1, 2]) {
      house.clock.advance(10 * SECOND_MS)

      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => ask(junk(`made-up-${round}-${index}`))),
      )

      for (const answer of answers) expectProblem(answer, "unauthorized")
      expect(app.asked()).toBe(1 + round)
    }
    expect((await ask(await by(one))).status).toBe(200)
  })

  test("a token that is refused for its shape or its algorithm does not have the app asked", async () => {
    const hs256 = `${part({ alg: "HS256", kid: "one" })}.${part(claimsFor("42"))}.AAAA`

    for (const token of [hs256, junk("../one"), junk("")]) {
      expectProblem(await ask(token), "unauthorized")
    }

    expect(app.asked()).toBe(0)
  })

  test("given a key is withdrawn, then its tokens are refused after 5 minutes, also one that was good before", async () => {
    const before = await by(one)
    expect((await ask(before)).status).toBe(200)
    app.tell(two.jwk)

    house.clock.advance(5 * MINUTE_MS)

    expectProblem(await ask(before), "unauthorized")
    expectProblem(await ask(await by(one)), "unauthorized")
    expect((await ask(await by(two))).status).toBe(200)
    app.tell()
    house.clock.advance(5 * MINUTE_MS)
    expectProblem(await ask(await by(two)), "unauthorized")
  })

  test("given a look shows sooner that a key is withdrawn, then its tokens are refused from then on", async () => {
    const before = await by(one)
    expect((await ask(before)).status).toBe(200)
    app.tell(two.jwk)
    house.clock.advance(10 * SECOND_MS)

    expect((await ask(await by(two))).status).toBe(200)

    expectProblem(await ask(before), "unauthorized")
  })

  test.each<[string, () => Response]>([
    ["500", broken],
    ["no JSON", () => new Response("<html>")],
    ["JSON that is no set of keys", () => Response.json({ jwks: [] })],
    ["a set of no keys", () => Response.json({ keys: [7] })],
    ["a megabyte", () => Response.json({ keys: [], filler: "x".repeat(1024 * 1024) })],
  ])(
    "given the app answers with %s, then tokens are overloaded, and good when it is well again 10 s later",
    async (_trouble, answer) => {
      app.answerWith(answer)
      const token = await by(one)

      const refused = await ask(token)
      await Promise.all([ask(token), ask(token)])

      expectProblem(refused, "overloaded")
      expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 11)
      expect(app.asked()).toBe(1)
      app.answerWith(null)
      house.clock.advance(10 * SECOND_MS)
      expect((await ask(token)).status).toBe(200)
    },
  )

  test("given the app is down, then keys that we have go on counting for an hour, and then their tokens are overloaded", async () => {
    const seen = await by(one)
    expect((await ask(seen)).status).toBe(200)
    app.answerWith(broken)

    for (const minutes of [6, 50]) {
      house.clock.advance(minutes * MINUTE_MS)
      expect((await ask(seen)).status).toBe(200)
      expect((await ask(await by(one))).status).toBe(200)
    }
    // Who else may have signed, nobody can tell now.
    expectProblem(await ask(await by(two)), "overloaded")
    house.clock.advance(4 * MINUTE_MS)

    expectProblem(await ask(seen), "overloaded")
    app.answerWith(null)
    house.clock.advance(10 * SECOND_MS)
    expect((await ask(seen)).status).toBe(200)
  })

  test("given the app answers with a redirect, then it is not followed, not even to the right keys", async () => {
    const elsewhere = openApp(one.jwk)
    app.answerWith(() => Response.redirect(elsewhere.url))

    expectProblem(await ask(await by(one)), "overloaded")

    expect(elsewhere.asked()).toBe(0)
    await elsewhere.stop()
  })

  test("given the app is not even there, then it is the same", async () => {
    await app.stop()

    expectProblem(await ask(await by(one)), "overloaded")
  })

  test("a token without a key's name is good where one key fits, and refused where several do", async () => {
    const { kid: _kid, ...nameless } = one.jwk
    app.tell(nameless, two.jwk)
    const header = part({ alg: "ES256" })
    const [, claims = ""] = (await by(one)).split(".")
    const signature = await crypto.subtle.sign(
      { name: "ECDSA", hash: "SHA-256" },
      one.privateKey,
      Buffer.from(`${header}.${claims}`),
    )
    const token = `${header}.${claims}.${Buffer.from(signature).toString("base64url")}`
    expect((await ask(token)).status).toBe(200)

    const three = await appKey("ES256", "three")
    app.tell(one.jwk, three.jwk)
    house.clock.advance(5 * MINUTE_MS)

    expectProblem(await ask(token), "unauthorized")
  })

  test("a weak or odd key beside a good one verifies nothing and spoils nothing", async () => {
    const odd = { kty: "EC", crv: "P-256", kid: "odd", x: "AA", y: "AA" }
    app.tell(odd, { kty: "???", kid: "kind" }, {}, one.jwk)

    expect((await ask(await by(one))).status).toBe(200)
    expectProblem(await ask(junk("odd")), "unauthorized")
    expectProblem(await ask(junk("kind")), "unauthorized")
  })
})

describe("an app that hangs", () => {
  const hangs = () =>
    new Response(
      new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('{"keys":'))
        },
      }),
    )

  test("is waited for as long as was said, body included, and while it hangs nobody waits who has keys", async () => {
    const key = await appKey("ES256", "one")
    const app = openApp(key.jwk)
    let now = 0
    const troubles: unknown[] = []
    const jwks = createJwks({
      url: app.url,
      now: () => now,
      onTrouble: (error) => troubles.push(error),
      timeoutMs: 300,
    })
    const name = { alg: "ES256", kid: "one" }
    expect(await jwks.find(name)).not.toBeNull()
    app.answerWith(hangs)

    now += 5 * MINUTE_MS
    const startedAt = performance.now()
    expect(await jwks.find(name)).not.toBeNull()
    expect(performance.now() - startedAt).toBeWithin(290, 2_000)
    expect(troubles).toHaveLength(1)

    now += 10 * SECOND_MS
    const againAt = performance.now()
    expect(await jwks.find(name)).not.toBeNull()
    expect(performance.now() - againAt).toBeLessThan(290)
    await waitUntil("the app was asked again", () => app.asked() === 3)
    await app.stop()
  })
})
