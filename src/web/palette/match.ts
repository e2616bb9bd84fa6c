/** How well a text answers what was typed, and which of its characters did. */
export interface Match {
  /** Higher is better; only to be compared with others of the same query. */
  readonly score: number
  /** Indexes into the text, in UTF-16 code units, rising. */
  readonly positions: readonly number[]
}

const QUERY_CHARS_MAX = 64
const TEXT_CHARS_MAX = 200

const START_OF_TEXT = 12
const START_OF_WORD = 8
const NEIGHBOUR = 6
const HIT = 1
/** For each character that is skipped, up to a few: far apart is far apart. */
const GAP = 0.5
const GAPS_MAX = 6
/** The more of a text was typed, the more it is meant. */
const WHOLE = 10

const NONE = Number.NEGATIVE_INFINITY

/**
 * Finds what was typed in a text: together, or from the beginning of a word on letter by letter in
 * this order, as `gd` finds "General discussion". Each word of the query is looked for by itself, so
 * their order is free. Case and accents make no difference. Null: it is not there. Nothing typed
 * matches all.
 */
export function matchText(query: string, text: string): Match | null {
  const folded = foldCharacters(text.slice(0, TEXT_CHARS_MAX))
  const words = query.slice(0, QUERY_CHARS_MAX).split(/\s+/u).filter(Boolean)
  const positions = new Set<number>()
  let score = 0
  for (const word of words) {
    const found = matchWord(foldCharacters(word), folded)
    if (found === null) return null
    score += found.score
    for (const at of found.positions) positions.add(at)
  }
  if (folded.length > 0) score += (WHOLE * positions.size) / folded.length
  return { score, positions: [...positions].sort((a, b) => a - b) }
}

/** One character for each, so that positions stay what they are. */
const foldCharacters = (text: string): readonly string[] =>
  text.split("").map((it) => it.normalize("NFD").charAt(0).toLowerCase().charAt(0) || it)

/** The better of two ways: letters that lie apart must begin a word, or anything would match. */
function matchWord(word: readonly string[], text: readonly string[]): Match | null {
  const apart = matchApart(word, text)
  const together = matchTogether(word, text)
  if (apart === null || together === null) return apart ?? together
  return together.score > apart.score ? together : apart
}

function matchTogether(word: readonly string[], text: readonly string[]): Match | null {
  // One letter is anywhere.
  if (word.length < 2) return null
  const last = text.length - word.length
  for (let start = 0; start <= last; start++) {
    if (!word.every((letter, index) => text[start + index] === letter)) continue
    const score = word.length * HIT + (word.length - 1) * NEIGHBOUR
    return { score, positions: word.map((_, index) => start + index) }
  }
  return null
}

interface Cell {
  readonly score: number
  /** Where the letter before stands; -1: there is none. */
  readonly from: number
}

/**
 * The best of all ways to find the word by its letters: for each letter and each place it may stand, the best
 * score so far (Smith and Waterman's way). 64 by 200 cells at the most.
 */
function matchApart(word: readonly string[], text: readonly string[]): Match | null {
  const rows: Cell[][] = []
  for (const [index, letter] of word.entries()) {
    const before = rows.at(-1)
    const row = text.map((it, at) =>
      it === letter
        ? cellAt({ text, at, before, isFirst: index === 0 })
        : { score: NONE, from: -1 },
    )
    rows.push(row)
  }
  const last = rows.at(-1)
  if (last === undefined) return { score: 0, positions: [] }
  const end = bestOf(last)
  return end === -1 ? null : { score: last[end]?.score ?? 0, positions: trace(rows, end) }
}

interface Place {
  readonly text: readonly string[]
  readonly at: number
  readonly before: readonly Cell[] | undefined
  readonly isFirst: boolean
}

function cellAt({ text, at, before, isFirst }: Place): Cell {
  const own = HIT + startOf(text, at)
  if (isFirst || before === undefined) {
    return { score: startOf(text, at) === 0 ? NONE : own, from: -1 }
  }
  let best: Cell = { score: NONE, from: -1 }
  for (let from = 0; from < at; from++) {
    const reached = before[from]?.score ?? NONE
    if (reached === NONE) continue
    const way = from === at - 1 ? NEIGHBOUR : -GAP * Math.min(GAPS_MAX, at - from - 1)
    const score = reached + way + own
    if (score > best.score) best = { score, from }
  }
  return best
}

const isLetter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character)

/** What it is worth to begin there: at the beginning of all, of a word, or of nothing. */
function startOf(text: readonly string[], at: number): number {
  if (at === 0) return START_OF_TEXT
  return isLetter(text[at]) && !isLetter(text[at - 1]) ? START_OF_WORD : 0
}

function bestOf(row: readonly Cell[]): number {
  let best = -1
  for (const [at, { score }] of row.entries()) {
    if (score !== NONE && score > (row[best]?.score ?? NONE)) best = at
  }
  return best
}

function trace(rows: readonly (readonly Cell[])[], end: number): readonly number[] {
  const positions: number[] = []
  let at = end
  for (const row of rows.toReversed()) {
    positions.unshift(at)
    at = row[at]?.from ?? -1
  }
  return positions
}
