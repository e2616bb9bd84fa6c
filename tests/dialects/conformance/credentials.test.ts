import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { ONE_OF_EACH, PROTOCOLS } from "../../support/protocols"
import {
  type Credentials,
  type Guest,
  type Place,
  type Protocol,
  Refused,
} from "../../support/protocols/speaker"
import { type ConnectOptions, openStage, type Stage } from "../../support/protocols/stage"

const KEY = "a gateway's own secret"
const ALLOWED = "https://chat.example"
const FOREIGN = "https://evil.example"

const isSocketIo = ({ name }: Protocol) => name.startsWith("socketio")

let stage: Stage
let ann: Guest
let bob: Guest
let apiKey: string
let direct: Place
let room: Place
beforeAll(async () => {
  stage = await openStage({
    env: { INTERNAL_API_KEY: KEY, FRONTEND_URL: `http://localhost:5173,${ALLOWED}` },
  })
  ann = await stage.guest("ann")
  bob = await stage.guest("bob")
  apiKey = (await ann.post("/auth/keys", { name: "a program" })).body.key
  direct = await stage.direct(ann, bob)
  room = await stage.room(ann, bob)
})
afterEach(() => stage.clear())
afterAll(() => stage.stop())

const placeOf = (protocol: Protocol) => (protocol.hasRooms ? room : direct)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookie = (token: string) => ({ cookie: `theme=dark; access_token=${token}` })
const gateway = (user: string | number) => ({
  "x-internal-api-key": KEY,
  "x-user-id": String(user),
})

/** Why somebody with these credentials is not let in. */
async function refusalOf(
  protocol: Protocol,
  credentials: Credentials,
  claimed: Guest = ann,
): Promise<string> {
  try {
    await stage.arrive(protocol, claimed, placeOf(protocol), { headers: {}, ...credentials })
  } catch (error) {
    if (error instanceof Refused) return error.words
    throw error
  }
  throw new Error("they were let in")
}

interface Carrier {
  readonly by: string
  readonly isSocketIoOnly?: boolean
  readonly credentials: () => ConnectOptions
}

const CARRIERS: readonly Carrier[] = [
  { by: "the header authorization", credentials: () => ({ headers: bearer(ann.token) }) },
  { by: "x-api-key", credentials: () => ({ headers: { "x-api-key": apiKey } }) },
  { by: "a cookie, without Origin", credentials: () => ({ headers: cookie(ann.token) }) },
  {
    by: "a cookie, from an allowed page",
    credentials: () => ({ headers: { ...cookie(ann.token), origin: ALLOWED } }),
  },
  {
    by: "a cookie, from the server's own page",
    credentials: () => ({
      headers: { ...cookie(ann.token), origin: stage.homeOf(ann).url },
      nodesAway: 0,
    }),
  },
  { by: "?token=", credentials: () => ({ query: { token: ann.token } }) },
  {
    by: "a header, from a foreign page, which had to know it",
    credentials: () => ({ headers: { ...bearer(ann.token), origin: FOREIGN } }),
  },
  { by: "a gateway's public id", credentials: () => ({ headers: gateway(ann.id) }) },
  { by: "a gateway's username", credentials: () => ({ headers: gateway(ann.name) }) },
  { by: "a gateway's numeric id", credentials: () => ({ headers: gateway(ann.numericId) }) },
  { by: "auth.token", isSocketIoOnly: true, credentials: () => ({ auth: { token: ann.token } }) },
]

const WRONG: readonly Carrier[] = [
  { by: "nothing", credentials: () => ({}) },
  { by: "a wrong token", credentials: () => ({ headers: bearer("not.a.token") }) },
  {
    by: "a token that somebody changed",
    credentials: () => ({ headers: bearer(`${ann.token.slice(0, -4)}AAAA`) }),
  },
  { by: "a wrong API key", credentials: () => ({ headers: { "x-api-key": "prk_no" } }) },
  { by: "a wrong cookie", credentials: () => ({ headers: cookie("not.a.token") }) },
  { by: "a wrong ?token=", credentials: () => ({ query: { token: "not.a.token" } }) },
  {
    by: "a gateway's wrong key",
    credentials: () => ({ headers: { ...gateway(ann.id), "x-internal-api-key": "no" } }),
  },
  { by: "a gateway for nobody", credentials: () => ({ headers: gateway("nobody") }) },
  {
    by: "a wrong auth.token",
    isSocketIoOnly: true,
    credentials: () => ({ auth: { token: "not.a.token" } }),
  },
]

const forProtocol = (carriers: readonly Carrier[], protocol: Protocol) =>
  carriers.filter(({ isSocketIoOnly = false }) => !isSocketIoOnly || isSocketIo(protocol))

const UNAUTHORIZED = (protocol: Protocol) =>
  isSocketIo(protocol) ? "401 Unauthorized" : "401 unauthorized"

