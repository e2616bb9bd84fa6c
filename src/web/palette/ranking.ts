import { matchText } from "./match"

/** Something that the palette can lead to. */
export interface Entry {
  /** Unique among all entries. */
  readonly id: string
  readonly kind: "room" | "person" | "action"
  readonly label: string
  /** Shown beside it in small, and found as well, but counts less. */
  readonly detail?: string | undefined
  /** Other words by which it is found: not shown. */
  readonly words?: readonly string[] | undefined
  /** Epoch milliseconds of when it was last of interest; undefined: never. */
  readonly usedAt?: number | undefined
  /** It waits for one: unread. */
  readonly isCalling?: boolean | undefined
}

export interface Ranked<E extends Entry> {
  readonly entry: E
  readonly score: number
  /** Of the label, where what was typed stands in it. */
  readonly positions: readonly number[]
}

const DETAIL_SHARE = 0.6
const HOUR_MS = 3_600_000

/** Up to so much more for what is new; halved after a day. */
const RECENCY = 8
const RECENCY_HALF_MS = 24 * HOUR_MS
const CALLING = 3

/** Nothing typed: where one probably wants to go comes first, then what one may do. */
const KIND: Readonly<Record<Entry["kind"], number>> = { room: 2, person: 1, action: 0 }

/**
 * The entries that answer what was typed, the best first: by how well they do, then by how lately
 * they were of interest. `now` is epoch milliseconds. Equal ones stay in their order.
 */
export function rankEntries<E extends Entry>(
  entries: readonly E[],
  { query, now, limit }: { readonly query: string; readonly now: number; readonly limit: number },
): readonly Ranked<E>[] {
  const ranked: Ranked<E>[] = []
  for (const entry of entries) {
    const match = matchEntry(query, entry)
    if (match === null) continue
    ranked.push({ entry, ...match, score: match.score + interestOf(entry, now) })
  }
  return ranked.sort((a, b) => b.score - a.score).slice(0, limit)
}

function matchEntry(query: string, { label, detail, words = [] }: Entry) {
  const inLabel = matchText(query, label)
  if (inLabel !== null) return inLabel
  let best = Number.NaN
  for (const text of [...(detail === undefined ? [] : [detail]), ...words]) {
    const match = matchText(query, text)
    // Long texts hold most letters somewhere: here words must begin as what was typed.
    if (match !== null && beginsWords(query, text))
      best = Number.isNaN(best) ? match.score : Math.max(best, match.score)
  }
  return Number.isNaN(best) ? null : { score: best * DETAIL_SHARE, positions: [] }
}

function interestOf({ kind, usedAt, isCalling = false }: Entry, now: number): number {
  const age = usedAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - usedAt)
  return KIND[kind] + RECENCY * 2 ** (-age / RECENCY_HALF_MS) + (isCalling ? CALLING : 0)
}

function beginsWords(query: string, text: string): boolean {
  const words = foldWords(text)
  return foldWords(query).every((wanted) => words.some((word) => word.startsWith(wanted)))
}

const foldWords = (text: string): readonly string[] =>
  text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
