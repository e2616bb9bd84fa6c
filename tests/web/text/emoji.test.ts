import { describe, expect, test } from "bun:test"
import german from "emojibase-data/de/compact.json"
import english from "emojibase-data/en/compact.json"
import names from "emojibase-data/en/shortcodes/github.json"
import { isBigEmoji } from "../../../src/web/text/big-emoji"
import { createEmojiSet, EMOJI_GROUPS, findEmoji } from "../../../src/web/text/emoji-set"
import { cellAfterKey } from "../../../src/web/text/grid-keys"
import { createRecentEmoji } from "../../../src/web/text/recent-emoji"

const set = createEmojiSet(english, names)
const faces = (query: string, of = set) => findEmoji(of, query, 5).map((it) => it.emoji)

describe("the set of emoji", () => {
  test("each group has some, and each emoji a name between colons", () => {
    for (const group of EMOJI_GROUPS) {
      expect(set.all.filter((it) => it.group === group).length, group).toBeGreaterThan(50)
    }
    for (const { names, label } of set.all) expect(names[0], label).toMatch(/^[\p{L}\p{N}_+-]+$/u)
  })

  test("knows what GitHub calls them, and shows them as everybody writes them", () => {
    expect(set.byName.get("+1")).toBe("👍")
    expect(set.byName.get("thumbsup")).toBe("👍")
    expect(set.byName.get("tada")).toBe("🎉")
    expect(set.byName.get("heart")).toBe("❤️")
  })

  test("finds by name first, then by label and word, in the language of the set", () => {
    expect(faces(":tad")[0]).toBe("🎉")
    expect(faces("joy")[0]).toBe("😂")
    expect(faces("birthday")).toContain("🎂")
    expect(faces("geburtstag", createEmojiSet(german, names))).toContain("🎂")
    expect(faces("tada", createEmojiSet(german, names))).toContain("🎉")
    expect(faces("")).toEqual([])
    expect(faces("xyzzy")).toEqual([])
    expect(findEmoji(set, "a", 7)).toHaveLength(7)
  })

  test("hands have five skins, faces none", () => {
    expect(set.all.find((it) => it.emoji === "👍")?.skins).toEqual([
      "👍🏻",
      "👍🏼",
      "👍🏽",
      "👍🏾",
      "👍🏿",
    ])
    expect(set.all.find((it) => it.emoji === "😂")?.skins).toEqual([])
  })
})

describe("emoji alone in a message", () => {
  test.each(["👍", "❤️", "❤", "🎉 🎉", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👍🏽", "😂😂😂😂😂😂"])(
    "%s is large",
    (text) => {
      expect(isBigEmoji(text)).toBe(true)
    },
  )

  test.each(["", " ", "a", "1", "#", "👍 a", "😂".repeat(7), "*👍*", ":tada:"])(
    "%j is not",
    (text) => {
      expect(isBigEmoji(text)).toBe(false)
    },
  )
})

describe("the emoji used last", () => {
  const createShelf = () => {
    const kept = new Map<string, string | null>()
    return {
      read: (name: string) => kept.get(name) ?? null,
      keep: (name: string, value: string | null) => void kept.set(name, value),
    }
  }

  test("the latest comes first, each once, 24 of them", () => {
    const recent = createRecentEmoji(createShelf())
    const many = set.all.slice(100, 130).map((it) => it.emoji)

    for (const emoji of many) recent.use(emoji)
    recent.use(many[20] ?? "")

    expect(recent.recent()).toHaveLength(24)
    expect(recent.recent()[0]).toBe(many[20] ?? "")
    expect(new Set(recent.recent()).size).toBe(24)
  })

  test("a skin is kept beside them", () => {
    const recent = createRecentEmoji(createShelf())

    recent.chooseSkin(3)
    recent.use("🎉")

    expect(recent.skin()).toBe(3)
  })

  test.each(["", "{", "7", "null", '{"recent":7}', '{"recent":[7]}', '{"recent":[],"skin":99}'])(
    "what another version kept as %j does no harm",
    (text) => {
      const recent = createRecentEmoji({ read: () => text, keep: () => undefined })

      expect(recent.recent().every((it) => typeof it === "string")).toBe(true)
      expect(recent.skin()).toBe(0)
    },
  )
})

describe("keys in a grid of 20 in rows of 8", () => {
  test.each([
    ["ArrowRight", 0, 1],
    ["ArrowRight", 19, 19],
    ["ArrowLeft", 0, 0],
    ["ArrowDown", 2, 10],
    ["ArrowDown", 14, 14],
    ["ArrowUp", 10, 2],
    ["ArrowUp", 3, null],
    ["Home", 11, 8],
    ["End", 8, 15],
    ["End", 17, 19],
    ["PageDown", 1, 19],
    ["a", 1, null],
  ] as const)("%s at %i leads to %p", (key, at, next) => {
    expect(cellAfterKey(key, { at, count: 20, columns: 8 })).toBe(next)
  })
})
