/** How many colours there are in `avatar.css`. */
const TINTS = 8

/** Of the same id always the same, wherever it is shown. */
export function tintOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return sum % TINTS
}

/** Of two words their first characters, of one its first; whole characters, also of emoji. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((it) => it !== "")
  return words
    .slice(0, 2)
    .map((word) => firstCharacterOf(word).toLocaleUpperCase())
    .join("")
}

function firstCharacterOf(word: string): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment
  return ""
}

/** Whether a picture comes from this server; no other is ever asked. */
export function isOfOurOrigin(url: string): boolean {
  const parsed = URL.parse(url, location.href)
  return parsed !== null && parsed.origin === location.origin
}
