import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import { z } from "zod"
import { FIELDS } from "../../src/http/openapi/fields"
import type { Operation } from "../../src/http/openapi/operation"
import { OPERATIONS, operationKey } from "../../src/http/openapi/operations"
import { EXAMPLES } from "../../src/protocol/answer-examples"
import * as answers from "../../src/protocol/answers"
import { ERROR_CODES } from "../../src/protocol/errors"
import { asMessageId, asMessageNumericId } from "../../src/protocol/ids"
import { numericIdOf } from "../../src/protocol/message-id"
import * as serverAnswers from "../../src/protocol/server-answers"
import * as conversationAnswers from "../../src/protocol/socketio-conversations-answers"
import { declaredRoutes, documents } from "../support/documents"
import { brokenReferences } from "../support/references"
import { startServer, type TestServer } from "../support/server"

const routes = declaredRoutes()
const { openApi } = documents("allowed")

const Fields = z.object({
  properties: z
    .record(z.string(), z.looseObject({ description: z.string().optional() }))
    .default({}),
})
/** A body's fields, also where it may be left out. */
const Body = z
  .union([z.object({ anyOf: z.array(Fields) }), Fields.transform((it) => ({ anyOf: [it] }))])
  .transform(({ anyOf }) => Object.assign({}, ...anyOf.map((it) => it.properties)))
  .pipe(Fields.shape.properties)

/** As much of an operation as is looked at here. */
const Described = z.object({
  operationId: z.string(),
  parameters: z
    .array(z.object({ name: z.string(), description: z.string().optional() }))
    .default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: Body })) })
    // A body is of one kind: JSON, or a form with files.
    .transform(({ content }) => Object.values(content)[0]?.schema)
    .optional(),
  responses: z.record(z.string(), z.looseObject({})),
})

const described = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, it]) => ({
    name: `${method.toUpperCase()} ${path}`,
    ...Described.parse(it),
  })),
)

