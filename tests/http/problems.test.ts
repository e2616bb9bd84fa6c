import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Answer, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"

describe("requests that go wrong", () => {
  let house: House
  let ann: Person
  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  /** Sends what no well-meaning client would. */
  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(house.url + path, {
      ...init,
      method,
      headers: { authorization: `Bearer ${ann.token}`, ...init.headers },
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : JSON.parse(text),
    }
  }
  const json = { "content-type": "application/json" }

  test.each([
    ["DELETE", "/health", "GET"],
    ["PUT", "/api/v1/rooms", "GET, POST"],
    ["PUT", "/api/v1/rooms/", "GET, POST"],
    ["OPTIONS", "/api/v1/users", "GET, POST"],
    ["POST", "/api/v1/rooms/some-room", "DELETE, GET, PATCH"],
    ["GET", "/api/v1/auth/login", "POST"],
    ["PATCH", "/api/v1/rooms/r/members/u", "DELETE, PUT"],
    ["POST", "/api/v1/ws", "GET"],
  ])("%s %s is no method there: 405, and Allow: %s", async (method, path, allow) => {
    const answer = await ask(method, path)

    expectProblem(answer, "method_not_allowed")
    expect(answer.headers.get("allow")).toBe(allow)
  })

  test.each([
    ["GET", "/nothing"],
    ["GET", "/assets/nothing.js"],
    ["GET", "/api/v1"],
    ["GET", "/api/v1/nothing"],
    ["POST", "/api/v2/rooms"],
    ["GET", "/api/v1/rooms/a/b/c"],
    ["GET", "/api/v1/roomsx"],
    ["GET", "/health/x"],
    ["GET", "/api/v1/../../etc/passwd"],
  ])("%s %s is nowhere: 404", async (method, path) => {
    expectProblem(await ask(method, path), "not_found")
  })

  test.each([
    ["half an object", '{"name": "x"'],
    ["a word", "name"],
    ["two values", "{} {}"],
    ["bytes that are no text", new Uint8Array([0x22, 0xff, 0x22])],
  ])("a body of %s is not JSON, and nothing is made of it", async (_what, body) => {
    const before = house.everything()

    const answer = await ask("POST", "/api/v1/rooms", { headers: json, body })

    expectProblem(answer, "invalid_request")
    expect(answer.body.detail).toBe("the body is not valid JSON")
    expect(house.everything()).toEqual(before)
  })

  test.each([["null"], ["[]"], ['"name"'], ["7"], [""]])(
    "a body of %p is no object",
    async (body) => {
      expectProblem(
        await ask("POST", "/api/v1/rooms", { headers: json, body }),
        "invalid_request",
        [""],
      )
    },
  )

  const form = new FormData()
  form.set("name", "forged")
  test.each([
    ["text/plain", JSON.stringify({ name: "forged" })],
    ["application/x-www-form-urlencoded", "name=forged"],
    [undefined, form],
    ["application/xml", "<name>forged</name>"],
    ["application/jsonx", JSON.stringify({ name: "forged" })],
  ])(
    "a body of type %p is refused: a page of any origin may send a form without asking",
    async (type, body) => {
      const before = house.everything()

      const answer = await ask("POST", "/api/v1/rooms", {
        headers: type === undefined ? {} : { "content-type": type },
        body,
      })

      expectProblem(answer, "invalid_request")
      expect(answer.body.detail).toBe("the body must be application/json")
      expect(house.everything()).toEqual(before)
    },
  )

  test("a type with parameters is still JSON", async () => {
    const answer = await ask("POST", "/api/v1/rooms", {
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ name: "general" }),
    })

    expect(answer.status).toBe(200)
  })

  const bodyOf = (bytes: number) => {
    const frame = JSON.stringify({ name: "x", filler: "" }).length
    return JSON.stringify({ name: "x", filler: "x".repeat(bytes - frame) })
  }

  test("a body may have 262,144 bytes, and one more is payload_too_large", async () => {
    const send = (bytes: number) =>
      ask("POST", "/api/v1/rooms", { headers: json, body: bodyOf(bytes) })
    expect((await send(262_144)).status).toBe(200)
    const before = house.everything()

    expectProblem(await send(262_145), "payload_too_large")
    expect(house.everything()).toEqual(before)
  })

  test("a body that does not say how long it is may have no more", async () => {
    const send = (bytes: number) => {
      const text = new TextEncoder().encode(bodyOf(bytes))
      const body = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes; at += 10_000) {
            controller.enqueue(text.subarray(at, at + 10_000))
          }
          controller.close()
        },
      })
      return ask("POST", "/api/v1/rooms", { headers: json, body })
    }

    expect((await send(262_144)).status).toBe(200)
    expectProblem(await send(262_145), "payload_too_large")
  })

  test("addresses that are badly encoded break nothing", async () => {
    for (const path of ["/api/v1/rooms/%E0%A4%A", "/api/v1/rooms/%00", "/api/v1/users/%FF"]) {
      expect([400, 404]).toContain((await ask("GET", path)).status)
    }
  })

  test("what the server itself fails at is internal, and tells nothing of the inside", async () => {
    const broken = await openHouse()
    const cleo = await person(broken.url, "cleo")
    changeRows(broken.path, "alter table rooms rename to gone")

    const answer = await cleo.get("/rooms")

    expectProblem(answer, "internal")
    expect(answer.body.detail).toBe(answer.body.title)
    await broken.stop()
  })

  test("the server has come through all of it", async () => {
    expect((await ann.get("/users/me")).status).toBe(200)
  })
})
