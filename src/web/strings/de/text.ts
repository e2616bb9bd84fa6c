import type { text as en } from "../en/text"

export const text = {
  code: (language: string) => (language === "" ? "Code" : `Code: ${language}`),
  task: "Aufgabe",
  table: "Tabelle",
  emoji: "Emoji",
  emojiGroups: "Gruppen von Emoji",
  findEmoji: "Emoji suchen",
  pickEmoji: "Wähle ein Emoji",
  emojiFailed: "Die Emoji konnten nicht geladen werden.",
  found: (count: number) => `${count} Emoji gefunden`,
  skin: "Hautfarbe",
  skins: ["Gelb", "Hell", "Mittelhell", "Mittel", "Mitteldunkel", "Dunkel"],
  groups: {
    recent: "Zuletzt benutzt",
    smileys: "Smileys",
    people: "Menschen",
    animals: "Tiere und Natur",
    food: "Essen und Trinken",
    travel: "Reisen und Orte",
    activities: "Aktivitäten",
    objects: "Dinge",
    symbols: "Symbole",
    flags: "Flaggen",
  },
} satisfies typeof en
