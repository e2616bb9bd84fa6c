import type { ApiScheduledMessage } from "./answers"
import { NO_DRAFT_EXTRAS } from "./commands"
import { isoTime } from "./present"
import type { ScheduledMessage } from "./scheduled"

/** A message that is to be sent, in the words of Parley's own API: for its author's eyes. */
export function presentScheduled(scheduled: ScheduledMessage): ApiScheduledMessage {
  const { draft, failedCode } = scheduled
  const { replyTo, threadId, attachmentIds, expiresAt } = draft.extras ?? NO_DRAFT_EXTRAS
  return {
    id: scheduled.id,
    room_id: draft.roomId,
    type: draft.type,
    content: draft.content,
    ...(draft.clientId === null ? {} : { client_id: draft.clientId }),
    reply_to: replyTo,
    thread_id: threadId,
    attachment_ids: [...attachmentIds],
    metadata: draft.metadata,
    ...(expiresAt === null ? {} : { expires_at: isoTime(expiresAt) }),
    send_at: isoTime(scheduled.sendAt),
    created_at: isoTime(scheduled.createdAt),
    failed: failedCode === null ? null : { code: failedCode },
  }
}
