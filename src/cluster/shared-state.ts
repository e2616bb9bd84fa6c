import type { Link, NodeId } from "./link"
import { TELL_COUNTS_MS } from "./timing"

/** The most that one word holds: what is larger comes in several. */
const ENTRIES_PER_WORD = 1_000

/** What of a link it takes. */
export type StateLink = Pick<Link, "others" | "tell" | "hear" | "tellNode" | "on">

export interface SharedStateOptions<Key, Entry> {
  readonly link: StateLink
  /** Each state has one of its own. */
  readonly topic: string
  /** Of what another node told. Written by hand: a schema costs ten times what all the rest does. */
  readonly isEntry: (value: unknown) => value is Entry
  /** How it is with this key on this node now; also where there is nothing left of it. */
  readonly entryOf: (key: Key) => Entry
  /** All of which there is something on this node. */
  readonly keys: () => Iterable<Key>
  /** So it is on that node. `isFresh`: whatever it told before is void. */
  readonly heard: (from: NodeId, entries: readonly Entry[], isFresh: boolean) => void
}

export interface SharedState<Key> {
  /** It has changed here: the others are told within `TELL_COUNTS_MS`, if it goes on or not. */
  changed(key: Key): void
  /** Tells what has changed, now. */
  flush(): void
  /** Tells what has changed, and nothing more. */
  stop(): void
}

/**
 * What each node says of itself, by key, known to all others a moment later. Told is how it is
 * and not by how much it changed, so a word that is lost does no harm once the next has come, and
 * one that comes twice none at all. Who has just come, or has missed something, asks for all of it.
 * A word that is not understood comes from a node of another version: it counts as not heard.
 */
export function createSharedState<Key, Entry>(
  options: SharedStateOptions<Key, Entry>,
): SharedState<Key> {
  const { link, topic, entryOf, isEntry, heard } = options
  const pending = new Set<Key>()
  let timer: Timer | undefined
  let isStopped = false

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const entries = [...pending].map(entryOf)
    pending.clear()
    for (const some of inParts(entries)) {
      link.tell(topic, { type: "state", isFresh: false, entries: some } satisfies Word<Entry>)
    }
  }

  function answer(node: NodeId): void {
    // What was about to be told is in it, too.
    const parts = inParts([...options.keys()].map(entryOf))
    if (parts.length === 0) parts.push([])
    for (const [index, entries] of parts.entries()) {
      const word: Word<Entry> = { type: "state", isFresh: index === 0, entries }
      link.tellNode(node, topic, word)
    }
  }

  link.hear(topic, (said, from) => {
    const word = readWord(said, isEntry)
    if (word === null) return
    if (word.type === "ask") answer(from)
    else heard(from, word.entries, word.isFresh)
  })
  link.on({
    nodeJoined: (node) => link.tellNode(node, topic, ASK),
    missed: (node) => (node === null ? link.tell(topic, ASK) : link.tellNode(node, topic, ASK)),
  })
  // Who joined before this was listened for.
  if (link.others.size > 0) link.tell(topic, ASK)

  return {
    changed(key) {
      if (isStopped) return
      pending.add(key)
      timer ??= setTimeout(flush, TELL_COUNTS_MS)
    },
    flush,
    stop() {
      isStopped = true
      flush()
    },
  }
}

type Word<Entry> =
  | { readonly type: "ask" }
  | { readonly type: "state"; readonly isFresh: boolean; readonly entries: readonly Entry[] }

const ASK: Word<never> = { type: "ask" }

/** Null: it is no word of this language. */
function readWord<Entry>(
  said: unknown,
  isEntry: (value: unknown) => value is Entry,
): Word<Entry> | null {
  if (typeof said !== "object" || said === null || !("type" in said)) return null
  if (said.type === "ask") return ASK
  if (said.type !== "state" || !("isFresh" in said) || !("entries" in said)) return null
  const { isFresh, entries } = said
  if (typeof isFresh !== "boolean" || !Array.isArray(entries) || !entries.every(isEntry))
    return null
  return { type: "state", isFresh, entries }
}

/** What is counted by: a number, or a text. */
export const isKey = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number"

export const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0

function inParts<Entry>(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = []
  for (let from = 0; from < entries.length; from += ENTRIES_PER_WORD) {
    parts.push(entries.slice(from, from + ENTRIES_PER_WORD))
  }
  return parts
}
