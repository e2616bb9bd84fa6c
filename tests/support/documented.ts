/** Whether what a server says stands in its documents: /swagger/json and /asyncapi.json. */
import type { ErrorObject, ValidateFunction } from "ajv"
import Ajv from "ajv"
import Ajv2020 from "ajv/dist/2020"
import addFormats from "ajv-formats"
import { COMMANDS } from "../../src/dialects/native/prose"
import { documents } from "./documents"

/** What a request was answered with, as any client may have seen it. */
export interface SeenAnswer {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly headers: { get(name: string): string | null | undefined }
  readonly text: string
}

interface Response {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>
}

interface Documented {
  readonly responses: Readonly<Record<string, Response>>
}

/** Made at the first use: most test files talk to no server. */
let prepared: ReturnType<typeof prepare> | undefined

function prepare() {
  const { openApi, asyncApi } = documents("refused")
  const options = { strict: false, allErrors: true } as const
  const rest = addFormats(new Ajv2020(options)).addSchema(openApi, "openapi")
  const socket = addFormats(new Ajv(options)).addSchema(asyncApi, "asyncapi")
  const compiled = new Map<string, ValidateFunction>()
  const patterns = Object.entries(openApi.paths)
    .map(([path, methods]) => ({
      path,
      methods: methods as Readonly<Record<string, Documented>>,
      pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}/?$`),
      parameters: path.split("{").length,
    }))
    // `/users/me` before `/users/{id}`.
    .sort((one, other) => one.parameters - other.parameters)

  /** What is wrong with a value, by the schema at this place of a document. Null: nothing. */
  function problemsAt(document: "openapi" | "asyncapi", pointer: string, value: unknown) {
    const ajv = document === "openapi" ? rest : socket
    const key = `${document}#${pointer}`
    const check = compiled.get(key) ?? ajv.compile({ $ref: key })
    compiled.set(key, check)
    return check(value) ? null : inWords(check.errors ?? [])
  }

  return { openApi, asyncApi, patterns, problemsAt }
}

/** Each thing that is wrong once: every way through a union says the same again. */
function inWords(errors: readonly ErrorObject[]): string {
  const lines = errors.map(({ instancePath, message, params }) =>
    [instancePath, message, params.additionalProperty].filter(Boolean).join(" "),
  )
  return [...new Set(lines)].join("; ")
}

/** What may be said where there is no route. */
const NOWHERE = ["not_found", "invalid_request", "rate_limited", "payload_too_large", "internal"]

/** Why the answer is in no document, or null: it is. */
export function undocumentedAnswer(answer: SeenAnswer): string | null {
  prepared ??= prepare()
  const { status } = answer
  if (isPreflight(answer) || isOfBun(answer) || isOfEngine(answer)) return null
  // Told as a GET, without its body.
  const method = answer.method === "HEAD" ? "GET" : answer.method
  const path = answer.path.split("?", 1)[0] ?? ""
  const found = prepared.patterns.find(({ pattern }) => pattern.test(path))
  const operation = found?.methods[method.toLowerCase()]
  const place = `${method} ${found?.path ?? path} answered ${status}`
  if (found === undefined || operation === undefined) {
    const codes = found === undefined ? NOWHERE : ["method_not_allowed", "payload_too_large"]
    return outsideRoutes(answer, codes, place)
  }
  const response = operation.responses[status]
  if (response === undefined) return `${place}, which is not documented: ${answer.text}`
  const pointer = response.$ref?.slice(1) ?? pointerTo(found.path, method, status)
  const name = response.$ref?.split("/").at(-1) ?? ""
  const { responses } = prepared.openApi.components
  const { content } = (responses[name] as Response | undefined) ?? response
  const wrong = bodyProblem(answer, { content, pointer })
  return wrong === null ? null : `${place}: ${wrong}; body: ${answer.text.slice(0, 500)}`
}

/** What is too large for any code of ours to run (docs/protocol.md, `requestBytesMax`). */
const isOfBun = ({ status, headers, text }: SeenAnswer) =>
  status === 413 && text === "" && headers.get("content-type") == null

/** What browsers ask before they ask: about every address, and no route of its own. */
const isPreflight = ({ method, status, headers, text }: SeenAnswer) =>
  method === "OPTIONS" &&
  status === 204 &&
  text === "" &&
  headers.get("access-control-allow-methods") != null

/** A transport of Socket.IO, which has a protocol of its own and golden frames in it. */
const isOfEngine = ({ path }: SeenAnswer) => /^\/socket\.io\/?(\?|$)/.test(path)

const escaped = (part: string) =>
  encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))

const pointerTo = (path: string, method: string, status: number) =>
  `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`

function outsideRoutes({ text, headers }: SeenAnswer, codes: readonly string[], place: string) {
  const isProblem = headers.get("content-type") === "application/problem+json"
  const code: unknown = isProblem ? JSON.parse(text).code : undefined
  if (typeof code === "string" && codes.includes(code)) return null
  return `${place}, and no such route is documented (src/http/openapi/operations.ts): ${text.slice(0, 200)}`
}

function bodyProblem(
  { method, headers, text }: SeenAnswer,
  { content, pointer }: { readonly content: Response["content"]; readonly pointer: string },
): string | null {
  if (method === "HEAD") return text === "" ? null : "a body, where HEAD has none"
  if (content === undefined) return text === "" ? null : "a body, where none is documented"
  const type = headers.get("content-type") ?? "no content type"
  const [mime = "", media] = Object.entries(content)[0] ?? []
  if (mime === "*/*") return null
  const isAsSaid = type.replaceAll(" ", "").toLowerCase() === mime || type.split(";")[0] === mime
  if (!isAsSaid) return `${type}, where ${mime} is documented`
  if (media?.schema === undefined) return null
  const schema = `${pointer}/content/${escaped(mime)}/schema`
  return prepared?.problemsAt("openapi", schema, JSON.parse(text)) ?? null
}

/** Why the frame is in no document, or null: it is. `answers`: the type of the frame asked with. */
export function undocumentedFrame(text: string, answers?: string): string | null {
  prepared ??= prepare()
  const frame = JSON.parse(text)
  const { messages } = prepared.asyncApi.components
  const command = Object.entries(COMMANDS).find(([type]) => type === answers)?.[1]
  const name = frame.type === "ok" ? `ok.${command?.reply}` : frame.type
  if (!(name in messages)) return `a frame of the type ${name} is not documented: ${text}`
  const wrong = prepared.problemsAt(
    "asyncapi",
    `/components/messages/${escaped(name)}/payload`,
    frame,
  )
  return wrong === null ? null : `the frame ${name}: ${wrong}; frame: ${text.slice(0, 500)}`
}
