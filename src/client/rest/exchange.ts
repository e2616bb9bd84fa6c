import type { FieldProblem } from "../../protocol/errors"
import { type Carrier, type HttpAnswer, notReached } from "../carrier"
import type { Clock } from "../clock"
import { ParleyError } from "../error"
import { isErrorCode, isRetryable } from "../error-codes"
import type { Credential } from "../session/credentials"

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Below `/api/v1`. */
  readonly path: string
  readonly query?: object | undefined
  readonly body?: unknown
  readonly form?: FormData | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((share: number) => void) | undefined
}

export interface Answer {
  readonly body: unknown
  /** Of the next page; null: this was the last. */
  readonly cursor: string | null
}

export interface ExchangeDeps {
  readonly url: string
  readonly carry: Carrier
  /** For requests with files, which may take long. */
  readonly carryFiles: Carrier
  readonly clock: Clock
}

/** So long a request without files may take. */
const PATIENCE_MS = 30_000

/** One request and its answer. Errors: those that the server names, `offline`, `too_new`. */
export type Exchange = (call: Call, credential: Credential | null) => Promise<Answer>

export function createExchange({ url, carry, carryFiles, clock }: ExchangeDeps): Exchange {
  async function carryInTime(call: Call, credential: Credential | null): Promise<HttpAnswer> {
    const patience = new AbortController()
    const late = notReached(new Error(`no answer within ${PATIENCE_MS} ms`))
    const callOff = clock.after(PATIENCE_MS, () => patience.abort(late))
    const signals = call.signal === undefined ? [] : [call.signal]
    try {
      const body = call.body === undefined ? undefined : JSON.stringify(call.body)
      return await carry({
        ...requestOf(call, credential),
        body,
        signal: AbortSignal.any([patience.signal, ...signals]),
      })
    } finally {
      callOff()
    }
  }

  const carryForm = (call: Call, credential: Credential | null): Promise<HttpAnswer> =>
    carryFiles({
      ...requestOf(call, credential),
      body: call.form,
      signal: call.signal,
      onProgress: call.onProgress,
    })

  const requestOf = ({ method, path, query, body }: Call, credential: Credential | null) => ({
    method,
    url: `${url}/api/v1${path}${writeQuery(query)}`,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(credential === null ? {} : headerOf(credential)),
    },
  })

  return async function exchange(call, credential) {
    const answer = await (call.form === undefined ? carryInTime : carryForm)(call, credential)
    if (answer.status < 200 || answer.status > 299) throw readProblem(answer)
    return { body: readJson(answer), cursor: readCursor(answer.header("link"), url) }
  }
}

const headerOf = ({ type, secret }: Credential): Record<string, string> =>
  type === "key" ? { "x-api-key": secret } : { authorization: `Bearer ${secret}` }

function writeQuery(query: object = {}): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) given.set(name, String(value))
  }
  const text = given.toString()
  return text === "" ? "" : `?${text}`
}

function readJson({ status, text }: HttpAnswer): unknown {
  if (text === "") return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ParleyError("too_new", "the answer is not JSON", { status, cause })
  }
}

/** From `<address>; rel="next"`. */
function readCursor(link: string | null, base: string): string | null {
  const address = /<([^>]*)>; *rel="next"/.exec(link ?? "")?.[1]
  return address === undefined ? null : new URL(address, base).searchParams.get("cursor")
}

/** Proxies say so when there is no server behind them. */
const NOBODY_THERE: readonly number[] = [502, 503, 504]

function readProblem(answer: HttpAnswer): ParleyError {
  const { status } = answer
  const problem = asProblem(answer.text)
  if (problem === null) {
    if (NOBODY_THERE.includes(status)) return notReached(new Error(`status ${status}`))
    return new ParleyError("too_new", `an answer with status ${status} says no code`, { status })
  }
  const { code, detail, errors } = problem
  if (!isErrorCode(code)) {
    return new ParleyError("too_new", `${code}: ${detail}`, { status })
  }
  const seconds = Number(answer.header("retry-after") ?? Number.NaN)
  return new ParleyError(code, detail, {
    status,
    problems: errors,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    isRetryable: isRetryable(code),
  })
}

interface Problem {
  readonly code: string
  readonly detail: string
  readonly errors: readonly FieldProblem[]
}

function asProblem(text: string): Problem | null {
  try {
    const { code, detail = "", errors = [] } = JSON.parse(text) ?? {}
    if (typeof code !== "string") return null
    return { code, detail: String(detail), errors: Array.isArray(errors) ? errors : [] }
  } catch {
    // What is no JSON is no problem document, and is told as what it is by its status.
    return null
  }
}