describe("the OpenAPI document", () => {
  test("tells of every route; if not: add it to its table in src/http/openapi/", () => {
    // What Socket.IO is carried by has a protocol of its own, and is asked with any method.
    const told = ["ALL /socket.io", ...Object.keys(OPERATIONS)]

    expect(routes.map(operationKey).filter((key) => !told.includes(key))).toEqual([])
  })

  test("tells of no route that is not there; if it does: take it out of src/http/openapi/", () => {
    const declared = routes.map(operationKey)

    expect(Object.keys(OPERATIONS).filter((key) => !declared.includes(key))).toEqual([])
  })

  test("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openApi))

    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
    expect(openApi.openapi).toBe("3.1.1")
  })

  test("refers to nothing that is not in it", () => {
    expect(brokenReferences(openApi)).toEqual([])
    expect(brokenReferences({ a: { $ref: "#/b" } })).toEqual(["#/b"])
  })

  test("has a name of its own for every operation", () => {
    const names = described.map((it) => it.operationId)

    expect(names.length).toBeGreaterThan(30)
    expect(new Set(names).size).toBe(names.length)
  })

  test("has words for every parameter and field; if not: src/http/openapi/fields.ts", () => {
    const wordless = described.flatMap(({ name, parameters, requestBody }) => {
      const properties = requestBody ?? {}
      const fields = Object.entries(properties).map(([field, it]) => ({ name: field, ...it }))
      return [...parameters, ...fields]
        .filter((it) => it.description === undefined)
        .map((it) => `${name}: ${it.name}`)
    })

    expect(wordless).toEqual([])
  })

  test("has words for no field that is nowhere", () => {
    const used = new Set(
      described.flatMap(({ parameters, requestBody }) => [
        ...parameters.map((it) => it.name),
        ...Object.keys(requestBody ?? {}),
      ]),
    )

    expect(Object.keys(FIELDS).filter((name) => !used.has(name))).toEqual([])
  })

  test("shows a body for each route that takes one, and the route would take it", () => {
    const withBody = routes.flatMap((route) => {
      const { body } = z.looseObject({ body: z.unknown().optional() }).parse(route.hooks ?? {})
      return body instanceof z.ZodType ? [{ key: operationKey(route), body }] : []
    })
    const entries: Readonly<Record<string, Operation>> = OPERATIONS

    expect(withBody.length).toBeGreaterThan(5)
    const refused = withBody.filter(
      ({ key, body }) => !body.safeParse(entries[key]?.example).success,
    )
    expect(refused.map(({ key }) => key)).toEqual([])
  })

  test("shows an example of each named answer, as whole as the server's", () => {
    const named = Object.values({ ...answers, ...serverAnswers, ...conversationAnswers }).filter(
      (it) => it instanceof z.ZodType,
    )
    const examples: Readonly<Record<string, unknown>> = EXAMPLES

    for (const schema of named) {
      const name = schema.meta()?.id ?? "a schema without a name"
      expect(z.strictObject(schema.shape).safeParse(examples[name]), name).toMatchObject({
        success: true,
      })
    }
    expect(Object.keys(EXAMPLES).sort()).toEqual(named.map((it) => `${it.meta()?.id}`).sort())
  })

  test("says that numeric ids take 64 bits, and shows a message's as it is made of its id", () => {
    const Numbered = z.object({ properties: z.object({ numeric_id: z.unknown() }) })
    for (const name of ["User", "Message"]) {
      const { numeric_id } = Numbered.parse(openApi.components.schemas[name]).properties
      expect(numeric_id).toEqual({ type: "integer", format: "int64" })
    }
    const { id, numeric_id } = EXAMPLES.Message
    expect(numericIdOf(asMessageId(id))).toBe(asMessageNumericId(numeric_id))
    expect(EXAMPLES.SendReceipt).toMatchObject({ id, numeric_id })
  })

  test("asks for any of the credentials, for none on open routes, and for later ones on sockets", () => {
    expect(openApi.security).toHaveLength(4)
    expect(openApi.paths["/api/v1/auth/login"]?.post).toMatchObject({ security: [] })
    expect(openApi.paths["/api/v1/unread"]?.get).not.toHaveProperty("security")
    expect(openApi.paths["/api/v1/ws"]?.get).toMatchObject({
      security: [{}, ...openApi.security],
    })
    expect(openApi.paths["/ws"]?.get).toMatchObject({
      security: [{ gatewaySecret: [], gatewayUser: [] }],
    })
    expect(openApi.paths["/stats"]?.get).toMatchObject({ security: [{ gatewaySecret: [] }] })
  })

  test("says on which routes each code is answered, and what comes with it", () => {
    const { responses } = openApi.components
    const codes = new Set(Object.keys(responses).flatMap((name) => name.split("-or-")))

    expect([...codes].filter((code) => !ERROR_CODES.some((it) => it === code))).toEqual([])
    expect(responses.rate_limited).toMatchObject({ headers: { "Retry-After": {} } })
    const { responses: ofLogin } = described.find((it) => it.operationId === "login") ?? {}
    expect(Object.keys(ofLogin ?? {})).toEqual(["200", "400", "401", "413", "429", "500", "503"])
    const { responses: ofList } = described.find((it) => it.operationId === "listRooms") ?? {}
    expect(ofList?.["200"]).toMatchObject({ headers: { Link: {} } })
  })
})

describe("what is served of it", () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const get = (path: string) => fetch(server.url + path)

  test("/swagger/json is the document", async () => {
    const answer = await get("/swagger/json")

    const { info, ...rest } = JSON.parse(await answer.text())
    const { info: _, ...expected } = openApi
    expect(rest).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(info.title).toBe("Parley")
  })

  test("given CHAT_WEBSOCKET_PATH, then room-commands is told of at that address alone", async () => {
    const other = await startServer({ env: { CHAT_WEBSOCKET_PATH: "/realtime/v2.chat" } })
    const answer = await fetch(`${other.url}/swagger/json`)
    await other.stop()

    const { paths } = JSON.parse(await answer.text())
    const { "/ws/chat": roomCommands, ...expected } = openApi.paths
    expect(roomCommands).toBeDefined()
    expect(paths).toEqual(
      JSON.parse(JSON.stringify({ ...expected, "/realtime/v2.chat": roomCommands })),
    )
  })

  test("/swagger asks for nothing that is not on this server, and may not", async () => {
    const answer = await get("/swagger")

    const html = await answer.text()
    const policy = answer.headers.get("content-security-policy") ?? ""
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(html).not.toMatch(/https?:|<script>|<style/)
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path)
    const found = await Promise.all(files.map(get))
    expect(found.map(({ status, headers }) => [status, headers.get("content-type")])).toEqual([
      [200, "text/css;charset=utf-8"],
      [200, "text/javascript;charset=utf-8"],
      [200, "text/javascript;charset=utf-8"],
    ])
    for (const file of found) expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100)
  })

  test.each([["package.json"], ["..%2f..%2fpackage.json"], ["swagger-ui.css.map"]])(
    "/swagger/assets/%s is no file of the page",
    async (file) => {
      expect((await get(`/swagger/assets/${file}`)).status).toBe(404)
    },
  )
})
