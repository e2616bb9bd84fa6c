import type { MessageDraft } from "../protocol/commands"
import { CHANGE_CHARS } from "../protocol/message-size"

/** What tells of a message has, besides what its author wrote: ids, names and times. */
const AROUND_CHARS = 256

/** About how many characters tell of a message, and of the beginning of its thread. */
export const charsOf = ({ content, metadata, extras }: MessageDraft): number =>
  AROUND_CHARS +
  content.length +
  (metadata === null ? 0 : JSON.stringify(metadata).length) +
  (extras === undefined || extras.threadId === null ? 0 : CHANGE_CHARS)
