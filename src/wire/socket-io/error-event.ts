import type { ErrorCode } from "../../protocol/errors"
import type { Instant } from "../../protocol/ids"
import { isoTime } from "../../protocol/present"

/** Clients of the namespace know these statuses and no others. */
type StatusCode = 400 | 401 | 403 | 404 | 429 | 500

const STATUS_OF = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  banned: 403,
  muted: 403,
  not_found: 404,
  room_not_found: 404,
  message_not_found: 404,
  user_not_found: 404,
  invite_not_found: 404,
  upload_not_found: 404,
  method_not_allowed: 400,
  conflict: 400,
  room_full: 403,
  room_limit: 403,
  payload_too_large: 400,
  rate_limited: 429,
  internal: 500,
  overloaded: 500,
} as const satisfies Record<ErrorCode, StatusCode>

/** A failure as the event `error` tells it: both protocols of the namespace read this shape. */
export interface ErrorPayload {
  readonly success: false
  readonly error: string
  readonly message: string
  readonly statusCode: StatusCode
  readonly timestamp: string
}

/** `text`: the error in the protocol's words. */
export const errorPayload = (
  code: ErrorCode,
  { text, at }: { readonly text: string; readonly at: Instant },
): ErrorPayload => ({
  success: false,
  error: text,
  message: text,
  statusCode: STATUS_OF[code],
  timestamp: isoTime(at),
})
