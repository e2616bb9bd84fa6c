/** Turns what stands behind it around: beside words of ours, those too. As in file names. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Seen as nothing, or as a space that is none; joiners stay, as emoji and scripts are made by them. */
const UNSEEN =
  /\u034f|\u17b4|\u17b5|[\p{Cc}\p{Zl}\p{Zp}\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u2800\u3164\ufeff\uffa0]/gu

/** More marks on one letter no language has: they would stand in the lines around. */
const PILED = /(\p{M}{4})\p{M}+/gu

const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * A name as it can be shown among other words: anybody may give themselves any name. Where nothing
 * of it would be seen, the other one.
 */
export function legible(name: string, instead: string): string {
  const shown = name
    .replace(TURNS, "")
    .replace(UNSEEN, " ")
    .replace(PILED, "$1")
    .replace(/\s+/gu, " ")
    .trim()
  return SEEN.test(shown) ? shown : instead
}
