import type { MarkedToken, Token, Tokens } from "marked"
import type { ComponentChild, ComponentChildren } from "preact"
import { personName } from "../state/names"
import { t } from "../strings"
import { CodeBlock } from "./code-block"
import { isKnownToken } from "./parse-markdown"
import { isMisleading, safeLink } from "./safe-link"
import { splitText } from "./split-text"

/** What of a person a call of them shows. */
export interface CalledPerson {
  readonly id: string
  readonly username: string
  readonly display_name: string | null
}

/** What a text says depends on. */
export interface TextContext {
  /** Whom it calls, as the server says: ids, or `room` for everybody. */
  readonly mentions: readonly string[]
  /** By name in lower case. */
  readonly people: ReadonlyMap<string, CalledPerson>
  readonly myId: string | null
  /** Emoji by shortcode; null while they are not known. */
  readonly emoji: ReadonlyMap<string, string> | null
  /** On one line, as a quote shows it: no blocks. */
  readonly isInline: boolean
}

/** Deeper than this, what is said is shown as it stands. */
const depthMax = 16

/**
 * Tokens as elements, and never as HTML: what a text says becomes the children of a fixed set of
 * elements, and of their attributes only `href` of a link, which is checked, comes from it.
 */
export function renderMarkdown(
  tokens: readonly Token[],
  context: TextContext,
  depth = 0,
): ComponentChildren {
  return tokens.map((token) => {
    if (!isKnownToken(token) || depth > depthMax) return token.raw
    return context.isInline
      ? renderOnOneLine(token, context, depth)
      : renderToken(token, context, depth)
  })
}

type Render = (tokens: readonly Token[] | undefined) => ComponentChildren

function renderToken(token: MarkedToken, context: TextContext, depth: number): ComponentChild {
  const inside: Render = (tokens) => renderMarkdown(tokens ?? [], context, depth + 1)
  switch (token.type) {
    case "paragraph":
      return <p>{inside(token.tokens)}</p>
    case "heading":
      // No heading to whoever listens: the page is not about what a message shouts.
      return (
        <p class={`markdown-heading markdown-heading-${token.depth}`}>{inside(token.tokens)}</p>
      )
    case "blockquote":
      return <blockquote>{inside(token.tokens)}</blockquote>
    case "code":
      return <CodeBlock code={token.text} language={languageOf(token)} />
    case "list":
      return renderList(token, inside)
    case "table":
      return renderTable(token, inside)
    case "hr":
      return <hr />
    case "space":
      return null
    default:
      return renderInline(token, context, inside)
  }
}

/** Without blocks: their content, one after the other. */
function renderOnOneLine(token: MarkedToken, context: TextContext, depth: number): ComponentChild {
  const inside: Render = (tokens) => renderMarkdown(tokens ?? [], context, depth + 1)
  switch (token.type) {
    case "paragraph":
    case "heading":
    case "blockquote":
    case "list_item":
      return [inside(token.tokens), " "]
    case "list":
      return inside(token.items)
    case "table":
      return [token.header, ...token.rows].flat().map((cell) => [inside(cell.tokens), " "])
    case "code":
      return [<code>{token.text}</code>, " "]
    case "space":
    case "hr":
    case "br":
      return " "
    default:
      return renderInline(token, context, inside)
  }
}

function renderInline(token: MarkedToken, context: TextContext, inside: Render): ComponentChild {
  switch (token.type) {
    case "strong":
      return <strong>{inside(token.tokens)}</strong>
    case "em":
      return <em>{inside(token.tokens)}</em>
    case "del":
      return <del>{inside(token.tokens)}</del>
    case "codespan":
      return <code>{token.text}</code>
    case "br":
      return <br />
    case "link":
      return renderLink(token, inside(token.tokens))
    case "image":
      // Shown as a link: a picture from elsewhere would tell its server who reads this.
      return renderLink(token, token.text || token.href)
    case "checkbox":
      return <input type="checkbox" disabled checked={token.checked} aria-label={t().text.task} />
    case "escape":
      return token.text
    case "text":
      if (token.tokens !== undefined) return inside(token.tokens)
      return splitText(token.text).map((piece) => renderPiece(piece, context))
    default:
      return token.raw
  }
}

function renderPiece(
  piece: ReturnType<typeof splitText>[number],
  context: TextContext,
): ComponentChild {
  switch (piece.type) {
    case "text":
      return piece.text
    case "shortcode":
      return context.emoji?.get(piece.name) ?? piece.text
    case "call":
      return renderCall(piece.text, piece.name, context)
  }
}

/** Looks like a call only where the server took it for one: else nobody was told. */
function renderCall(text: string, name: string, context: TextContext): ComponentChild {
  if (name === "room") {
    if (!context.mentions.includes("room")) return text
    return <span class="mention mention-me">{text}</span>
  }
  const person = context.people.get(name)
  if (person === undefined) {
    const known = new Set([...context.people.values()].map(({ id }) => id))
    const isOfStranger = context.mentions.some((id) => id !== "room" && !known.has(id))
    return isOfStranger ? <span class="mention">{text}</span> : text
  }
  if (!context.mentions.includes(person.id)) return text
  return (
    <span
      class={person.id === context.myId ? "mention mention-me" : "mention"}
      title={`@${person.username}`}
    >
      @{personName(person)}
    </span>
  )
}

type Named = Pick<Tokens.Link, "href" | "text" | "raw">

/** Where it may not lead, it is shown as it was written. */
function renderLink({ href: address, text: label, raw }: Named, children: ComponentChildren) {
  const href = safeLink(address)
  if (href === null || isMisleading(label, href)) return raw
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

function renderList(token: Tokens.List, inside: Render): ComponentChild {
  const items = token.items.map((item) => (
    <li class={item.task ? "markdown-task" : undefined}>{inside(item.tokens)}</li>
  ))
  return token.ordered ? <ol start={Number(token.start)}>{items}</ol> : <ul>{items}</ul>
}

/** It may be wider than the message, and must be scrolled without a mouse too. */
const scrollable = { tabIndex: 0, role: "region" } as const

function renderTable(token: Tokens.Table, inside: Render): ComponentChild {
  const row = (cells: readonly Tokens.TableCell[], Cell: "th" | "td") => (
    <tr>
      {cells.map((cell) => (
        <Cell class={cell.align === null ? undefined : `markdown-${cell.align}`}>
          {inside(cell.tokens)}
        </Cell>
      ))}
    </tr>
  )
  return (
    <div class="markdown-table" aria-label={t().text.table} {...scrollable}>
      <table>
        <thead>{row(token.header, "th")}</thead>
        <tbody>{token.rows.map((cells) => row(cells, "td"))}</tbody>
      </table>
    </div>
  )
}

const languageOf = (token: Tokens.Code): string => /^[\w+#-]+/.exec(token.lang ?? "")?.[0] ?? ""
