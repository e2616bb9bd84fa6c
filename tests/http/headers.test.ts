import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { shakeHands } from "../support/handshake"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"

const EVERYWHERE = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  vary: "origin",
}

describe("what every answer says", () => {
  let house: House
  let ann: Person
  let messages: string
  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    messages = `/api/v1/rooms/${(await roomOf(ann)).id}/messages`
  })
  afterAll(() => house.stop())

  const answers: readonly (readonly [string, number, RequestInit, string?])[] = [
    ["/health", 200, {}],
    ["/ready", 200, {}],
    ["/metrics", 200, {}],
    ["/api/v1/users/me", 200, {}],
    ["/api/v1/users?limit=1", 200, {}],
    ["/api/v1/users/me", 200, { method: "HEAD" }],
    ["/api/v1/auth/refresh", 401, { method: "POST", body: '{"refresh_token":"x"}' }],
    ["/api/v1/auth/login", 400, { method: "POST", body: "{" }],
    ["/api/v1/auth/login", 413, { method: "POST", body: "x".repeat(262_145) }],
    ["/nowhere", 404, {}],
    ["/api/v1/users/me", 405, { method: "PUT" }],
    ["/api/v1/ws", 400, {}],
    ["/api/v1/auth/sessions/none", 404, { method: "DELETE" }],
  ]
  const ask = (path: string, init: RequestInit) =>
    fetch(house.url + path, {
      ...init,
      headers: { authorization: `Bearer ${ann.token}`, "content-type": "application/json" },
    })

  test.each([...answers])("%s, answered with %i", async (path, status, init) => {
    const response = await ask(path, init)

    expect(response.status).toBe(status)
    expect(Object.fromEntries(response.headers)).toMatchObject(EVERYWHERE)
    expect(response.headers.has("server")).toBe(false)
    expect(response.headers.has("x-powered-by")).toBe(false)
    expect(response.headers.has("strict-transport-security")).toBe(false)
  })

  test("a page of history, which has its headers all at once", async () => {
    const response = await ask(messages, {})

    expect(response.headers.get("content-type")).toBe("application/json")
    expect(Object.fromEntries(response.headers)).toMatchObject(EVERYWHERE)
  })

  test("an upgrade that is refused, and a request whose Host is no host", async () => {
    const refused = await shakeHands(`${house.url}/api/v1/ws?token=wrong`)
    const strange = await headOf(house.url, "GET /ready HTTP/1.1\r\nHost: x/y\r\n\r\n")

    expect(refused.status).toBe(401)
    expect(Object.fromEntries(refused.headers)).toMatchObject(EVERYWHERE)
    expect(strange).toContain(" 400 ")
    expect(strange.toLowerCase()).toContain("x-content-type-options: nosniff")
    expect(strange.toLowerCase()).toContain("x-request-id: ")
  })

  test("that browsers must keep to https, only where they came by it", async () => {
    const behind = await openHouse({ env: { CHAT_TRUST_PROXY: "1" } })
    const hsts = async (url: string, proto: string) => {
      const response = await fetch(`${url}/ready`, { headers: { "x-forwarded-proto": proto } })
      return response.headers.get("strict-transport-security")
    }

    expect(await hsts(behind.url, "https")).toBe("max-age=31536000")
    expect(await hsts(behind.url, "http")).toBeNull()
    expect(await hsts(house.url, "https")).toBeNull()
    await behind.stop()
  })

  describe("its request's id", () => {
    const idOf = async (url: string, path: string, id?: string) => {
      const response = await fetch(url + path, { headers: id ? { "x-request-id": id } : {} })
      return response.headers.get("x-request-id")
    }

    test.each([["/ready"], ["/nowhere"], ["/api/v1/users/me"]])(
      "%s has another one each time",
      async (path) => {
        const ids = [await idOf(house.url, path), await idOf(house.url, path)]

        for (const id of ids) expect(id).toMatch(/^[\w-]{9,20}$/)
        expect(new Set(ids).size).toBe(2)
      },
    )

    test("a client's own is not taken over", async () => {
      expect(await idOf(house.url, "/ready", "chosen")).not.toBe("chosen")
    })

    test.each([
      ["a", true],
      ["0aZ_-", true],
      ["x".repeat(64), true],
      ["x".repeat(65), false],
      ["with a space", false],
      ["<b>", false],
      ["a,b", false],
    ])("that of a proxy which is believed, %p, is kept: %p", async (id, isKept) => {
      const behind = await openHouse({ env: { CHAT_TRUST_PROXY: "1" } })

      expect((await idOf(behind.url, "/ready", id)) === id).toBe(isKept)
      expect(await idOf(behind.url, "/nowhere", id)).toMatch(/^[\w-]{1,64}$/)
      await behind.stop()
    })
  })
})

/** Sends a request as it is and gives the head of the answer. */
function headOf(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.once("data", (data) => {
      resolve(String(data).split("\r\n\r\n")[0] ?? "")
      socket.destroy()
    })
    socket.once("error", reject)
  })
}
