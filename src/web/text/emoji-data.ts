import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Language } from "../state/preferences"
import { createEmojiSet, type EmojiSet, type RawEmoji } from "./emoji-set"

/** Each an asset of its own, loaded once somebody looks for an emoji: it is as large as the app. */
const LISTS: Readonly<Record<Language, () => Promise<{ readonly default: readonly RawEmoji[] }>>> =
  {
    en: () => import("emojibase-data/en/compact.json"),
    de: () => import("emojibase-data/de/compact.json"),
  }

const loading = new Map<Language, Promise<EmojiSet>>()

/** All emoji, with labels of a language. Rejects where the network fails; the next call tries again. */
export function loadEmoji(language: Language): Promise<EmojiSet> {
  const known = loading.get(language)
  if (known !== undefined) return known
  const load = async () => {
    const [list, names] = await Promise.all([
      LISTS[language](),
      import("emojibase-data/en/shortcodes/github.json"),
    ])
    const set = createEmojiSet(list.default, names.default)
    emojiByName.value = set.byName
    return set
  }
  const set = load()
  loading.set(language, set)
  set.catch(() => loading.delete(language))
  return set
}

/** What stands between colons, once it is known. The same in each language. */
export const emojiByName = signal<ReadonlyMap<string, string> | null>(null)

/** Loads the names of emoji if a text seems to hold one. Until they come, it stands as it was typed. */
export function useEmojiNames(text: string, language: Language): void {
  const isNeeded = emojiByName.value === null && /:[a-z0-9_+-]+:/.test(text)
  useEffect(() => {
    if (isNeeded) void loadEmoji(language).catch(() => undefined)
  }, [isNeeded, language])
}
