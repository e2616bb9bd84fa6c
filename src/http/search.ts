import { Elysia } from "elysia"
import type { SearchCursor, SearchRules } from "../core/search"
import { asMessageNumericId, asRoomId } from "../protocol/ids"
import { presentMessage } from "../protocol/present"
import { SearchQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { linkTo, wrongCursor } from "./paging"

export interface SearchRoutesDeps {
  readonly authentication: Authentication
  readonly search: SearchRules
}

export function searchRoutes({ authentication, search }: SearchRoutesDeps) {
  return new Elysia().use(authentication).get(
    "/search",
    async ({ actor, query, request, set }) => {
      const { hits, next, behind } = await search.search(actor, {
        q: query.q,
        roomId: query.room_id === undefined ? undefined : asRoomId(query.room_id),
        from: query.from,
        before: query.before,
        after: query.after,
        hasFile: query.has === "file",
        cursor: query.cursor === undefined ? undefined : readSearchCursor(query.cursor),
        limit: query.limit,
      })
      if (next !== null) set.headers.link = linkTo(request.url, writeSearchCursor(next))
      if (behind > 0) set.headers["x-search-behind"] = String(behind)
      return hits.map(({ message, snippet }) => ({ message: presentMessage(message), snippet }))
    },
    { query: SearchQuery },
  )
}

const writeSearchCursor = ({ at, score, numericId }: SearchCursor): string =>
  [at, score, numericId].map((it) => it.toString(36)).join(".")

/** Errors: `invalid_request`, for what never stood in a `Link`. */
function readSearchCursor(text: string): SearchCursor {
  if (!/^[0-9a-z]+\.[0-9a-z]+\.[0-9a-z]+$/.test(text)) throw wrongCursor()
  const [at = 0, score = 0, numericId = 0] = text.split(".").map((it) => Number.parseInt(it, 36))
  if (![at, score, numericId].every(Number.isSafeInteger)) throw wrongCursor()
  return { at, score, numericId: asMessageNumericId(numericId) }
}
