import { decodeHTML, decodeHTMLAttribute } from "entities"
import type { LinkPreview } from "../protocol/entities"
import { LIMITS } from "../protocol/limits"

/** What a page says of itself, to whoever shares its address. */
export type Description = Omit<LinkPreview, "url">

/** Names of `<meta>`, the first ones first: Open Graph, Twitter's cards, plain HTML. */
const TITLES = ["og:title", "twitter:title"]
const DESCRIPTIONS = ["og:description", "twitter:description", "description"]
const SITE_NAMES = ["og:site_name"]
const WANTED: ReadonlySet<string> = new Set([...TITLES, ...DESCRIPTIONS, ...SITE_NAMES])

/**
 * Reads a page as far as it came. Null: it has no title. What it holds is text of strangers: the
 * result is plain text, on one line, of bounded length, and nothing in it turns what stands
 * beside it around.
 */
export function describe(bytes: Uint8Array, charset: string | null): Description | null {
  const { metas, title } = look(decode(bytes, charset))
  const firstOf = (names: readonly string[]) =>
    names.map((name) => metas.get(name)).find((it) => it !== undefined && it !== "")
  const { linkPreviewTitleCharsMax, linkPreviewDescriptionCharsMax } = LIMITS
  const shownTitle = firstOf(TITLES) ?? title
  if (shownTitle === "") return null
  return {
    title: shorten(shownTitle, linkPreviewTitleCharsMax),
    description: shortenOrNull(firstOf(DESCRIPTIONS), linkPreviewDescriptionCharsMax),
    siteName: shortenOrNull(firstOf(SITE_NAMES), linkPreviewTitleCharsMax),
  }
}

function look(html: string) {
  const metas = new Map<string, string>()
  const titles: string[] = []
  let titlesBegun = 0
  new HTMLRewriter()
    .on("meta", {
      element(meta) {
        const name = (meta.getAttribute("property") ?? meta.getAttribute("name") ?? "")
          .trim()
          .toLowerCase()
        const content = meta.getAttribute("content")
        if (content === null || !WANTED.has(name) || metas.has(name)) return
        metas.set(name, tidy(decodeHTMLAttribute(content)))
      },
    })
    .on("title", {
      element() {
        titlesBegun++
      },
      text({ text }) {
        // Later ones are those of pictures.
        if (titlesBegun === 1) titles.push(text)
      },
    })
    .transform(html)
  return { metas, title: tidy(decodeHTML(titles.join(""))) }
}

/** How much of a page is looked at for its encoding, as browsers do. */
const CHARSET_WITHIN_BYTES = 1024

function decode(bytes: Uint8Array, charset: string | null): string {
  const bom = [
    { label: "utf-8", mark: [0xef, 0xbb, 0xbf] },
    { label: "utf-16le", mark: [0xff, 0xfe] },
    { label: "utf-16be", mark: [0xfe, 0xff] },
  ].find(({ mark }) => mark.every((byte, index) => bytes[index] === byte))
  return decoderOf(bom?.label ?? charset ?? declaredCharset(bytes) ?? "utf-8").decode(bytes)
}

/** By `<meta charset>` or `<meta http-equiv="content-type">`, which are ASCII in all encodings. */
function declaredCharset(bytes: Uint8Array): string | null {
  let declared: string | null = null
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, CHARSET_WITHIN_BYTES))
  new HTMLRewriter()
    .on("meta[charset]", {
      element: (meta) => {
        declared ??= meta.getAttribute("charset")
      },
    })
    .on("meta[http-equiv]", {
      element: (meta) => {
        declared ??= /charset\s*=\s*([\w-]+)/i.exec(meta.getAttribute("content") ?? "")?.[1] ?? null
      },
    })
    .transform(start)
  return declared
}

function decoderOf(label: string) {
  try {
    // The types know a few of the labels; any other one throws, and is then none.
    return new TextDecoder(label as Bun.Encoding)
  } catch {
    return new TextDecoder()
  }
}

/**
 * One line without what cannot be seen: control characters, and those of format, by which text
 * turns around (bidi) or hides. U+200D stays, of which emoji are made.
 */
const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?![\u200d\s])[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, "")
    .replace(/\s+/gu, " ")
    .trim()

function shorten(text: string, charsMax: number): string {
  const chars = [...text]
  return chars.length <= charsMax
    ? text
    : `${chars
        .slice(0, charsMax - 1)
        .join("")
        .trimEnd()}…`
}

const shortenOrNull = (text: string | undefined, charsMax: number): string | null =>
  text === undefined ? null : shorten(text, charsMax)
