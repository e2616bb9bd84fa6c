/** The payload of an event whose text was too large to be read. */
export const OVERSIZED = Symbol("oversized")
