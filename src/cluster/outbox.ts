import { envelopeStart, sealEnvelope } from "./envelope"
import type { NodeId } from "./link"

export interface OutboxDeps {
  readonly node: NodeId
  /** False: it goes nowhere, and is lost. */
  readonly send: (channel: string, text: string, wordCount: number) => boolean
}

interface Batch {
  readonly channel: string
  readonly isForAll: boolean
  readonly words: string[]
  chars: number
}

/** A subscriber reads one of these at a time, and nothing else meanwhile. */
const BATCH_CHARS_MAX = 64 * 1024

/**
 * Gathers what is told in one turn of the event loop. Consecutive words to one channel leave
 * together; those to several leave in the order in which they were told, for a `room.removed`
 * must not overtake what was said in the room before it.
 */
export function createOutbox({ node, send }: OutboxDeps) {
  const start = envelopeStart(node)
  let open: Batch | null = null
  let isDue = false
  let number = 0
  let lastForAll = 0

  function put(channel: string, word: string, isForAll: boolean): void {
    if (open !== null && (open.channel !== channel || open.chars > BATCH_CHARS_MAX)) flush()
    open ??= { channel, isForAll, words: [], chars: 0 }
    open.words.push(word)
    open.chars += word.length
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      flush()
    })
  }

  function flush(): void {
    if (open === null) return
    const { channel, isForAll, words } = open
    open = null
    number++
    const text = sealEnvelope(start, { number, before: isForAll ? lastForAll : null, words })
    if (isForAll) lastForAll = number
    if (!send(channel, text, words.length)) wasLost()
  }

  /**
   * Something did not get through. What goes to everybody next follows a number that nobody has
   * heard, and so all notice.
   */
  function wasLost(): void {
    number++
    lastForAll = number
  }

  return { put, flush, wasLost }
}
