import { parseJson } from "../protocol/parse-json"
import type { NodeId } from "./link"

/**
 * What leaves a node in one piece: words of one turn of its event loop, to one channel. On the
 * wire it is the JSON array `[version, from, number, before, words]`.
 */
export interface Envelope {
  readonly from: NodeId
  /** Of all that this node has sent: each one's is greater than those before it. */
  readonly number: number
  /**
   * Of what goes to everybody: the number of what went to everybody before it. Who has heard
   * another one last has missed something. Null: this one goes only to some.
   */
  readonly before: number | null
  readonly words: readonly unknown[]
}

/**
 * Changes when the shape above does, and only then: nodes of two shapes do not hear each other.
 * New topics and new fields of words need no new version, as unknown ones are passed over.
 */
const WIRE_VERSION = 1

/** What everything that a node sends begins with, so that it knows its own without reading it. */
export const envelopeStart = (from: NodeId): string => `[${WIRE_VERSION},${JSON.stringify(from)},`

/** `start` is that of the node; the words are JSON already. */
export const sealEnvelope = (
  start: string,
  { number, before, words }: Omit<Envelope, "from" | "words"> & { words: readonly string[] },
): string => `${start}${number},${before},[${words.join(",")}]]`

const NODE_ID = /^[\w-]{1,64}$/

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0

/** Null: it is none, or one of another version. */
export function openEnvelope(text: string): Envelope | null {
  const parsed = parseJson(text)
  if (!Array.isArray(parsed) || parsed.length < 5) return null
  const [version, from, number, before, words]: readonly unknown[] = parsed
  if (version !== WIRE_VERSION || typeof from !== "string" || !NODE_ID.test(from)) return null
  if (!isNumber(number) || !(before === null || isNumber(before))) return null
  if (!Array.isArray(words)) return null
  // What the line above has found to be one.
  return { from: from as NodeId, number, before, words }
}
