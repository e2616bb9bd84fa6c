import { afterAll, beforeAll, expect, test } from "bun:test"
import fc, { type Arbitrary } from "fast-check"
import { z } from "zod"
import { ERRORS, type ErrorCode } from "../../src/protocol/errors"
import { type House, openHouse } from "../support/house"
import { person, roomOf } from "../support/people"
import { askRaw, type RawAnswer, type RawRequest } from "../support/raw-http"
import type { TestRoute } from "../support/server"
import { acceptedBy, damaged, garbage, nastyText, type PLACEHOLDERS, textFor } from "./arbitraries"
import { runs, timeoutMs } from "./runs"

const RUNS = 25

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())

/** Somebody with a room and a message in it, for requests that get beyond the first check. */
interface Scene {
  readonly token: string
  readonly ids: Readonly<Record<(typeof PLACEHOLDERS)[number], string>>
}

let people = 0

async function newScene(): Promise<Scene> {
  const ann = await person(house.url, `ann${++people}`)
  const room = await roomOf(ann)
  const message = (await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })).body
  return { token: ann.token, ids: { $room: room.id, $message: message.id, $user: ann.id } }
}

const inPlace = (text: string, { ids }: Scene) =>
  text.replace(/\$(room|message|user)/g, (it) => ids[it as keyof Scene["ids"]])

