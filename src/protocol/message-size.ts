import type { MessageExtras } from "./entities"

/** Characters of JSON: many reactions take far more of them than the text that they are to. */
export const extrasChars = (extras: MessageExtras | null): number =>
  extras === null ? 0 : JSON.stringify(extras).length

/**
 * About as many characters tell of a change of a message: one with all the reactions that it may
 * have has more, and a plain one fewer. With it, what is told in one turn stays within what a
 * listener takes.
 */
export const CHANGE_CHARS = 16 * 1024
