/** Small things that outlive the page; of `state/kept`. */
export interface Shelf {
  read(name: string): string | null
  keep(name: string, value: string | null): void
}

const recentMax = 24
const name = "emoji"

/** Shown to those who have used none yet, so that the most common are at hand. */
const DEFAULTS: readonly string[] = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀"]

interface Kept {
  readonly recent: readonly string[]
  /** 0: yellow; 1 to 5: light to dark. */
  readonly skin: number
}

/** The emoji used last, the latest first, and the skin that was chosen; per browser. */
export function createRecentEmoji(shelf: Shelf) {
  const read = (): Kept => parse(shelf.read(name)) ?? { recent: DEFAULTS, skin: 0 }
  const write = (kept: Kept) => shelf.keep(name, JSON.stringify(kept))
  return {
    recent: (): readonly string[] => read().recent,
    use(emoji: string) {
      const { recent, skin } = read()
      write({ skin, recent: [emoji, ...recent.filter((it) => it !== emoji)].slice(0, recentMax) })
    },
    skin: (): number => read().skin,
    chooseSkin: (skin: number) => write({ ...read(), skin }),
  }
}

/** Null: nothing was kept, or by another version. */
function parse(text: string | null): Kept | null {
  if (text === null) return null
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== "object" || kept === null) return null
    if (!("recent" in kept) || !Array.isArray(kept.recent)) return null
    const recent = kept.recent.filter((it) => typeof it === "string" && it.length <= 40)
    const skin = "skin" in kept && typeof kept.skin === "number" ? kept.skin : 0
    return { recent: recent.slice(0, recentMax), skin: skin >= 0 && skin <= 5 ? skin : 0 }
  } catch {
    return null
  }
}
