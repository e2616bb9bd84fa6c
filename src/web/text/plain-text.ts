import type { Token } from "marked"
import { isKnownToken, parseMarkdown } from "./parse-markdown"

/** As much as one line on a wide screen shows. */
const charsMax = 200

/**
 * What a message says, on one line and without marks: for lists of rooms and for notifications.
 * Cut behind 200 code points, with an ellipsis. Empty where a message says nothing.
 */
export function plainText(markdown: string): string {
  // Not more is parsed than may be shown: marks take a share of it.
  const beginning = markdown.slice(0, charsMax * 5)
  const line = parseMarkdown(beginning).map(textOf).join(" ").replace(/\s+/g, " ").trim()
  const chars = [...line]
  return chars.length > charsMax ? `${chars.slice(0, charsMax - 1).join("")}…` : line
}

function textOf(token: Token): string {
  if (!isKnownToken(token)) return token.raw
  switch (token.type) {
    case "space":
    case "br":
    case "hr":
    case "checkbox":
      return " "
    case "code":
    case "codespan":
    case "escape":
      return token.text
    case "list":
      return token.items.map((item) => item.tokens.map(textOf).join("")).join(" ")
    case "table":
      return [token.header, ...token.rows]
        .flat()
        .map((cell) => cell.tokens.map(textOf).join(""))
        .join(" ")
    case "blockquote":
      return token.tokens.map(textOf).join(" ")
    case "text":
    case "paragraph":
    case "heading":
    case "strong":
    case "em":
    case "del":
    case "link":
      return token.tokens?.map(textOf).join("") ?? token.text
    default:
      return "text" in token ? token.text : token.raw
  }
}
