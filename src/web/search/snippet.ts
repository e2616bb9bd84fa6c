/** A part of a snippet, as text. */
export interface SnippetPart {
  readonly text: string
  readonly isHit: boolean
}

/** What the server escapes. Anything else that looks like an entity is what somebody wrote. */
const CHARACTERS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
}

const PIECES = /<mark>|<\/mark>|&(?:amp|lt|gt|quot|#39);/g

/**
 * The parts of a server's snippet, to be shown as text: nothing in it is ever taken for markup but
 * `<mark>`. Looked through once, so an entity within an entity stays one. Whatever else stands in
 * it, also another tag, comes out as the text that it is.
 */
export function parseSnippet(html: string): readonly SnippetPart[] {
  const parts: SnippetPart[] = []
  let isHit = false
  let text = ""
  let at = 0
  const cut = () => {
    if (text !== "") parts.push({ text, isHit })
    text = ""
  }
  for (const { 0: piece, index } of html.matchAll(PIECES)) {
    text += html.slice(at, index)
    at = index + piece.length
    const character = CHARACTERS[piece]
    if (character !== undefined) {
      text += character
      continue
    }
    cut()
    isHit = piece === "<mark>"
  }
  text += html.slice(at)
  cut()
  return parts
}
