/** Lists answer a plain array; where there is more, `Link` holds the next page's address. */
export interface Page {
  readonly limit: number
  readonly cursor: string | undefined
}

/** Cursors are positions by numeric id, opaque to clients; what is not one starts at the top. */
export function readCursor(cursor: string | undefined, start: number): number {
  if (cursor === undefined || !/^[0-9a-z]+$/.test(cursor)) return start
  const value = Number.parseInt(cursor, 36)
  return Number.isSafeInteger(value) ? value : start
}

/**
 * The `Link` header for the page after this one; undefined on the last page. A full page may be
 * the last one: then the next is empty, which costs less than counting.
 */
export function nextPageLink(
  requestUrl: string,
  items: readonly unknown[],
  { limit, position }: { readonly limit: number; readonly position: number | undefined },
): string | undefined {
  if (items.length < limit || position === undefined) return undefined
  const url = new URL(requestUrl)
  url.searchParams.set("cursor", position.toString(36))
  return `<${url.pathname}${url.search}>; rel="next"`
}
