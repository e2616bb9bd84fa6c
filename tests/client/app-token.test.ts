import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createClient, createMemoryStorage } from "../../src/client"
import { type AppKey, AUDIENCE, appKey, claimsFor, ISSUER, signed } from "../support/app"
import { type Person, person } from "../support/people"
import { refusalOf } from "../support/sdk"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

describe("a client with a token of the app's own", () => {
  let key: AppKey
  let server: TestServer
  let ann: Person

  beforeAll(async () => {
    key = await appKey("ES256", "one")
    server = await startServer({
      env: {
        JWT_EXTERNAL_PUBLIC_KEY: key.pem,
        JWT_EXTERNAL_ISSUER: ISSUER,
        JWT_EXTERNAL_AUDIENCE: AUDIENCE,
      },
      sweepMs: 50,
    })
    ann = await person(server.url, "ann")
  })
  afterAll(() => server.stop())

  const tokenOf = (subject: string) => {
    const exp = Math.floor(server.clock.now() / 1000) + 60
    return signed(key, claimsFor(subject, server.clock.now(), { exp, preferred_username: subject }))
  }

  test("restores who it is, asks, connects, and asks for another token when it has ended", async () => {
    let asked = 0
    const client = createClient({
      url: server.url,
      token: () => {
        asked++
        return tokenOf("dora")
      },
    })

    const me = await client.restore()
    client.connect()
    await waitUntil("it is live", () => client.connection.value.status === "live")
    expect(asked).toBe(1)
    server.clock.advance(61_000)
    const again = await client.api.users.me()
    await waitUntil("it is live", () => client.connection.value.status === "live")

    expect(me?.username).toBe("dora")
    expect(again.id).toBe(me?.id ?? "")
    expect(asked).toBeGreaterThan(1)
    await client.close()
  })

  test("given the one token that it has is refused, then the session is over", async () => {
    const client = createClient({ url: server.url, token: await tokenOf("eric") })
    await client.restore()
    const ended: string[] = []
    client.on("session.ended", ({ error }) => ended.push(error.code))
    server.clock.advance(61_000)

    const error = await refusalOf(client.api.rooms.list())

    expect(error.code).toBe("unauthorized")
    expect(ended).toEqual(["unauthorized"])
    expect(client.me.value).toBeNull()
  })

  test("given a key of the server's, then it asks and connects as its owner", async () => {
    const { body } = await ann.post("/auth/keys", { name: "a bot" })
    const client = createClient({ url: server.url, token: body.key })

    const me = await client.restore()
    client.connect()
    await waitUntil("it is live", () => client.connection.value.status === "live")

    expect(me?.id).toBe(ann.id)
    await client.close()
  })

  test("given the server is away, then it is whom it was before, and what is kept is not another one's", async () => {
    const storage = createMemoryStorage()
    const before = await createClient({
      url: server.url,
      storage,
      token: () => tokenOf("fay"),
    }).restore()
    const away = { url: "http://127.0.0.1:1", token: () => tokenOf("fay") }

    expect(await createClient({ ...away, storage }).restore()).toEqual(before)
    expect(await createClient(away).restore()).toBeNull()
    // A client that logs in takes no such session for its own.
    expect(await createClient({ url: server.url, storage }).restore()).toBeNull()
  })

  test("can neither log in nor register", async () => {
    const client = createClient({ url: server.url, token: () => tokenOf("gil") })

    const error = await refusalOf(client.login({ username: "ann", password: "correct horse" }))

    expect(error.code).toBe("forbidden")
  })
})
