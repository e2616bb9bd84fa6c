import type { ChatError, ErrorCode } from "../../protocol/errors"

/**
 * Every error in the words of the document's table, which clients compare. Two it only describes
 * have words of their own (`rate limit exceeded`, `room limit exceeded`), and the server's own
 * trouble has, for which it knows none.
 */
const TEXTS = {
  invalid_request: "invalid message",
  payload_too_large: "invalid message",
  method_not_allowed: "invalid message",
  unauthorized: "unauthorized",
  forbidden: "unauthorized",
  banned: "unauthorized",
  muted: "unauthorized",
  room_not_found: "room not found",
  user_not_found: "user not found",
  room_full: "room is full",
  // The one thing that can be taken here: the place of who is in the room already.
  conflict: "user already in room",
  room_limit: "room limit exceeded",
  rate_limited: "rate limit exceeded",
  not_found: "not found",
  message_not_found: "not found",
  invite_not_found: "not found",
  upload_not_found: "not found",
  internal: "internal error",
  overloaded: "server overloaded",
} as const satisfies Record<ErrorCode, string>

/** As the frame `error` says it: in words, and with the code that every protocol shares. */
export interface ErrorData {
  readonly message: (typeof TEXTS)[ErrorCode]
  readonly code: ErrorCode
}

/** What is hidden from who asks is no secret here, but not for them. */
export const errorData = ({ code, isHidden }: ChatError): ErrorData =>
  isHidden ? { message: TEXTS.forbidden, code: "forbidden" } : { message: TEXTS[code], code }
