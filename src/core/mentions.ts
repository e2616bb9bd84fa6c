import { LIMITS } from "../protocol/limits"

/** `@room` calls everybody in it, so nobody of that name is called one by one. */
export const CALL_OF_EVERYBODY = "room"

/**
 * `@` and what a username is made of, with nothing of a word, of an address or of a path right
 * before it, and neither a word nor another `@` right behind it. No lookahead runs over more than
 * one character, and a name holds no `@`: texts are read once, whatever they are.
 */
const CALL =
  /(?<![\p{L}\p{M}\p{N}@/+%]|[\p{L}\p{M}\p{N}][_.-])@([A-Za-z0-9_.-]+)(?![\p{L}\p{M}\p{N}_.@-])/gu

const MAY_CALL = new RegExp(CALL.source, "u")

const NAME = /^[a-z0-9_.-]{2,32}$/

/**
 * Whether anybody might be called: nearly no text has a call in it, and this is asked of each.
 * Says no only where `readCalls` finds nobody.
 */
export const mayCall = (content: string): boolean => content.includes("@") && MAY_CALL.test(content)

/**
 * Whom a text calls: their names in lower case, each once, in the order of the text; the first
 * ones, up to `LIMITS.mentionsPerMessageMax`. Whether they are there is for others to say.
 */
export function readCalls(content: string): readonly string[] {
  const names = new Set<string>()
  if (!content.includes("@")) return []
  for (const [, word = ""] of content.matchAll(CALL)) {
    // A sentence may end behind a name.
    const name = word.replace(/[.-]+$/, "").toLowerCase()
    if (NAME.test(name)) names.add(name)
    if (names.size === LIMITS.mentionsPerMessageMax) break
  }
  return [...names]
}
