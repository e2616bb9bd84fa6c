import type { MessageExtras } from "./entities"

/** Characters of JSON: many reactions take far more of them than the text that they are to. */
export const extrasChars = (extras: MessageExtras | null): number =>
  extras === null ? 0 : JSON.stringify(extras).length
