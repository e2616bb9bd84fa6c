import { ERRORS, type ErrorCode } from "../../protocol/errors"
import type { JsonSchema } from "../../protocol/json-schema"
import { describeHeaders } from "./headers"
import type { Operation } from "./operation"

interface RouteTraits {
  readonly method: string
  readonly hasBody: boolean
}

/**
 * What a route refuses because of what it is, so that no entry repeats it: rates, credentials,
 * bodies, and a server that has too much to write, or cannot get the keys of an app's tokens.
 */
export function sharedErrors(
  { tag, access }: Pick<Operation, "tag" | "access">,
  { method, hasBody }: RouteTraits,
): readonly ErrorCode[] {
  return [
    "invalid_request",
    ...(access === "open" ? [] : (["unauthorized"] as const)),
    ...(access === "open" || access === "internal" ? [] : (["forbidden"] as const)),
    ...(tag === "server" && access === "open" ? [] : (["rate_limited"] as const)),
    ...(hasBody ? (["payload_too_large"] as const) : []),
    ...(method === "GET" && access === "open" ? [] : (["overloaded"] as const)),
    "internal",
  ]
}

/** Every code that a route may answer with, in the order of the table of errors. */
export function errorsOf(operation: Operation, traits: RouteTraits): readonly ErrorCode[] {
  const all = new Set([...sharedErrors(operation, traits), ...(operation.errors ?? [])])
  return (Object.keys(ERRORS) as ErrorCode[]).filter((code) => all.has(code))
}

const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { "WWW-Authenticate": "`Bearer`." },
  429: { "Retry-After": "Seconds to wait." },
}

/** Refusals of one document. Routes that refuse with the same codes share one description. */
export function createProblems(problemSchema: JsonSchema) {
  const components: Record<string, object> = {}

  function responsesOf(operation: Operation, traits: RouteTraits): Record<string, object> {
    const codes = Map.groupBy(errorsOf(operation, traits), (code) => ERRORS[code].status)
    return Object.fromEntries([...codes].map(([status, some]) => [status, refer(status, some)]))
  }

  function refer(status: number, codes: readonly ErrorCode[]): object {
    const name = codes.join("-or-")
    components[name] ??= describe(status, codes)
    return { $ref: `#/components/responses/${name}` }
  }

  function describe(status: number, codes: readonly ErrorCode[]): object {
    const headers = HEADERS[status]
    const narrowed = { properties: { status: { const: status }, code: { enum: codes } } }
    return {
      description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(" "),
      ...(headers === undefined ? {} : { headers: describeHeaders(headers) }),
      content: {
        "application/problem+json": {
          schema: { allOf: [problemSchema, narrowed] },
          examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
        },
      },
    }
  }

  return { components, responsesOf }
}

function example(code: ErrorCode): object {
  const { status, title } = ERRORS[code]
  return { type: `urn:parley:error:${code}`, title, status, detail: title, code }
}
