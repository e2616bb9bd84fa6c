import type { SearchQuery } from "../../client/api"
import type { ParsedQuery } from "./query"

/** What a query means here and now. */
export interface SearchContext {
  /** Rooms that may be named, with the name by which people know them. */
  readonly rooms: readonly { readonly id: string; readonly name: string }[]
  readonly myId: string
  /** Where one is: `in:` without more means it. Null: nowhere. */
  readonly now: Date
}

export type SearchRequest =
  | { readonly type: "nothing" }
  | { readonly type: "search"; readonly query: SearchQuery }
  | { readonly type: "problem"; readonly problem: SearchProblem }

/** Why a query cannot be asked. `no_words`: filters alone find nothing. */
export interface SearchProblem {
  readonly code: "no_words" | "unknown_room" | "bad_day" | "bad_has"
  readonly value: string
}

const ME: ReadonlySet<string> = new Set(["me", "mir", "ich"])
const DAY_WORDS: Readonly<Record<string, number>> = {
  today: 0,
  heute: 0,
  yesterday: -1,
  gestern: -1,
}

/** The request for a query: names become ids, and days the instants of one's own time zone. */
export function requestFor(parsed: ParsedQuery, context: SearchContext): SearchRequest {
  const { words, filters } = parsed
  if (words === "" && filters.length === 0) return { type: "nothing" }
  let query: SearchQuery = { q: words }
  for (const { kind, value } of filters) {
    const read = readFilter(kind, value, context)
    if ("code" in read) return { type: "problem", problem: read }
    query = { ...query, ...read }
  }
  // Whatever the order of the days, what is asked for is the time that all of them allow.
  query = { ...query, ...timesOf(parsed, context.now) }
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(words)) {
    return { type: "problem", problem: { code: "no_words", value: words } }
  }
  return { type: "search", query }
}

function readFilter(
  kind: ParsedQuery["filters"][number]["kind"],
  value: string,
  { rooms, myId, now }: SearchContext,
): Partial<SearchQuery> | SearchProblem {
  switch (kind) {
    case "from":
      return { from: ME.has(value.toLowerCase()) ? myId : value }
    case "in": {
      const room = findRoom(rooms, value)
      return room === null ? { code: "unknown_room", value } : { room_id: room }
    }
    case "has":
      return value === "file" ? { has: "file" } : { code: "bad_has", value }
    default:
      return readDay(value, now) === null ? { code: "bad_day", value } : {}
  }
}

/** By id, by name, or by the beginning of one name alone. */
function findRoom(rooms: SearchContext["rooms"], value: string): string | null {
  const wanted = fold(value)
  const exact = rooms.find(({ id, name }) => id === value || fold(name) === wanted)
  if (exact !== undefined) return exact.id
  const [first, ...others] = rooms.filter(({ name }) => fold(name).startsWith(wanted))
  return first !== undefined && others.length === 0 ? first.id : null
}

const fold = (name: string): string => name.trim().toLowerCase()

/** `before` a day: until it begins. `after` a day: once it has ended. The server leaves out the ends. */
function timesOf({ filters }: ParsedQuery, now: Date): Pick<SearchQuery, "before" | "after"> {
  let from = Number.NEGATIVE_INFINITY
  let until = Number.POSITIVE_INFINITY
  for (const { kind, value } of filters) {
    const day = readDay(value, now)
    if (day === null) continue
    if (kind === "before") until = Math.min(until, day.start)
    if (kind === "after") from = Math.max(from, day.end)
    if (kind !== "on") continue
    from = Math.max(from, day.start)
    until = Math.min(until, day.end)
  }
  return {
    ...(Number.isFinite(until) ? { before: new Date(until).toISOString() } : {}),
    ...(Number.isFinite(from) ? { after: new Date(from - 1).toISOString() } : {}),
  }
}

/**
 * A day of one's own time zone, epoch milliseconds, its end excluded: `2026-01-31`, `31.1.2026`, or
 * a word. Null: no day.
 */
export function readDay(
  text: string,
  now: Date,
): { readonly start: number; readonly end: number } | null {
  const word = text.toLowerCase()
  if (Object.hasOwn(DAY_WORDS, word)) {
    return dayOf(now.getFullYear(), now.getMonth(), now.getDate() + (DAY_WORDS[word] ?? 0))
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  const [year, month, date] =
    iso === null ? [german?.[3], german?.[2], german?.[1]].map(Number) : iso.slice(1).map(Number)
  if (year === undefined || month === undefined || date === undefined) return null
  const start = new Date(year, month - 1, date)
  // The 31st of June would be taken for the 1st of July.
  const isThatDay = start.getMonth() === month - 1 && start.getDate() === date
  return isThatDay && year >= 1000 ? dayOf(year, month - 1, date) : null
}

/** A day is not always 24 hours long. */
const dayOf = (year: number, month: number, date: number) => ({
  start: new Date(year, month, date).getTime(),
  end: new Date(year, month, date + 1).getTime(),
})
