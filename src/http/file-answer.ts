import type { OpenedContent } from "../core/uploads"
import { readRange } from "./byte-range"
import { isKnown } from "./if-none-match"

/**
 * What browsers may show by themselves: they run nothing of it. All else is handed over as a file
 * to save, pictures in SVG too, and PDF, which browsers do not show under a policy of `sandbox`.
 */
const SHOWN = /^(image\/(png|jpeg|gif|webp|bmp|avif)|(audio|video)\/[\w.+-]+|text\/plain)$/

/** A day. What is there by an id never changes; whether one may have it may. */
const CACHE_SECONDS = 86_400

/**
 * A file as an answer: whole, a part of it (206), or that it has not changed (304).
 * Source: RFC 9110, sections 13 and 14.
 */
export async function fileAnswer(request: Request, file: OpenedContent): Promise<Response> {
  const etag = `"${file.hash}"`
  const headers = headersOf(file, etag)
  const { size } = file
  if (isKnown(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers })
  }
  const wanted = mayBePart(request, etag) ? readRange(request.headers.get("range"), size) : "whole"
  if (wanted === "unsatisfiable") {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "content-range": `bytes */${size}` },
    })
  }
  const type = { "content-type": contentTypeOf(file.mime) }
  if (wanted === "whole") {
    const length = { "content-length": String(size) }
    const content = request.method === "HEAD" ? null : await file.open()
    return new Response(content, { headers: { ...headers, ...type, ...length } })
  }
  const { first, last } = wanted
  return new Response(await file.open(wanted), {
    status: 206,
    headers: {
      ...headers,
      ...type,
      "content-length": String(last - first + 1),
      "content-range": `bytes ${first}-${last}/${size}`,
    },
  })
}

/** All that `addSecurityHeaders` would say, and more than that: this may be anybody's content. */
function headersOf({ name, mime }: OpenedContent, etag: string) {
  const way = SHOWN.test(mime) ? "inline" : "attachment"
  return {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    // Pages of the app itself may show it, wherever on the site they are.
    "cross-origin-resource-policy": "same-site",
    "cache-control": `private, max-age=${CACHE_SECONDS}, immutable`,
    // Another user of the same browser asks for themselves.
    vary: "origin, authorization, cookie",
    etag,
    "accept-ranges": "bytes",
    "content-disposition": `${way}; ${fileNames(name)}`,
  }
}

const contentTypeOf = (mime: string) => (mime === "text/plain" ? "text/plain; charset=utf-8" : mime)

/** For old clients in ASCII, for the others as it is. Source: RFC 6266, RFC 8187. */
function fileNames(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, "_")
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `filename="${plain}"; filename*=UTF-8''${whole}`
}

/** Only the one who asks for a part of what they have the rest of gets one. */
function mayBePart({ method, headers }: Request, etag: string): boolean {
  const condition = headers.get("if-range")
  return method === "GET" && (condition === null || condition === etag)
}
