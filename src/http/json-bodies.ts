import { Elysia } from "elysia"
import { ChatError } from "../protocol/errors"
import { isWithinDepth } from "../protocol/json"
import { LIMITS } from "../protocol/limits"
import { pathOf } from "./request-path"

export interface JsonBodiesDeps {
  /** Where bodies are read by those who open sockets, within limits of their own. */
  readonly socketPaths: readonly string[]
  /** Of a file; 0 = no limit. */
  readonly uploadBytesMax: number
}

const tooLarge = (bytesMax: number = LIMITS.restBodyBytesMax) =>
  new ChatError("payload_too_large", { detail: `a body may have ${bytesMax} bytes` })

/** Metadata may be nested so deep, and stands a level below a body, or two. */
const DEPTH_MAX = LIMITS.jsonDepthMax + 4

/**
 * Where a schema refuses a body, Elysia writes it out again, each level further to the right: of
 * 60 KB of brackets that is a GB, and seconds in which nobody else is answered.
 */
const tooDeep = () =>
  new ChatError("invalid_request", { detail: `the body is nested deeper than ${DEPTH_MAX}` })

/** Its body is a form with a file in it, which is read as it comes. */
const isUpload = ({ method, url }: Request): boolean =>
  method === "POST" && /^\/api\/v1\/uploads\/?$/.test(pathOf(url))

/**
 * Bodies are JSON, and bounded. Elysia would also take a form's, which pages of any origin may
 * send without asking. Bun's own bound is that of the largest file: no more of any other body is
 * read than it may have, also where it does not say how long it is.
 * Errors: `invalid_request`, `payload_too_large`.
 */
export function jsonBodies({ socketPaths, uploadBytesMax }: JsonBodiesDeps) {
  const isForSockets = ({ url }: Request) => socketPaths.includes(pathOf(url))
  const formBytesMax =
    uploadBytesMax === 0 ? Number.POSITIVE_INFINITY : uploadBytesMax + LIMITS.uploadEnvelopeBytesMax

  const leastBytesMax = Math.min(formBytesMax, LIMITS.restBodyBytesMax)

  const bytesMaxOf = (request: Request): number => {
    if (isForSockets(request)) return Number.POSITIVE_INFINITY
    return isUpload(request) ? formBytesMax : LIMITS.restBodyBytesMax
  }

  return new Elysia({ name: "json-bodies" })
    .onRequest(({ request }) => {
      const bytes = Number(request.headers.get("content-length") ?? 0)
      if (bytes <= leastBytesMax) return
      const bytesMax = bytesMaxOf(request)
      if (bytes > bytesMax) throw tooLarge(bytesMax)
    })
    .onParse({ as: "global" }, async ({ request }, contentType) => {
      if (request.body === null || isForSockets(request) || isUpload(request)) return null
      // Names of media types ignore case.
      if (contentType.trim().toLowerCase() !== "application/json") {
        throw new ChatError("invalid_request", { detail: "the body must be application/json" })
      }
      const body = parse(await readBytes(request))
      if (!isWithinDepth(body, DEPTH_MAX)) throw tooDeep()
      return body
    })
}

/** At once where it says how long it is, which has been looked at. Errors: `payload_too_large`. */
async function readBytes(request: Request): Promise<ArrayBuffer | Uint8Array> {
  if (request.headers.has("content-length") || request.body === null) return request.arrayBuffer()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.length
    if (bytes > LIMITS.restBodyBytesMax) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ChatError("invalid_request", { detail: "the body is not valid JSON", cause })
  }
}

/** What Bun refuses by itself, of whichever request, with no problem document. */
export const requestBytesMax = (uploadBytesMax: number): number =>
  uploadBytesMax === 0 ? Number.MAX_SAFE_INTEGER : uploadBytesMax + LIMITS.requestBytesMax
