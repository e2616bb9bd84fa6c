import { ChatError } from "../protocol/errors"
import { LIMITS } from "../protocol/limits"
import { type Token, type Words, wordsOf } from "../protocol/search-terms"
import type { Phrase } from "../store"

/** A piece of a text. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A part in quotation marks, of whichever kind and closed or not, or what no space divides. */
const PARTS = /["“”„«»]([^"“”„«»]*)["“”„«»]?|[^\s"“”„«»]+/gu

/**
 * What somebody looks for: every phrase must stand in a message. Words are phrases of one word;
 * what is written together (`3.14`, a Chinese word) is one of several. Nothing is a wrong query:
 * what holds no words, as a full stop, is no part of it.
 * Errors: `invalid_request` for more words than are looked for at once.
 */
export function readQuery(text: string): readonly Phrase[] {
  const phrases = new Map<string, Phrase>()
  for (const [whole, quoted] of text.matchAll(PARTS)) {
    const terms = wordsOf(quoted ?? whole).tokens.map(({ term }) => term)
    if (terms.length > 0) phrases.set(terms.join(" "), terms)
  }
  const found = [...phrases.values()]
  if (found.flat().length > LIMITS.searchTermsMax) {
    const message = `must have at most ${LIMITS.searchTermsMax} words`
    throw new ChatError("invalid_request", { problems: [{ path: "q", message }] })
  }
  return found
}

/** Where each phrase stands in a text; null where one of them does not. */
export function findPhrases(
  words: Words,
  phrases: readonly Phrase[],
): readonly (readonly Range[])[] | null {
  const found: (readonly Range[])[] = []
  for (const phrase of phrases) {
    const places = placesOf(words, phrase)
    if (places.length === 0) return null
    found.push(places)
  }
  return found
}

function placesOf({ tokens, signs }: Words, phrase: Phrase): readonly Range[] {
  const places = placesAmong(tokens, phrase)
  return phrase.length === 1 && signs.length > 0
    ? [...places, ...placesAmong(signs, phrase)]
    : places
}

function placesAmong(tokens: readonly Token[], phrase: Phrase): readonly Range[] {
  const places: Range[] = []
  const [first] = phrase
  for (const [index, { term, start }] of tokens.entries()) {
    if (term !== first) continue
    if (!phrase.every((it, offset) => tokens[index + offset]?.term === it)) continue
    places.push({ start, end: tokens[index + phrase.length - 1]?.end ?? start })
  }
  return places
}
