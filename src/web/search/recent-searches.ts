/** The part of `localStorage` that is needed; a browser may refuse it. */
export type KeptTexts = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">

const KEY = "parley.searches"
export const RECENT_SEARCHES_MAX = 8
const CHARS_MAX = 256

/** What was looked for last, the latest first. Whatever else stands in the storage is no search. */
export function readRecentSearches(storage: KeptTexts): readonly string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "[]")
    if (!Array.isArray(kept)) return []
    return kept
      .filter((it): it is string => typeof it === "string" && it !== "" && it.length <= CHARS_MAX)
      .slice(0, RECENT_SEARCHES_MAX)
  } catch {
    // Refused, or not written by us: there are none.
    return []
  }
}

/** Each search is there once, without regard to case. */
export function rememberSearch(storage: KeptTexts, text: string): readonly string[] {
  const search = text.trim()
  const known = readRecentSearches(storage)
  if (search === "" || search.length > CHARS_MAX) return known
  const same = search.toLowerCase()
  const others = known.filter((it) => it.toLowerCase() !== same)
  return write(storage, [search, ...others].slice(0, RECENT_SEARCHES_MAX))
}

export function forgetSearch(storage: KeptTexts, text: string): readonly string[] {
  return write(
    storage,
    readRecentSearches(storage).filter((it) => it !== text),
  )
}

function write(storage: KeptTexts, searches: readonly string[]): readonly string[] {
  try {
    if (searches.length === 0) storage.removeItem(KEY)
    else storage.setItem(KEY, JSON.stringify(searches))
  } catch {
    // Full or refused: they are kept for as long as the page is open, by who asked.
  }
  return searches
}
