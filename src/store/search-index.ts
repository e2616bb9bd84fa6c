import type { MessageNumericId } from "../protocol/ids"
import { asMessageNumericId } from "../protocol/ids"
import { SEQS_PER_ROOM } from "../protocol/message-id"
import type { Script, Statement } from "./script"

/**
 * Where a message stands in the index: rooms one after the other, and in each room the newest
 * message first, since both databases walk through an index fastest in its own order. The same
 * function leads back.
 */
export const searchKey = (numericId: MessageNumericId): MessageNumericId => {
  const place = numericId % SEQS_PER_ROOM
  return asMessageNumericId(numericId - place + (SEQS_PER_ROOM - 1 - place))
}

/** Words that are to stand side by side, in this order. */
export type Phrase = readonly string[]

export interface IndexEntry {
  readonly key: MessageNumericId
  readonly terms: readonly string[]
}

export interface IndexKey {
  readonly key: MessageNumericId
}

/** The index of words as one database has it; what is written once stands in `search.ts`. */
export interface SearchIndex {
  /** Messages with all of the phrases, for the statements below. */
  expression(phrases: readonly Phrase[]): string
  /** Any of those that there are: `expression`, `limit`. */
  readonly find: Statement<IndexKey>
  /** In the order of their keys: `expression`, `from`, `until` (both with it), `limit`. */
  readonly findBetween: Statement<IndexKey>
  /** Takes the place of what the index holds of these messages. In the order of their keys. */
  put(entries: readonly IndexEntry[]): Script<void>
}
