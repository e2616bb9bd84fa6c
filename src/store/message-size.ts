import type { MessageDraft } from "../protocol/commands"

/** What tells of a message has, besides what its author wrote: ids, names and times. */
const AROUND_CHARS = 256

/** About how many characters tell of a message. */
export const charsOf = ({
  content,
  metadata,
}: Pick<MessageDraft, "content" | "metadata">): number =>
  AROUND_CHARS + content.length + (metadata === null ? 0 : JSON.stringify(metadata).length)
