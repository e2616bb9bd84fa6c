export const EMOJI_GROUPS = [
  "smileys",
  "people",
  "animals",
  "food",
  "travel",
  "activities",
  "objects",
  "symbols",
  "flags",
] as const
export type EmojiGroup = (typeof EMOJI_GROUPS)[number]

/** The groups by their numbers in emojibase; 2 are parts of others (skin, hair). */
const GROUP_OF: Readonly<Record<number, EmojiGroup>> = {
  0: "smileys",
  1: "people",
  3: "animals",
  4: "food",
  5: "travel",
  6: "activities",
  7: "objects",
  8: "symbols",
  9: "flags",
}

export interface Emoji {
  readonly emoji: string
  /** In the language of the set. */
  readonly label: string
  readonly group: EmojiGroup
  /** What it is called between colons, the shortest first. At least one. */
  readonly names: readonly [string, ...string[]]
  /** Everything that it may be found by, in lower case. */
  readonly words: readonly string[]
  /** Light to dark; empty: it has no skin. */
  readonly skins: readonly string[]
}

export interface EmojiSet {
  readonly all: readonly Emoji[]
  readonly byName: ReadonlyMap<string, string>
}

/** An emoji of emojibase, as far as we read it. */
export interface RawEmoji {
  readonly hexcode: string
  readonly unicode: string
  readonly label: string
  readonly group?: number
  readonly order?: number
  readonly tags?: readonly string[]
  readonly skins?: readonly { readonly unicode: string }[]
}

type Shortcodes = Readonly<Record<string, string | readonly string[]>>

/** What a picker and a completion need of emojibase's lists: one of a language, and GitHub's names. */
export function createEmojiSet(raw: readonly RawEmoji[], shortcodes: Shortcodes): EmojiSet {
  const all = [...raw]
    .sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .flatMap((it): readonly Emoji[] => {
      const group = GROUP_OF[it.group ?? -1]
      return group === undefined ? [] : [toEmoji(it, group, shortcodes[it.hexcode])]
    })
  const byName = new Map<string, string>()
  for (const { names, emoji } of all) {
    for (const name of names) if (!byName.has(name)) byName.set(name, emoji)
  }
  return { all, byName }
}

function toEmoji(
  raw: RawEmoji,
  group: EmojiGroup,
  shortcodes: string | readonly string[] | undefined,
): Emoji {
  const known = typeof shortcodes === "string" ? [shortcodes] : [...(shortcodes ?? [])]
  const [first = nameFrom(raw.label), ...rest] = known.sort((a, b) => a.length - b.length)
  const label = raw.label.toLowerCase()
  return {
    emoji: shortest(raw.unicode),
    label: raw.label,
    group,
    names: [first, ...rest],
    words: [label, ...(raw.tags ?? []).map((it) => it.toLowerCase())],
    // Of two people there are 25; a picker shows those where both are alike.
    skins: (raw.skins?.length === 5 ? raw.skins : []).map((it) => shortest(it.unicode)),
  }
}

/** As GitHub would call it, had it a name. */
const nameFrom = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_|_$/g, "")

/**
 * Without the sign that asks for a picture where it is one anyway: a reaction with the sign and
 * one without would be two.
 */
const shortest = (emoji: string): string =>
  /^\p{Emoji_Presentation}\uFE0F$/u.test(emoji) ? emoji.slice(0, -1) : emoji

/**
 * Emoji by what somebody types of their names, the best first: one called so, those whose name
 * begins so, one of whose words begins so, and those with it somewhere in a name.
 */
export function findEmoji(set: EmojiSet, query: string, max: number): readonly Emoji[] {
  const wanted = query.trim().toLowerCase().replace(/^:|:$/g, "")
  if (wanted === "") return []
  const ranked = set.all.flatMap((emoji) => {
    const rank = rankOf(emoji, wanted)
    return rank === null ? [] : [{ emoji, rank }]
  })
  return ranked
    .sort((one, other) => one.rank - other.rank)
    .slice(0, max)
    .map(({ emoji }) => emoji)
}

function rankOf(emoji: Emoji, wanted: string): number | null {
  if (emoji.names.includes(wanted) || emoji.words[0] === wanted) return 0
  if (emoji.names.some((it) => it.startsWith(wanted))) return 1
  if (emoji.words.some((it) => it.startsWith(wanted))) return 2
  if (emoji.words.some((it) => it.includes(` ${wanted}`))) return 3
  if (emoji.names.some((it) => it.includes(wanted))) return 4
  return null
}
