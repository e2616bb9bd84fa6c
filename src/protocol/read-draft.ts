import type { DraftExtras, MessageDraft } from "./commands"
import { asMessageId, asUploadId, type RoomId } from "./ids"
import type { SendMessageBody } from "./message-requests"

/** What somebody asks to be sent, in Parley's own words. */
export function readDraft(roomId: RoomId, body: SendMessageBody): MessageDraft {
  const { content, type, client_id = null, metadata = null } = body
  const draft = { roomId, content, type, clientId: client_id, metadata }
  const extras = readExtras(body)
  return extras === null ? draft : { ...draft, extras }
}

/** Null: it is a plain message. */
function readExtras(body: SendMessageBody): DraftExtras | null {
  const { reply_to, thread_id, attachment_ids, expires_at, link_previews } = body
  const attachmentIds = attachment_ids ?? []
  const hidesLinkPreviews = link_previews === false
  const isPlain = !reply_to && !thread_id && attachmentIds.length === 0 && !expires_at
  if (isPlain && !hidesLinkPreviews) return null
  return {
    replyTo: reply_to ? asMessageId(reply_to) : null,
    threadId: thread_id ? asMessageId(thread_id) : null,
    attachmentIds: attachmentIds.map(asUploadId),
    expiresAt: expires_at ? Date.parse(expires_at) : null,
    ...(hidesLinkPreviews ? { hidesLinkPreviews } : {}),
  }
}
