import { Marked, type MarkedToken, type Token } from "marked"

/** Longer texts are shown as they stand: nobody formats that much, and parsing costs with it. */
const charsMax = 16_000

/** Quotes and lists within each other; the parser reads what is inside once more for each. */
const nestedMax = 10

/** Signs that may begin or end emphasis and links: each is compared with those before it. */
const signsMax = 600

const keptMax = 500

/**
 * GitHub's Markdown with a chat's line breaks. What would be HTML is read as text. A line of dashes
 * below a text is no heading and `[a]: b` no definition: in a chat, both are accidents, and a
 * definition would vanish from what was said.
 */
const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    html: () => undefined,
    tag: () => undefined,
    lheading: () => undefined,
    def: () => undefined,
  },
})

const KNOWN: ReadonlySet<string> = new Set<MarkedToken["type"]>([
  "blockquote",
  "br",
  "checkbox",
  "code",
  "codespan",
  "def",
  "del",
  "em",
  "escape",
  "heading",
  "hr",
  "html",
  "image",
  "link",
  "list",
  "list_item",
  "paragraph",
  "space",
  "strong",
  "table",
  "text",
])

/** Whether it is a token of Markdown itself; we have no others, so each is. */
export const isKnownToken = (token: Token): token is MarkedToken => KNOWN.has(token.type)

const kept = new Map<string, readonly Token[]>()

/**
 * The parts of a text, read as Markdown. Texts that would take long are one paragraph, as they
 * stand. The last few hundred are kept: a list shows the same messages again and again.
 */
export function parseMarkdown(text: string): readonly Token[] {
  const known = kept.get(text)
  if (known !== undefined) return known
  const tokens = isCostly(text) ? [asItStands(text)] : [...marked.lexer(text)]
  if (kept.size >= keptMax) kept.delete(kept.keys().next().value ?? "")
  kept.set(text, tokens)
  return tokens
}

/** As a paragraph: its line breaks are shown. */
export const asItStands = (text: string): Token => ({
  type: "paragraph",
  raw: text,
  text,
  tokens: [{ type: "text", raw: text, text, escaped: false }],
})

/**
 * Whether it is made to be slow, or so large that it would be. Read once, line by line: this must
 * not be slow itself. What is in a block of code is not parsed, and counts for nothing.
 */
export function isCostly(text: string): boolean {
  if (text.length > charsMax) return true
  let signs = 0
  let isCode = false
  for (const line of text.split("\n")) {
    if (/^ {0,3}(```|~~~)/.test(line)) isCode = !isCode
    if (nesting(line) > nestedMax) return true
    if (isCode) continue
    signs += line.match(/[*_~[\]`<]/g)?.length ?? 0
    if (signs > signsMax) return true
  }
  return false
}

/** How many quotes and lists begin on a line, each within the one before, at the most. */
function nesting(line: string): number {
  const [start = ""] = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))*[ \t]*/.exec(line) ?? []
  const marks = start.match(/>|[-*+]|[.)]/g)?.length ?? 0
  const indents = Math.floor((/^[ \t]*/.exec(line)?.[0].replaceAll("\t", "    ").length ?? 0) / 2)
  return marks + indents
}
