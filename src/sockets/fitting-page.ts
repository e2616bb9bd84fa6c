import type { HistoryRange } from "../protocol/commands"
import type { Message } from "../protocol/entities"
import { LIMITS } from "../protocol/limits"
import { extrasChars } from "../protocol/message-size"

/** A message without its text, with its names. */
const AROUND_CHARS = 700

/**
 * As much of a part of a room's history as one answer tells (`LIMITS.answerCharsMax`), one message
 * at least: those next to the place that was asked for, so that a client can go on from them. A
 * larger answer would be more than may wait for a socket, and close it, each time it is asked for.
 */
export function fittingPage(
  messages: readonly Message[],
  { after, around }: HistoryRange,
): readonly Message[] {
  if (messages.reduce((sum, it) => sum + charsAtMost(it), 0) <= LIMITS.answerCharsMax) {
    return messages
  }
  const distance = ({ seq }: Message) => {
    if (around !== undefined) return Math.abs(seq - around)
    return after === undefined ? -seq : seq
  }
  const fitting = new Set<Message>()
  let chars = 0
  for (const message of messages.toSorted((a, b) => distance(a) - distance(b))) {
    chars += charsOf(message)
    if (chars > LIMITS.answerCharsMax && fitting.size > 0) break
    fitting.add(message)
  }
  return messages.filter((it) => fitting.has(it))
}

/** Without looking at the text, of which one character may become six. */
const charsAtMost = (message: Message): number =>
  message.metadata === null && message.extras === null
    ? AROUND_CHARS + 6 * message.content.length
    : charsOf(message)

function charsOf({ content, metadata, extras }: Message): number {
  const data = metadata === null ? 0 : JSON.stringify(metadata).length
  return AROUND_CHARS + JSON.stringify(content).length + data + extrasChars(extras)
}
