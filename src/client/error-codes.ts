import type { ERRORS, ErrorCode } from "../protocol/errors"

/**
 * The server's codes, and whether the same request may succeed later. Without the words of its
 * table, which are not shown to anybody; that the rest is the same is checked by its types.
 */
const IS_RETRYABLE: { readonly [Code in ErrorCode]: (typeof ERRORS)[Code]["retryable"] } = {
  invalid_request: false,
  unauthorized: false,
  forbidden: false,
  banned: false,
  muted: false,
  not_found: false,
  room_not_found: false,
  message_not_found: false,
  user_not_found: false,
  invite_not_found: false,
  upload_not_found: false,
  method_not_allowed: false,
  conflict: false,
  room_full: true,
  room_limit: false,
  payload_too_large: false,
  rate_limited: true,
  internal: true,
  overloaded: true,
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(IS_RETRYABLE, code)

export const isRetryable = (code: ErrorCode): boolean => IS_RETRYABLE[code]
