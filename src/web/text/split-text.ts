/** A piece of what stands between the marks of Markdown. */
export type TextPiece =
  | { readonly type: "text"; readonly text: string }
  /** `name` in lower case; whether somebody is called so is for others to say. */
  | { readonly type: "call"; readonly text: string; readonly name: string }
  | { readonly type: "shortcode"; readonly text: string; readonly name: string }

/**
 * A call, as the server reads it (`core/mentions.ts`), or the name of an emoji between colons.
 * No lookaround runs over more than two characters, so a text is read once, whatever it is.
 */
const PIECE =
  /(?<![\p{L}\p{M}\p{N}@/+%]|[\p{L}\p{M}\p{N}][_.-])@([A-Za-z0-9_.-]+)(?![\p{L}\p{M}\p{N}_.@-])|(?<![\p{L}\p{N}:]):([a-z0-9_+-]{1,50}):(?![\p{L}\p{N}:])/gu

/** Finds calls and shortcodes. The texts of all pieces, put together, are the text. */
export function splitText(text: string): readonly TextPiece[] {
  if (!text.includes("@") && !text.includes(":")) return [{ type: "text", text }]
  const pieces: TextPiece[] = []
  let end = 0
  for (const found of text.matchAll(PIECE)) {
    const [whole, called, shortcode = ""] = found
    if (found.index > end) pieces.push({ type: "text", text: text.slice(end, found.index) })
    // A sentence may end behind a name.
    const name = called?.replace(/[.-]+$/, "")
    const said = name === undefined ? whole : `@${name}`
    if (name === undefined) pieces.push({ type: "shortcode", text: said, name: shortcode })
    else pieces.push({ type: "call", text: said, name: name.toLowerCase() })
    end = found.index + said.length
  }
  if (end < text.length) pieces.push({ type: "text", text: text.slice(end) })
  return pieces
}
