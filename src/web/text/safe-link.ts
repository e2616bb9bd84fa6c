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
