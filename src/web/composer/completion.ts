/** What is being typed that could be completed. */
export interface Asked {
  readonly kind: "person" | "emoji" | "command"
  /** Behind the sign that it begins with. */
  readonly query: string
  /** The part that is replaced, the sign included. */
  readonly from: number
  readonly to: number
}

const PATTERNS = [
  { kind: "command", pattern: /^\/([a-z]*)$/i },
  { kind: "person", pattern: /(?:^|[\s(,;"'*_~])@([\p{L}\p{N}_.-]{0,32})$/u },
  // Two letters at least: a colon has many meanings.
  { kind: "emoji", pattern: /(?:^|[\s(*_~]):([a-z0-9_+-]{2,40})$/i },
] as const

/** A name or an emoji longer than this is none. */
const lookBackMax = 64

/** What stands right before the caret and could be completed. Null: nothing. */
export function readAsked(text: string, caret: number): Asked | null {
  const isCommand = text.startsWith("/")
  const before = text.slice(isCommand ? 0 : Math.max(0, caret - lookBackMax), caret)
  if (before.length > lookBackMax * 2) return null
  for (const { kind, pattern } of PATTERNS) {
    const query = pattern.exec(before)?.[1]
    if (query !== undefined) return { kind, query, from: caret - query.length - 1, to: caret }
  }
  return null
}

/** Somebody who can be called. */
export interface Callable {
  readonly id: string
  readonly username: string
  readonly display_name: string | null
}

/** Whether a room has more members than are known of it. */
export function isSomebodyUnknown(
  known: Iterable<{ readonly left_at: string | null }>,
  count = Number.POSITIVE_INFINITY,
): boolean {
  return [...known].filter(({ left_at }) => left_at === null).length < count
}

/**
 * Those whose name, or a word of it, begins with what was typed; who spoke last comes first, then
 * by name. `recency` is greater for who spoke later.
 */
export function matchPeople<T extends Callable>(
  people: Iterable<T>,
  query: string,
  { recency, max }: { readonly recency: ReadonlyMap<string, number>; readonly max: number },
): readonly T[] {
  const wanted = query.toLowerCase()
  const ranked = [...people].flatMap((person) => {
    const rank = rankOf(person, wanted)
    return rank === null ? [] : [{ person, rank }]
  })
  const spoke = (person: T) => recency.get(person.id) ?? -1
  return ranked
    .sort(
      (one, other) =>
        one.rank - other.rank ||
        spoke(other.person) - spoke(one.person) ||
        one.person.username.localeCompare(other.person.username),
    )
    .slice(0, max)
    .map(({ person }) => person)
}

function rankOf({ username, display_name }: Callable, wanted: string): number | null {
  const name = username.toLowerCase()
  const words = (display_name ?? "").toLowerCase().split(/[\s_.-]+/)
  if (name.startsWith(wanted) || words[0]?.startsWith(wanted)) return 0
  if (words.some((word) => word.startsWith(wanted))) return 0
  return wanted.length > 1 && name.includes(wanted) ? 1 : null
}
