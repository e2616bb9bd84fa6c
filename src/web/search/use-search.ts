import { useEffect, useState } from "preact/hooks"
import { ParleyError } from "../../client/error"
import type { ApiSearchHit } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"
import { roomName } from "../state/names"
import { type Pages, usePages } from "../state/use-pages"
import { filterValue, parseQuery } from "./query"
import { requestFor, type SearchRequest } from "./request"

/** Whoever is still typing is not asked about yet. */
const WAIT_MS = 250

const PAGE_HITS = 30

export interface Search {
  readonly request: SearchRequest
  /** Of what was asked last; empty where nothing is asked. */
  readonly hits: Pages<ApiSearchHit>
  /** What was typed is not asked yet. */
  readonly isWaiting: boolean
  /** The server knows nobody of that name; null: it does. */
  readonly unknownPerson: string | null
  /** Asks at once. */
  askNow(): void
}

/** Follows the search box: asks the server a moment after it has changed, page by page. */
export function useSearch(text: string): Search {
  const client = useClient()
  const me = useLive(client.me)
  const rooms = useLive(client.rooms)
  const [asked, setAsked] = useState(text)

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), WAIT_MS)
    return () => clearTimeout(timer)
  }, [text])

  const parsed = parseQuery(asked)
  const named = rooms.map((view) => ({
    id: view.room.id,
    name: roomName(view),
  }))
  const request = requestFor(parsed, { rooms: named, myId: me?.id ?? "", now: new Date() })
  const query = request.type === "search" ? request.query : null
  const hits = usePages(query === null ? "" : JSON.stringify(query), async (cursor) =>
    query === null
      ? { items: [], cursor: null }
      : await client.api.search.messages({ ...query, cursor, limit: PAGE_HITS }),
  )
  const isNobody = hits.failure instanceof ParleyError && hits.failure.code === "user_not_found"
  return {
    request,
    hits,
    isWaiting: asked !== text,
    unknownPerson: isNobody ? filterValue(parsed, "from") : null,
    askNow: () => setAsked(text),
  }
}
