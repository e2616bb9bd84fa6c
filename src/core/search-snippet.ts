import type { Range } from "./search-query"

/** About so long is what is shown of a message, in UTF-16 code units. */
const SNIPPET_CHARS = 200

/** So much of it stands before the first hit. */
const LEAD_CHARS = 40

/** So far from its end a snippet may end with a word. */
const WORD_CHARS = 24

/**
 * The part of a message with most of the hits, as HTML: hits stand in `<mark>`, and all else is
 * text, in which nothing that somebody wrote is markup.
 */
export function snippetOf(content: string, hits: readonly Range[]): string {
  const marked = merged(hits)
  const { start, end } = windowOf(content, marked)
  let html = start > 0 ? "…" : ""
  let at = start
  for (const hit of marked) {
    const from = Math.max(hit.start, at)
    const until = Math.min(hit.end, end)
    if (from >= until) continue
    html += `${escapeHtml(content.slice(at, from))}<mark>${escapeHtml(content.slice(from, until))}</mark>`
    at = until
  }
  return html + escapeHtml(content.slice(at, end)) + (end < content.length ? "…" : "")
}

/** In their order, none within another. */
function merged(hits: readonly Range[]): readonly Range[] {
  const ranges: Range[] = []
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    const last = ranges.at(-1)
    if (last === undefined || hit.start > last.end) ranges.push(hit)
    else ranges.splice(-1, 1, { start: last.start, end: Math.max(last.end, hit.end) })
  }
  return ranges
}

function windowOf(content: string, hits: readonly Range[]): Range {
  if (content.length <= SNIPPET_CHARS) return { start: 0, end: content.length }
  let best = { start: 0, count: -1 }
  for (const [index, hit] of hits.entries()) {
    const start = Math.max(0, hit.start - LEAD_CHARS)
    let count = 0
    while ((hits[index + count]?.end ?? Number.POSITIVE_INFINITY) <= start + SNIPPET_CHARS) count++
    if (count > best.count) best = { start, count }
  }
  const latest = Math.max(0, Math.min(best.start, content.length - SNIPPET_CHARS))
  return {
    start: startNear(content, latest),
    end: endNear(content, Math.min(content.length, latest + SNIPPET_CHARS)),
  }
}

/** Behind a space, if there is one near, and never within a character. */
function startNear(content: string, at: number): number {
  if (at === 0) return 0
  const space = /\s/u.exec(content.slice(at, at + WORD_CHARS))
  return space === null ? wholeAt(content, at) : at + space.index + 1
}

function endNear(content: string, at: number): number {
  if (at === content.length) return at
  const space = content.slice(at - WORD_CHARS, at).search(/\s\S*$/u)
  return space === -1 ? wholeAt(content, at) : at - WORD_CHARS + space
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** Characters that people see may be made of many, as families are; they are not torn apart. */
function wholeAt(content: string, at: number): number {
  const from = Math.max(0, at - SNIPPET_CHARS)
  const found = characters.segment(content.slice(from)).containing(at - from)
  return found === undefined ? at : from + found.index
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (it) => ENTITIES[it] ?? it)
