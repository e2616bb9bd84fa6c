import type { DraftExtras, MessageDraft } from "../protocol/commands"
import { isWebAddress } from "../protocol/web-address"
import type { ChatSettings } from "./deps"

/**
 * What is wrong with a message's content, or null. Shape was checked at the edge; this is what
 * depends on settings and on the type. `messageCharsMax` counts code points.
 */
export function contentProblem(
  { type, content, extras }: Pick<MessageDraft, "type" | "content" | "extras">,
  { messageCharsMax }: Pick<ChatSettings, "messageCharsMax">,
): string | null {
  // A code point is one or two code units, so most texts are decided without counting.
  if (messageCharsMax > 0 && content.length > messageCharsMax) {
    const isTooLong = content.length > messageCharsMax * 2 || [...content].length > messageCharsMax
    if (isTooLong) return `must have at most ${messageCharsMax} characters`
  }
  if (hasFiles(extras)) return null
  // Clients put these into `src` and `href`: a script address must never get that far.
  if ((type === "image" || type === "file") && !isWebAddress(content)) {
    return "must be an http or https URL, or a path on this server"
  }
  return null
}

/** The shape of what is sent says as much; what is changed is looked at as a whole. */
export const emptyProblem = ({
  content,
  extras,
}: Pick<MessageDraft, "content" | "extras">): string | null =>
  content === "" && (extras?.attachmentIds.length ?? 0) === 0
    ? "must not be empty, but beside attachments"
    : null

/** Of such a message the content is a caption, or nothing. */
const hasFiles = (extras: DraftExtras | undefined): boolean =>
  extras !== undefined &&
  (extras.attachmentIds.length > 0 || (extras.forwarded?.attachments.length ?? 0) > 0)
