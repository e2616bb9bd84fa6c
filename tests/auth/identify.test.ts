import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createIdentify, type Identify } from "../../src/auth/identify"
import { createOriginCheck } from "../../src/auth/origin"
import { createTokens } from "../../src/auth/tokens"
import { ChatError } from "../../src/protocol/errors"
import { codeOf } from "../support/chat"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"

const GATEWAY = "a gateway's secret"
const PAGES = "https://chat.example"
const EVIL = "https://evil.example"

let house: House
let ann: Person
let bob: Person
let identify: Identify

beforeAll(async () => {
  const tokenSecret = new Uint8Array(32).fill(7)
  house = await openHouse({ tokenSecret })
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
  const { store, clock } = house
  identify = createIdentify({
    store,
    tokens: createTokens({ secret: tokenSecret, accessTokenMs: 60_000, now: clock.now }),
    external: null,
    isAllowedOrigin: createOriginCheck([PAGES]),
    internalApiKey: GATEWAY,
    noteKeyUse: () => undefined,
    now: clock.now,
  })
})
afterAll(() => house.stop())

const bearer = ({ token }: Person) => new Headers({ authorization: `Bearer ${token}` })
const cookie = ({ token }: Person, origin?: string) =>
  new Headers({
    cookie: `access_token=${token}`,
    host: "chat.example:3000",
    ...(origin === undefined ? {} : { origin }),
  })
const gateway = (secret: string, user: string) =>
  new Headers({ "x-internal-api-key": secret, "x-user-id": user })

describe("the tokens of a handshake", () => {
  const whoIs = async (...asked: Parameters<Identify["identifyRequest"]>) =>
    (await identify.identifyRequest(...asked))?.user.username

  test("stand in the URL or in auth.token, and auth.token is asked first", async () => {
    expect(await whoIs(new Headers(), { urlToken: ann.token })).toBe("ann")
    expect(await whoIs(new Headers(), { authToken: ann.token })).toBe("ann")
    expect(await whoIs(new Headers(), { authToken: ann.token, urlToken: bob.token })).toBe("ann")
    expect(await whoIs(new Headers(), { authToken: null, urlToken: null })).toBeUndefined()
  })

  test("count less than a header and more than a cookie, be it of a foreign page", async () => {
    expect(await whoIs(bearer(ann), { authToken: bob.token })).toBe("ann")
    expect(await whoIs(cookie(bob, EVIL), { authToken: ann.token })).toBe("ann")
    expect(await whoIs(cookie(bob, EVIL), { urlToken: ann.token })).toBe("ann")
  })

  test("that are wrong are refused, whatever good a cookie says", async () => {
    for (const handshake of [{ authToken: "no" }, { urlToken: "no" }, { authToken: "" }]) {
      const asked = identify.identifyRequest(cookie(ann), handshake)
      expect(await codeOf(asked)).toBe("unauthorized")
    }
  })
})

describe("a handshake that is told later who it is", () => {
  const outcome = (...asked: Parameters<Identify["refuseForeignPage"]>) => {
    try {
      identify.refuseForeignPage(...asked)
    } catch (error) {
      return error instanceof ChatError ? error.code : error
    }
    return "passes"
  }

  test.each([EVIL, "null", "https://chat.example.evil.example", "nonsense"])(
    "is forbidden to a page of %s that brings a cookie, whosever, good or not",
    (origin) => {
      expect(outcome(cookie(ann, origin))).toBe("forbidden")
      expect(outcome(new Headers({ cookie: "access_token=no", origin }))).toBe("forbidden")
    },
  )

  test("passes with a cookie of no page, of a listed one, and of the server's own", () => {
    expect(outcome(cookie(ann))).toBe("passes")
    expect(outcome(cookie(ann, PAGES))).toBe("passes")
    expect(outcome(cookie(ann, "http://chat.example:3000"))).toBe("passes")
  })

  test("passes from any page where the cookie is not what counts, or there is none", () => {
    const both = cookie(bob, EVIL)
    both.set("authorization", `Bearer ${ann.token}`)

    expect(outcome(both)).toBe("passes")
    expect(outcome(cookie(bob, EVIL), { urlToken: ann.token })).toBe("passes")
    expect(outcome(new Headers({ origin: EVIL }))).toBe("passes")
    expect(outcome(new Headers({ origin: EVIL, cookie: "theme=dark" }))).toBe("passes")
  })
})

describe("where only gateways may come", () => {
  test.each(["id", "name"] as const)("one that names a user by %s speaks for them", async (by) => {
    const actor = await identify.identifyGatewayRequest(gateway(GATEWAY, ann[by]))

    expect(actor).toMatchObject({ user: { username: "ann" }, via: { type: "gateway" } })
  })

  test("a gateway is heard before a token that it passes on", async () => {
    const headers = gateway(GATEWAY, "ann")
    headers.set("authorization", `Bearer ${bob.token}`)

    expect((await identify.identifyGatewayRequest(headers)).user.username).toBe("ann")
  })

  test.each([
    ["nobody", () => new Headers()],
    ["a good token", () => bearer(ann)],
    ["a good cookie", () => cookie(ann)],
    ["a secret without a user", () => new Headers({ "x-internal-api-key": GATEWAY })],
    ["a user without a secret", () => new Headers({ "x-user-id": "ann" })],
    ["a wrong secret", () => gateway("no", "ann")],
    [
      "a wrong secret and a good token",
      () => new Headers([...gateway("no", "ann"), ...bearer(ann)]),
    ],
    ["an unknown user", () => gateway(GATEWAY, "nobody")],
    ["the server's own user", () => gateway(GATEWAY, "system")],
  ])("%s is unauthorized", async (_who, headers) => {
    expect(await codeOf(identify.identifyGatewayRequest(headers()))).toBe("unauthorized")
  })
})
