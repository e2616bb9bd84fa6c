import type { Page } from "../protocol/entities"
import { ChatError } from "../protocol/errors"

/**
 * Cursors are positions by numeric id, opaque to clients; without one a list begins at `start`.
 * Errors: `invalid_request`, for what never stood in a `Link`.
 */
export function readCursor(cursor: string | undefined, start: number): number {
  if (cursor === undefined) return start
  const value = /^[0-9a-z]+$/.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN
  if (Number.isSafeInteger(value)) return value
  throw wrongCursor()
}

export const wrongCursor = (): ChatError =>
  new ChatError("invalid_request", {
    problems: [{ path: "cursor", message: "must be that of a Link header" }],
  })

/** As much of a request and its answer as a list needs to say where it goes on. */
interface ListContext {
  readonly request: Request
  readonly query: { readonly limit: number; readonly cursor?: string | undefined }
  readonly set: { readonly headers: Record<string, string | number | undefined> }
}

/**
 * Lists answer a plain array; where there is more, `Link` holds the next page's address.
 * `positionOf` an item is what a cursor says.
 */
export function linkNextPage<Item>(
  { request, query, set }: ListContext,
  items: readonly Item[],
  positionOf: (item: Item) => number,
): void {
  const last = items.at(-1)
  const position = last === undefined ? undefined : positionOf(last)
  const link = nextPageLink(request.url, items, { limit: query.limit, position })
  if (link !== undefined) set.headers.link = link
}

/**
 * A page of a list that belongs to one user or room, and is short: its cursors are places in it.
 * Errors: `invalid_request`, and those of `read`.
 */
export async function pageByPlace<Item>(
  context: ListContext,
  read: (page: Page) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const { limit, cursor } = context.query
  const offset = readCursor(cursor, 0)
  const items = await read({ offset, limit })
  linkNextPage(context, items, () => offset + items.length)
  return items
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
  return linkTo(requestUrl, position.toString(36))
}

/** The `Link` header that leads from a page of a list to the one at a cursor. */
export function linkTo(requestUrl: string, cursor: string): string {
  const url = new URL(requestUrl)
  url.searchParams.set("cursor", cursor)
  return `<${url.pathname}${url.search}>; rel="next"`
}
