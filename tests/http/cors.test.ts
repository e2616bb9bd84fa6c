import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person } from "../support/people"

const FRONTEND = "https://chat.example"
const OTHER_FRONTEND = "http://localhost:5173"

describe("web pages of other origins", () => {
  let house: House
  let ann: Person
  beforeAll(async () => {
    house = await openHouse({
      env: { FRONTEND_URL: `${FRONTEND}, ${OTHER_FRONTEND}`, CHAT_HTTP_MAX_PER_MIN: "1000" },
    })
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  const corsHeaders = (response: Response) =>
    Object.fromEntries([...response.headers].filter(([name]) => name.startsWith("access-control-")))
  const permission = (origin: string) => ({
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers":
      "link, retry-after, x-request-id, x-search-behind, content-disposition, content-range, accept-ranges, etag",
  })

  test.each([[FRONTEND], [OTHER_FRONTEND]])(
    "%s may use the API, cookies included",
    async (origin) => {
      const response = await fetch(`${house.url}/api/v1/users/me`, {
        headers: { origin, cookie: `access_token=${ann.token}` },
      })

      expect(response.status).toBe(200)
      expect(corsHeaders(response)).toEqual(permission(origin))
      expect(response.headers.get("vary")).toBe("origin")
    },
  )

  test.each([
    ["https://evil.example"],
    ["https://chat.example.evil.example"],
    ["https://chat.exampl"],
    ["http://chat.example"],
    ["https://chat.example:8443"],
    ["https://CHAT.example"],
    ["chat.example"],
    ["null"],
    ["*"],
    ["constructor"],
    ["__proto__"],
  ])("%s gets no CORS header, and the answer is kept from its page", async (origin) => {
    const headers = { origin, authorization: `Bearer ${ann.token}` }
    const response = await fetch(`${house.url}/api/v1/users/me`, { headers })
    const asked = await fetch(`${house.url}/api/v1/users/me`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "GET" },
    })

    expect(response.status).toBe(200)
    expect(corsHeaders(response)).toEqual({})
    expect(response.headers.get("vary")).toBe("origin")
    expect([asked.status, corsHeaders(asked)]).toEqual([405, {}])
  })

  test("who is no page gets no CORS header, and what a cache keeps is not for pages", async () => {
    const response = await fetch(`${house.url}/ready`)

    expect(corsHeaders(response)).toEqual({})
    expect(response.headers.get("vary")).toBe("origin")
  })

  test("a browser that asks first is told what it may send, without credentials", async () => {
    const response = await fetch(`${house.url}/api/v1/rooms`, {
      method: "OPTIONS",
      headers: {
        origin: FRONTEND,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    })

    expect([response.status, await response.text()]).toEqual([204, ""])
    expect(corsHeaders(response)).toEqual({
      ...permission(FRONTEND),
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers":
        "authorization, content-type, x-api-key, x-request-id, last-event-id, range, if-range, if-none-match",
      "access-control-max-age": "7200",
    })
  })

  test("OPTIONS of an allowed page that asks nothing is a method like others", async () => {
    const response = await fetch(`${house.url}/api/v1/rooms`, {
      method: "OPTIONS",
      headers: { origin: FRONTEND },
    })

    expect([response.status, corsHeaders(response)]).toEqual([405, permission(FRONTEND)])
  })

  const refusals: readonly (readonly [string, number, string, RequestInit])[] = [
    ["who is nobody", 401, "/api/v1/users/me", {}],
    ["no address", 404, "/nowhere", {}],
    ["no method", 405, "/api/v1/users/me", { method: "PUT" }],
    ["no JSON", 400, "/api/v1/auth/login", { method: "POST", body: "no" }],
    ["too much", 413, "/api/v1/auth/login", { method: "POST", body: "x".repeat(262_145) }],
    ["no upgrade", 400, "/api/v1/ws", {}],
  ]
  test.each([...refusals])("refusals can be read by allowed pages: %s, %i", async (...it) => {
    const [, status, path, init] = it

    const response = await fetch(house.url + path, { ...init, headers: { origin: FRONTEND } })

    expect([response.status, corsHeaders(response)]).toEqual([status, permission(FRONTEND)])
  })

  test("a refusal for too many requests can be read, with how long to wait; asking first is not counted", async () => {
    const small = await openHouse({ env: { FRONTEND_URL: FRONTEND, CHAT_HTTP_MAX_PER_MIN: "1" } })
    const ask = (method: string) =>
      fetch(`${small.url}/api/v1/users/me`, {
        method,
        headers: { origin: FRONTEND, "access-control-request-method": "GET" },
      })

    const statuses = [await ask("OPTIONS"), await ask("OPTIONS"), await ask("GET")]
    const refused = await ask("GET")

    expect(statuses.map(({ status }) => status)).toEqual([204, 204, 401])
    expect(refused.status).toBe(429)
    expect(corsHeaders(refused)).toEqual(permission(FRONTEND))
    expect(refused.headers.get("retry-after")).toBe("60")
    await small.stop()
  })
})
