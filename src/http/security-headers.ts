/**
 * What every answer says unless its route says otherwise (a page brings its own policy and its
 * own cache-control; all must keep `nosniff`). An answer of the API is data: nothing in it may
 * run, be framed, or be kept by somebody in between.
 */
const DEFAULTS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  // Also where no page asked: what is kept for one origin must not be given to another.
  vary: "origin",
} as const

const DEFAULT_ENTRIES = Object.entries(DEFAULTS)

/** The first that is looked for: who has it has been given all of them. */
const MARK = "x-content-type-options"

/**
 * The headers of an answer in JSON, all at once. Copying a whole set costs less than adding its
 * headers one by one, which pays where answers are many.
 */
export const JSON_HEADERS: Readonly<Headers> = new Headers({
  ...DEFAULTS,
  "content-type": "application/json",
})

/** A year. Without subdomains: they may be anybody's. */
const HSTS = "max-age=31536000"

export function addSecurityHeaders(
  headers: Headers,
  { isSecure }: { readonly isSecure: boolean },
): void {
  if (isSecure) headers.set("strict-transport-security", HSTS)
  if (headers.has(MARK)) return
  for (const [name, value] of DEFAULT_ENTRIES) if (!headers.has(name)) headers.set(name, value)
}
