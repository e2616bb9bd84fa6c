/**
 * What somebody writes into the search box: words to look for, and filters as words among them
 * (`from:ann in:general has:file before:2026-01-01`). The text is all there is: what is clicked
 * together changes the text.
 */
export type FilterKind = "from" | "in" | "has" | "before" | "after" | "on"

export interface Filter {
  readonly kind: FilterKind
  readonly value: string
}

export interface ParsedQuery {
  /** Words and phrases in quotation marks, as they were written. */
  readonly words: string
  /** At most one of each kind: the last. */
  readonly filters: readonly Filter[]
}

/** German ones, too, whatever the language of the page: people write as they speak. */
const KINDS: Readonly<Record<string, FilterKind>> = {
  from: "from",
  von: "from",
  in: "in",
  has: "has",
  hat: "has",
  before: "before",
  vor: "before",
  after: "after",
  nach: "after",
  on: "on",
  am: "on",
}

const FILE_WORDS: ReadonlySet<string> = new Set(["file", "files", "datei", "dateien"])

/** A filter whose value may be quoted, a phrase, or what no space divides. */
const TOKENS = /(\p{L}+):"([^"]*)"?|"[^"]*"?|\S+/gu

/** A filter without a value is being written: it is neither looked for nor followed. */
const FILTER = /^(\p{L}+):(.*)$/su

export function parseQuery(text: string): ParsedQuery {
  const words: string[] = []
  const filters = new Map<FilterKind, string>()
  for (const [token, quotedName, quotedValue] of text.matchAll(TOKENS)) {
    const [, name, value] =
      quotedName === undefined ? (FILTER.exec(token) ?? []) : [token, quotedName, quotedValue]
    const kind = name === undefined ? undefined : kindOf(name)
    if (kind === undefined || token.startsWith('"')) {
      words.push(token)
      continue
    }
    const read = readValue(kind, value ?? "")
    if (read === "") continue
    // The last one holds, and stands last.
    filters.delete(kind)
    filters.set(kind, read)
  }
  return {
    words: words.join(" "),
    filters: [...filters].map(([kind, value]) => ({ kind, value })),
  }
}

const kindOf = (name: string): FilterKind | undefined => {
  const lower = name.toLowerCase()
  return Object.hasOwn(KINDS, lower) ? KINDS[lower] : undefined
}

function readValue(kind: FilterKind, written: string): string {
  // Quotation marks in a name cannot be said when the query is written again.
  const value = written.replaceAll('"', "").trim()
  switch (kind) {
    case "from":
      return value.replace(/^[@\s]+/u, "")
    case "in":
      return value.replace(/^[#\s]+/u, "")
    case "has":
      return FILE_WORDS.has(value.toLowerCase()) ? "file" : value
    default:
      return value
  }
}

/** The text of a query: filters first, as words. */
export function formatQuery({ words, filters }: ParsedQuery): string {
  return [...filters.map(formatFilter), words].filter((it) => it !== "").join(" ")
}

/** As it is written. Quotation marks in a name cannot be said, so they are left out. */
export function formatFilter({ kind, value }: Filter): string {
  const said = value.replaceAll('"', "")
  return /\s/u.test(said) ? `${kind}:"${said}"` : `${kind}:${said}`
}

export function withFilter(text: string, filter: Filter): string {
  const { words, filters } = parseQuery(text)
  const others = filters.filter(({ kind }) => kind !== filter.kind)
  return formatQuery({ words, filters: filter.value === "" ? others : [...others, filter] })
}

export const withoutFilter = (text: string, kind: FilterKind): string =>
  withFilter(text, { kind, value: "" })

export const filterValue = ({ filters }: ParsedQuery, kind: FilterKind): string =>
  filters.find((it) => it.kind === kind)?.value ?? ""
