/** An address with its scheme, or what can hardly be anything else: files have dots in names too. */
const ADDRESS =
  /^(?:https?:\/\/(?:[^/?#@]+@)?([^/?#:@]+)|((?:www\.[^/?#:@]+|[\p{L}\p{N}.-]+\.(?:com|org|example)))(?=$|[/?#:]))/iu

/**
 * Whether a link is called by another address than the one it leads to, as
 * `[https://bank.example](https://evil.example)`: who reads it would believe the wrong one.
 */
export function isMisleading(label: string, href: string): boolean {
  const found = ADDRESS.exec(label.replace(/[*_~`\s\p{Cf}]/gu, ""))
  const named = `https://${found?.[1] ?? found?.[2] ?? ""}`
  if (!URL.canParse(named)) return false
  const bare = (address: string) => new URL(address).hostname.replace(/^www\./, "")
  return bare(named) !== bare(href)
}

const SAFE: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"])

/**
 * The address as a browser would read it, or null where it leads elsewhere than to the web or to
 * a mailbox: `javascript:` and its like, however they are written. Addresses without a scheme are
 * refused too, since they would lead into this page.
 */
export function safeLink(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  // Who reads `https://bank.example@evil.example` sees the wrong name first.
  if (url.username !== "" || url.password !== "") return null
  return SAFE.has(url.protocol) ? url.href : null
}
