/**
 * How texts become the words by which they are found: the same for what is stored and what is
 * looked for, on both databases. Case, accents and widths of characters make no difference.
 * Languages that put no spaces between their words are cut into pairs of neighbours.
 */

/** A word of a text, and where it stands there. */
export interface Token {
  readonly term: string
  readonly start: number
  readonly end: number
}

/** Words of one message that are kept at the most, in which there are 64 KiB of letters. */
export const TERMS_MAX = 8_192

/** Longer words are no words; all that begin alike are taken for one. */
const TERM_CHARS_MAX = 64

/** Stands between parts of a message that are not neighbours: no text has it as a word. */
const GAP = "·"

const ASCII_ONLY = /^[\0-\x7f]*$/
const ASCII_WORD = /[a-z0-9]+/g

/** A picture by itself, or what words are made of. */
const RUN = /\p{Extended_Pictographic}|[\p{L}\p{M}\p{N}]+/gu

/**
 * A character with what is written upon it: the marks of half-width Katakana are letters. Nothing
 * that is meant to be read has more than a few marks, and to put so many of them in order as a
 * whole message can hold takes minutes.
 */
const PIECE = /[^\p{M}ﾞﾟ][\p{M}ﾞﾟ]{0,16}|[\p{M}ﾞﾟ]{1,16}/gu

const IS_PICTURE = /^\p{Extended_Pictographic}$/u
const IS_LETTER = /^[\p{L}\p{N}]$/u
const IS_MARK = /^\p{M}$/u

/** Scripts whose words stand together, or change at their ends as Korean ones do. */
const IS_UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u

/** Marks without which these scripts are read, and often written. Others have vowels for marks. */
const ACCENTS =
  /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}])\p{M}+/gu

/** Letters with strokes and joined ones, which Unicode takes for letters of their own. */
const PLAIN: Readonly<Record<string, string>> = {
  ς: "σ",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  ħ: "h",
  æ: "ae",
  œ: "oe",
  þ: "th",
}
const IN_PLAIN = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "gu")

/** To upper case first: it makes `ss` of `ß`, and one letter of those that look alike. */
const normalise = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(ACCENTS, "$1")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(ACCENTS, "$1")
    .normalize("NFC")
    .replace(IN_PLAIN, (letter) => PLAIN[letter] ?? letter)

const bounded = (term: string): string =>
  term.length <= TERM_CHARS_MAX ? term : term.slice(0, TERM_CHARS_MAX).toWellFormed()

/** What a text holds: its words in order, and the single characters of those that stand together. */
export interface Words {
  readonly tokens: readonly Token[]
  /** For who looks for one character. They stand apart from the words, and are no neighbours. */
  readonly signs: readonly Token[]
}

const NO_SIGNS: readonly Token[] = []

export function wordsOf(text: string): Words {
  return ASCII_ONLY.test(text) ? { tokens: asciiTokens(text), signs: NO_SIGNS } : anyWords(text)
}

function asciiTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const { 0: word, index } of text.toLowerCase().matchAll(ASCII_WORD)) {
    tokens.push({ term: bounded(word), start: index, end: index + word.length })
    if (tokens.length === TERMS_MAX) break
  }
  return tokens
}

function anyWords(text: string): Words {
  const tokens: Token[] = []
  const signs: Token[] = []
  for (const { 0: run, index: start } of text.matchAll(RUN)) {
    const isWhole = ASCII_ONLY.test(run) || IS_PICTURE.test(run)
    if (isWhole) tokens.push({ term: bounded(run.toLowerCase()), start, end: start + run.length })
    else for (const word of partsOf(run, start)) addWord({ tokens, signs }, word)
    if (tokens.length >= TERMS_MAX) break
  }
  return { tokens: tokens.slice(0, TERMS_MAX), signs: signs.slice(0, TERMS_MAX) }
}

/** Letters of one kind, one after the other; each has the range of the character it came from. */
interface Word {
  readonly isUnspaced: boolean
  readonly letters: Token[]
}

/** What is written without a space may be several words: of two scripts, say. */
function partsOf(run: string, offset: number): readonly Word[] {
  const words: Word[] = []
  let word: Word | null = null
  for (const { 0: piece, index } of run.matchAll(PIECE)) {
    const start = offset + index
    for (const letter of lettersOf(piece)) {
      if (letter === null) {
        word = null
        continue
      }
      if (word === null || word.isUnspaced !== letter.isUnspaced) {
        word = { isUnspaced: letter.isUnspaced, letters: [] }
        words.push(word)
      }
      word.letters.push({ term: letter.text, start, end: start + piece.length })
    }
  }
  return words
}

function addWord(
  { tokens, signs }: { readonly tokens: Token[]; readonly signs: Token[] },
  { isUnspaced, letters }: Word,
): void {
  if (!isUnspaced || letters.length === 1) {
    tokens.push(joined(letters))
    return
  }
  signs.push(...letters)
  for (const [index, second] of letters.entries()) {
    const first = letters[index - 1]
    if (first !== undefined) tokens.push(joined([first, second]))
  }
}

const joined = (letters: readonly Token[]): Token => ({
  term: bounded(letters.map(({ term }) => term).join("")),
  start: letters[0]?.start ?? 0,
  end: letters.at(-1)?.end ?? 0,
})

interface Letter {
  readonly text: string
  readonly isUnspaced: boolean
}

/** Letters by the character they are made of: there are few, and making them is slow. */
const known = new Map<string, readonly (Letter | null)[]>()
const KNOWN_MAX = 4_096
const KNOWN_CHARS_MAX = 8

function lettersOf(piece: string): readonly (Letter | null)[] {
  const remembered = known.get(piece)
  if (remembered !== undefined) return remembered
  const letters = findLetters(piece)
  if (piece.length <= KNOWN_CHARS_MAX) {
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(piece, letters)
  }
  return letters
}

/** Each with its marks. Null: what is no letter after all, as in a fraction of one character. */
function findLetters(piece: string): readonly (Letter | null)[] {
  if (!/[\p{L}\p{N}]/u.test(piece)) return [null]
  const letters: (string | null)[] = []
  for (const character of normalise(piece)) {
    const last = letters.at(-1)
    if (IS_MARK.test(character) && typeof last === "string") letters.splice(-1, 1, last + character)
    else letters.push(IS_LETTER.test(character) ? character : null)
  }
  return letters.map((text) =>
    text === null ? null : { text, isUnspaced: IS_UNSPACED.test(text) },
  )
}

/** What the index keeps of a message: its words in order, and what stands apart from them. */
export function indexedTerms(text: string, marks: readonly string[]): readonly string[] {
  const { tokens, signs } = wordsOf(text)
  const apart = new Set(signs.map(({ term }) => term))
  const terms = tokens.map(({ term }) => term)
  return [...terms, ...(apart.size === 0 ? [] : [GAP, ...apart]), ...marks]
}

/** How the index marks whose message it is; nothing that people write is a word like it. */
export const authorMark = (user: number): string => `${GAP}u${user}`

/** How it marks a message that shows a file. */
export const FILE_MARK = `${GAP}file`
