import { Elysia } from "elysia"
import type { WebClient, WebFile } from "../pages/web-file"
import { ChatError } from "../protocol/errors"
import type { ApiServerInfo } from "../protocol/server-answers"
import { acceptedEncoding } from "./accepted-encoding"
import { isKnown } from "./if-none-match"

export interface PagesRoutesDeps {
  /** Loaded and made when somebody first asks for a page; null: this server has none. */
  readonly webClient: (() => Promise<WebClient>) | null
  /** Its name is what the page is called among applications. */
  readonly serverInfo: ApiServerInfo
}

/**
 * The web client: two pages and what they load. All of it is from here, and runs under a policy
 * that lets nothing in from elsewhere; no script stands in a page, and none can be put there.
 */
export function pagesRoutes({ webClient, serverInfo }: PagesRoutesDeps) {
  /** Errors: `not_found`. */
  const client = (): Promise<WebClient> => {
    if (webClient === null) throw new ChatError("not_found")
    return webClient()
  }
  return new Elysia({ name: "pages" })
    .get("/", async ({ request }) => answer(request, await (await client()).page("home"), PAGE))
    .get("/playground", async ({ request }) =>
      answer(request, await (await client()).page("playground"), PAGE),
    )
    .get("/favicon.svg", async ({ request }) =>
      answer(request, await (await client()).icon(), OTHER),
    )
    .get("/manifest.webmanifest", () => {
      if (webClient === null) throw new ChatError("not_found")
      return manifest(serverInfo.name)
    })
    .get("/assets/:file", async ({ request, params }) => {
      const file = await (await client()).asset(params.file)
      if (file === null) throw new ChatError("not_found")
      return answer(request, file, ASSET)
    })
}

/** Files of this server alone, no script in the page itself, no string as a script, no frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Pictures and sounds that are about to be sent are shown before.
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ")

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  vary: "accept-encoding, origin",
}

const PAGE = { ...HEADERS, "cache-control": "no-cache" }
const OTHER = { ...HEADERS, "cache-control": "public, max-age=3600" }
/** Another content has another name. */
const ASSET = { ...HEADERS, "cache-control": "public, max-age=31536000, immutable" }

function answer(
  request: Request,
  file: WebFile,
  headers: Readonly<Record<string, string>>,
): Response {
  // Weak: the content is the same in all ways of packing it.
  const etag = `W/"${file.hash}"`
  if (isKnown(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers: { ...headers, etag } })
  }
  const encoding = acceptedEncoding(request.headers.get("accept-encoding"), {
    br: file.brotli !== null,
    gzip: file.gzip !== null,
  })
  const content = { br: file.brotli, gzip: file.gzip, identity: null }[encoding] ?? file.bytes
  return new Response(content, {
    headers: {
      ...headers,
      etag,
      "content-type": file.type,
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    },
  })
}

/** Source: W3C, "Web Application Manifest". */
const manifest = (name: string) =>
  new Response(
    JSON.stringify({
      name,
      short_name: name,
      id: "/",
      start_url: "/",
      scope: "/",
      display: "standalone",
      background_color: "#16181d",
      theme_color: "#3b54d3",
      icons: [{ src: "/favicon.svg", sizes: "any", type: "image/svg+xml" }],
    }),
    { headers: { ...OTHER, "content-type": "application/manifest+json" } },
  )
