/**
 * Whether who asks has that already, by `If-None-Match`: any of a list, or whatever there is. Weak
 * tags compare like strong ones. Source: RFC 9110, section 13.1.2.
 */
export function isKnown(header: string | null, etag: string): boolean {
  if (header === null) return false
  const opaque = etag.replace(/^W\//, "")
  return header.split(",").some((it) => ["*", opaque].includes(it.trim().replace(/^W\//, "")))
}
