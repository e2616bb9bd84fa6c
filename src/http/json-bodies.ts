import { Elysia } from "elysia"
import { ChatError } from "../protocol/errors"
import { isWithinDepth } from "../protocol/json"
import { LIMITS } from "../protocol/limits"
import { pathOf } from "./request-path"

export interface JsonBodiesDeps {
  /** Where bodies are read by those who open sockets, within limits of their own. */
  readonly socketPaths: readonly string[]
}

const tooLarge = () =>
  new ChatError("payload_too_large", { detail: `a body may have ${LIMITS.restBodyBytesMax} bytes` })

/** Metadata may be nested so deep, and stands a level below a body, or two. */
const DEPTH_MAX = LIMITS.jsonDepthMax + 4

/**
 * Where a schema refuses a body, Elysia writes it out again, each level further to the right: of
 * 60 KB of brackets that is a GB, and seconds in which nobody else is answered.
 */
const tooDeep = () =>
  new ChatError("invalid_request", { detail: `the body is nested deeper than ${DEPTH_MAX}` })

/**
 * Bodies are JSON, and bounded. Elysia would also take a form's, which pages of any origin may
 * send without asking, and Bun's own bound answers with no problem document: it is higher, for
 * bodies that do not say how long they are. Errors: `invalid_request`, `payload_too_large`.
 */
export function jsonBodies({ socketPaths }: JsonBodiesDeps) {
  const isForSockets = ({ url }: Request) => socketPaths.includes(pathOf(url))
  return new Elysia({ name: "json-bodies" })
    .onRequest(({ request }) => {
      const bytes = Number(request.headers.get("content-length") ?? 0)
      if (bytes > LIMITS.restBodyBytesMax && !isForSockets(request)) throw tooLarge()
    })
    .onParse({ as: "global" }, async ({ request }, contentType) => {
      if (request.body === null || isForSockets(request)) return null
      // Names of media types ignore case.
      if (contentType.trim().toLowerCase() !== "application/json") {
        throw new ChatError("invalid_request", { detail: "the body must be application/json" })
      }
      const bytes = await request.arrayBuffer()
      if (bytes.byteLength > LIMITS.restBodyBytesMax) throw tooLarge()
      const body = parse(bytes)
      if (!isWithinDepth(body, DEPTH_MAX)) throw tooDeep()
      return body
    })
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ChatError("invalid_request", { detail: "the body is not valid JSON", cause })
  }
}
