import type { LinkPreview, Message, MessageExtras } from "../protocol/entities"
import { LIMITS } from "../protocol/limits"

/**
 * An address ends where a space, a quote or an angle bracket begins. What stands before it must
 * not make it a longer word (`xhttp://…`); a `<` does not, and is remembered with it.
 */
const ADDRESS = /(<?)(?<![\w+.-])(https?:\/\/[^\s<>"`\p{Cc}\p{Cf}]+)(>?)/giu

/** What more likely ends the sentence than the address. */
const ENDS_A_SENTENCE = /[.,;:!?'*~]$/

const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" }

/**
 * The http and https addresses of a text as they stand there, each once, the first
 * `LIMITS.linkPreviewsPerMessageMax` of them. Not those in angle brackets (`<https://…>`), by
 * which writers say that they want no preview, and none with a user name or a password in it.
 */
export function linksIn(text: string): readonly string[] {
  const links = new Set<string>()
  for (const [, before, found = "", after] of text.matchAll(ADDRESS)) {
    if (before === "<" && after === ">") continue
    const link = withoutSentence(found)
    if (!isLookedAt(link)) continue
    links.add(link)
    if (links.size === LIMITS.linkPreviewsPerMessageMax) break
  }
  return [...links]
}

/** `(see https://a.example/b_(c)).` means `https://a.example/b_(c)`. */
function withoutSentence(found: string): string {
  const counts = countBrackets(found)
  let end = found.length
  for (;;) {
    const last = found.charAt(end - 1)
    const opening = BRACKETS[last]
    const isSurplus = opening !== undefined && count(counts, last) > count(counts, opening)
    if (!isSurplus && !ENDS_A_SENTENCE.test(last)) return found.slice(0, end)
    if (isSurplus) counts.set(last, count(counts, last) - 1)
    end--
  }
}

// Counted once and not at each step: who sends thousands of brackets must not keep us busy.
function countBrackets(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    counts.set(bracket, count(counts, bracket) + 1)
  }
  return counts
}

const count = (counts: ReadonlyMap<string, number>, bracket: string) => counts.get(bracket) ?? 0

function isLookedAt(link: string): boolean {
  if (link.length > LIMITS.addressCharsMax || !URL.canParse(link)) return false
  const { username, password } = new URL(link)
  return username === "" && password === ""
}

/** The addresses of which a message is to show previews; none where its sender wants none. */
export function linksToShow({ content, extras }: Pick<Message, "content" | "extras">) {
  // Nearly every message ends here, and pays for no more than this.
  if (!content.includes("://") || extras?.hidesLinkPreviews === true) return []
  return linksIn(content)
}

/**
 * What a message has besides a text after its text has become `content`: previews of addresses
 * that are gone from it go too, and the others stay in the order of the new text.
 */
export function keepLinkPreviews(
  extras: MessageExtras | null,
  content: string,
): MessageExtras | null {
  if (extras === null || extras.linkPreviews.length === 0) return extras
  const links = linksToShow({ content, extras })
  return { ...extras, linkPreviews: previewsOf(links, extras.linkPreviews) }
}

/** Those of the links, in their order. */
export const previewsOf = (
  links: readonly string[],
  previews: readonly LinkPreview[],
): readonly LinkPreview[] => links.flatMap((link) => previews.find(({ url }) => url === link) ?? [])