describe.each([...PROTOCOLS])("$title", (protocol) => {
  test.each([...forProtocol(CARRIERS, protocol)])("lets ann in by $by", async ({ credentials }) => {
    const hers = await stage.arrive(protocol, ann, placeOf(protocol), {
      headers: {},
      ...credentials(),
    })

    hers.say("it is me")

    // Others may still be going.
    const heard = async () => {
      const words = await hers.next()
      return words.endsWith(" went") ? hers.next() : words
    }
    expect(await heard()).toBe("ann: it is me")
  })

  test.each([...forProtocol(WRONG, protocol)])("lets nobody in by $by", async (carrier) => {
    // A page without cookies may open the native socket, and say who it is by its first frame.
    const isLate = protocol.name === "native" && carrier.by === "nothing"
    const words = isLate ? "error: unauthorized" : UNAUTHORIZED(protocol)

    expect(await refusalOf(protocol, carrier.credentials())).toBe(words)
  })

  test("a cookie from a foreign page is refused with 403", async () => {
    for (const origin of [FOREIGN, "null", `${ALLOWED}.evil.example`, "http://chat.example"]) {
      const refusal = await refusalOf(protocol, { headers: { ...cookie(ann.token), origin } })

      // Of Socket.IO there is no session that could tell it; and so says its client.
      if (isSocketIo(protocol)) expect(refusal).toMatch(/^no session (xhr poll|websocket) error$/)
      else expect(refusal).toBe("403 forbidden")
    }
  })
})

describe("tokens that have expired", () => {
  let later: Stage
  let old: Guest
  let places: readonly [Place, Place]
  beforeAll(async () => {
    later = await openStage()
    old = await later.guest("ann")
    places = [await later.room(old), await later.direct(old, await later.guest("bob"))]
    later.house.clock.advance(365 * 24 * 3_600_000)
  })
  afterAll(() => later.stop())

  test.each([...PROTOCOLS])("let nobody in: $title", async (protocol) => {
    for (const credentials of [
      { headers: bearer(old.token) },
      { headers: cookie(old.token) },
      { headers: {}, query: { token: old.token } },
    ]) {
      const place = places[protocol.hasRooms ? 0 : 1]
      const refusal = await later.arrive(protocol, old, place, credentials).catch((it) => it)
      expect(refusal).toBeInstanceOf(Refused)
      expect(refusal.words).toBe(UNAUTHORIZED(protocol))
    }
  })
})

describe("another user's id", () => {
  const CLAIMING = PROTOCOLS.filter(({ name }) =>
    ["room-path", "socketio-conversations"].includes(name),
  )

  test.each([...CLAIMING])("in the address is refused with 403: $title", async (protocol) => {
    const refusal = await refusalOf(protocol, { headers: bearer(ann.token) }, bob)

    expect(refusal).toStartWith("403 ")
  })

  const FIELDS = ["sender_id", "userId", "user_id"] as const
  const cases = ONE_OF_EACH.filter(({ name }) => name !== "native").flatMap((protocol) =>
    FIELDS.map((field) => ({ protocol, name: protocol.name, field })),
  )
  let his: Awaited<ReturnType<Stage["arrive"]>>
  beforeEach(async () => {
    ann = await stage.guest("ann")
    bob = await stage.guest("bob")
    direct = await stage.direct(ann, bob)
    room = await stage.room(ann, bob)
  })

  test.each([...cases])(
    "in $field of a payload is an error, and is not obeyed: $name",
    async ({ protocol, field }) => {
      his = await stage.arrive(protocol, bob, placeOf(protocol))
      const hers = await stage.arrive(protocol, ann, placeOf(protocol))
      await his.rest()
      const claimed = protocol.hasRooms ? bob.id : bob.numericId
      const said = protocol.words.say(placeOf(protocol), "as bob", { type: "text", by: ann })

      hers.line.send(withClaim(said, { [field]: claimed }))

      expect(await hers.next()).toStartWith("error: ")
      expect(await hers.rest()).toEqual([])
      expect(await his.rest()).toEqual([])
    },
  )

  test.each([...cases])(
    "one's own in $field of a payload is fine: $name",
    async ({ protocol, field }) => {
      const hers = await stage.arrive(protocol, ann, placeOf(protocol))
      const own = protocol.hasRooms ? ann.id : ann.numericId
      const said = protocol.words.say(placeOf(protocol), "as ann", { type: "text", by: ann })

      hers.line.send(withClaim(said, { [field]: own }))

      expect(await hers.next()).toBe("ann: as ann")
    },
  )

  test.each(ONE_OF_EACH.filter(({ name }) => name !== "native"))(
    "one's own ids may all stand there, and one that is another's is an error: $name",
    async (protocol) => {
      const hers = await stage.arrive(protocol, ann, placeOf(protocol))
      const said = protocol.words.say(placeOf(protocol), "as ann", { type: "text", by: ann })

      hers.line.send(withClaim(said, { user_id: ann.numericId, user_uuid: ann.id }))
      expect(await hers.next()).toBe("ann: as ann")
      hers.line.send(withClaim(said, { user_id: ann.numericId, user_uuid: bob.id }))
      expect(await hers.next()).toStartWith("error: ")
    },
  )

  test.each(ONE_OF_EACH.filter(({ name }) => name !== "native"))(
    "a username in a payload is decoration: $name",
    async (protocol) => {
      const hers = await stage.arrive(protocol, ann, placeOf(protocol))
      const said = protocol.words.say(placeOf(protocol), "as ann", { type: "text", by: ann })

      hers.line.send(withClaim(said, { username: bob.name }))

      expect(await hers.next()).toBe("ann: as ann")
      expect(JSON.stringify(hers.line.frames)).not.toContain(bob.name)
    },
  )
})

/** In the payload, wherever the protocol has it. */
function withClaim(frame: object, claim: object): object {
  const { data, payload, ...rest } = frame as { data?: object; payload?: object }
  if (data !== undefined) return { ...rest, data: { ...data, ...claim } }
  if (payload !== undefined) return { ...rest, payload: { ...payload, ...claim } }
  return { ...rest, ...claim }
}