/** What may stand between two slashes, or in a query: no space and no line's end, or it is no request. */
const asSent = (text: string) => text.replace(/[\s#\0-\x20\x7f]/g, "%20")
const pathPart: Arbitrary<string> = fc.oneof(
  fc.constantFrom("$room", "$message", "$user", "me", "1", "0", "👍", "%F0%9F%91%8D"),
  fc.constantFrom(
    "%",
    "%00",
    "%ff",
    "%zz",
    "..%2f",
    "..",
    ".",
    "%2e%2e",
    "%2F",
    ";a=b",
    "*",
    ":id",
  ),
  fc.constantFrom("é".repeat(50), "x".repeat(3_000), "__proto__", "constructor", "%ED%A0%80", "?"),
  nastyText.map((text) => encodeURIComponent(text.toWellFormed())),
  nastyText.map((text) => asSent(text.slice(0, 500).toWellFormed())),
)

function queryFor(schema: unknown): Arbitrary<string> {
  const loose = fc
    .array(fc.tuple(pathPart, pathPart), { maxLength: 3 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"))
  if (!(schema instanceof z.ZodType)) return loose
  const asked = fc.oneof(acceptedBy(schema), damaged(acceptedBy(schema))).map((value) =>
    typeof value !== "object" || value === null
      ? ""
      : Object.entries(value)
          .map(
            ([name, it]) =>
              `${encode(name)}=${encode(typeof it === "string" ? it : JSON.stringify(it))}`,
          )
          .join("&"),
  )
  return fc.oneof({ weight: 3, arbitrary: asked }, loose)
}

const encode = (text: string | undefined) =>
  encodeURIComponent((text ?? "").slice(0, 2_000).toWellFormed())

function bodyFor({ method, hooks }: TestRoute): Arbitrary<string | undefined> {
  if (method === "GET" || method === "HEAD") return fc.constant(undefined)
  const text = hooks.body instanceof z.ZodType ? textFor(hooks.body) : garbage
  return fc.option(text, { freq: 8, nil: undefined })
}

/** A header's value is bytes of Latin-1 on one line. */
const headerValue: Arbitrary<string> = fc.oneof(
  nastyText.map((text) => text.slice(0, 200).replace(/[^\x20-\x7e\xa0-\xff]/g, "?")),
  fc.constantFrom("Bearer", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic YTpi", "é"),
)
const contentType = fc.constantFrom(
  ...["application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data"],
  ...["application/x-www-form-urlencoded", "APPLICATION/JSON", "application/json,", "a", ""],
)
const strangeHeader: Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(fc.constantFrom("cookie", "authorization", "x-api-key", "origin", "range"), headerValue),
  fc.tuple(fc.constantFrom("x-forwarded-for", "accept", "if-none-match", "x-user-id"), headerValue),
  fc.tuple(fc.constantFrom("host", "x-internal-api-key", "upgrade", "expect"), headerValue),
  headerValue.map((value): [string, string] => ["cookie", `access_token=${value}; ${value}=1`]),
  fc.constant<[string, string]>(["cookie", "a=b; ".repeat(1_500)]),
)

interface Case {
  readonly request: RawRequest
  readonly isKnown: boolean
}

function caseOf(route: TestRoute): Arbitrary<Case> {
  const parts = route.path.split("/").map((part) => {
    const isOpen = part.startsWith(":") || part === "*"
    const known = part.startsWith(":user")
      ? "$user"
      : route.path.includes("/messages/:")
        ? "$message"
        : "$room"
    return isOpen ? fc.oneof(fc.constant(known), pathPart) : fc.constant(part)
  })
  return fc
    .record({
      path: fc.tuple(...parts).map((it) => it.join("/")),
      query: fc.option(queryFor(route.hooks.query), { nil: "" }),
      body: bodyFor(route),
      type: fc.oneof({ weight: 6, arbitrary: fc.constant("application/json") }, contentType),
      strange: fc.oneof(
        { weight: 3, arbitrary: fc.constant<(readonly [string, string])[]>([]) },
        fc.array(strangeHeader, { maxLength: 2 }),
      ),
      isKnown: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.constant(false)),
    })
    .map(({ path, query, body, type, strange, isKnown }) => ({
      isKnown,
      request: {
        method: /^[A-Z]+$/.test(route.method) && route.method !== "ALL" ? route.method : "GET",
        target: query === "" ? path : `${path}?${query}`,
        headers: [...(body === undefined ? [] : [["content-type", type] as const]), ...strange],
        body,
      },
    }))
}

async function ask(scene: Scene, { request, isKnown }: Case): Promise<RawAnswer | null> {
  const { target, body, headers = [] } = request
  const known: [string, string][] = isKnown ? [["authorization", `Bearer ${scene.token}`]] : []
  return askRaw(house.url, {
    ...request,
    target: asSent(inPlace(target, scene)),
    headers: [...known, ...headers],
    body: typeof body === "string" ? inPlace(body, scene) : undefined,
  })
}

/** How the transport of Socket.IO refuses, in the words of its own protocol. */
const ENGINE_REFUSAL = /^\{"code":[0-5],"message":"[\w ]+"\}$/

/** Something went well, or an error of the table came: no failure of ours, and nothing of our inside. */
function expectSound(answer: RawAnswer | null): void {
  // Bun refuses some heads itself, with a bare status, before any code of ours runs.
  if (answer === null) return
  const { status, headers, body } = answer
  expect(status).toBeLessThan(500)
  expect(status).toBeGreaterThanOrEqual(200)
  if (status < 400) return
  if (body === "") {
    expect([400, 413, 414, 431]).toContain(status)
    return
  }
  if (ENGINE_REFUSAL.test(body)) return
  expect(headers.get("content-type")).toBe("application/problem+json")
  const problem: { code: ErrorCode; status: number; detail: string } = JSON.parse(body)
  expect<number>(ERRORS[problem.code].status).toBe(status)
  expect(problem.detail).not.toMatch(/\.ts:\d|at \w+ \(|SQLITE_|insert into|select "/)
}

async function fuzz(route: TestRoute, usual: number): Promise<ReadonlySet<number>> {
  let scene = await newScene()
  const statuses = new Set<number>()
  const property = fc.asyncProperty(caseOf(route), async (it) => {
    const answer = await ask(scene, it)
    expectSound(answer)
    statuses.add(answer?.status ?? 0)
    // What was there may be gone now: a room deleted, somebody logged out.
    const isGone = route.method === "DELETE" || route.path.includes("/auth/")
    if (answer !== null && answer.status < 300 && isGone) scene = await newScene()
  })
  await fc.assert(property, runs(usual))
  expect((await fetch(`${house.url}/ready`)).status).toBe(200)
  return statuses
}

test(
  "whatever is asked of whichever route, the answer is one of the table's, and the server goes on",
  async () => {
    const routes = house.routes.filter(({ path }) => path.startsWith("/"))
    expect(routes.length).toBeGreaterThan(20)
    const reached: string[] = []

    for (const route of routes) {
      const statuses = await fuzz(route, RUNS)
      const name = `${route.method} ${route.path}`
      if ([...statuses].some((it) => it >= 200 && it < 300)) reached.push(name)
    }

    // Most routes must have been reached behind their checks, or this looks at refusals only.
    expect(reached.length).toBeGreaterThan(routes.length / 2)
  },
  40 * timeoutMs(RUNS),
)

test(
  "given bodies that lie about their length or are no text, the server answers or hangs up, and goes on",
  async () => {
    // Never shorter than it says: for the rest of such a body the server rightly waits.
    const bytes = fc.uint8Array({ minLength: 8, maxLength: 200 })
    const length = fc.constantFrom(
      "-1",
      "0",
      "1",
      "7",
      "+5",
      "1e3",
      "0x10",
      "99999999999999999999",
      "a",
      " ",
    )
    const property = fc.asyncProperty(
      bytes,
      fc.option(length, { nil: null }),
      async (body, lie) => {
        const headers = [
          ["content-type", "application/json"],
          ...(lie === null ? [] : [["content-length", lie]]),
        ]
        const request = { method: "POST", target: "/api/v1/auth/login", body }
        const answer = await askRaw(house.url, {
          ...request,
          headers: headers as [string, string][],
        })
        if (lie === null) expect(answer?.status).toBe(400)
        expectSound(answer)
      },
    )
    await fc.assert(property, runs(RUNS))

    expect((await fetch(`${house.url}/ready`)).status).toBe(200)
  },
  timeoutMs(RUNS),
)

test.each([
  ["100,000 arrays in each other", "[".repeat(100_000) + "]".repeat(100_000)],
  ["40,000 objects in each other", `${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`],
])("a body of %s is invalid_request", async (_name, body) => {
  const headers = [["content-type", "application/json"]] as const

  const answer = await askRaw(house.url, {
    method: "POST",
    target: "/api/v1/auth/login",
    headers,
    body,
  })

  expect([answer?.status, JSON.parse(answer?.body ?? "{}").code]).toEqual([400, "invalid_request"])
})
