import type { ChatError, ErrorCode } from "../../protocol/errors"

/** Where a text is the document's; elsewhere it is the error's own. */
const OWN = null

const TEXTS = {
  invalid_request: OWN,
  unauthorized: "Unauthorized",
  forbidden: OWN,
  banned: OWN,
  muted: OWN,
  not_found: OWN,
  room_not_found: "Conversation not found",
  message_not_found: OWN,
  user_not_found: OWN,
  invite_not_found: OWN,
  upload_not_found: OWN,
  method_not_allowed: OWN,
  conflict: OWN,
  room_full: OWN,
  room_limit: OWN,
  payload_too_large: OWN,
  rate_limited: OWN,
  internal: OWN,
  overloaded: OWN,
} as const satisfies Record<ErrorCode, string | null>

/** The error in the words of the document: of fields, each with what is wrong of it. */
export function textOf(error: ChatError): string {
  if (error.isHidden) return "Unauthorized to join this conversation"
  if (error.problems.length === 0) return TEXTS[error.code] ?? error.message
  return error.problems.map(({ path, message }) => `${path} ${message}`).join(", ")
}
